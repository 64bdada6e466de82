"""Invented people: names, identity numbers with valid check digits, schools. Always the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = (
    "晓雨",
    "子涵",
    "思远",
    "雨桐",
    "浩然",
    "梦琪",
    "俊杰",
    "欣怡",
    "博文",
    "佳宁",
    "志强",
    "丽娜",
    "文静",
    "建国",
    "䶮",
    "天佑",
    "㛃",
    "雪",
    "磊",
    "婷婷",
)
# The counties of 沧州 (GB/T 2260), in which the people were born.
COUNTIES = (
    "130902", "130903", "130921", "130922", "130923", "130924", "130925", "130926",
    "130927", "130928", "130929", "130930", "130981", "130982", "130983", "130984",
)  # fmt: skip
SCHOOLS = (
    "河北大学",
    "燕山大学",
    "河北工业大学",
    "南开大学",
    "天津大学",
    "北京交通大学",
    "河北师范大学",
    "石家庄铁道大学",
)
MAJORS = ("机械工程", "化学工程与技术", "计算机科学与技术", "会计学", "土木工程", "材料科学与工程", "法学", "临床医学")
STREETS = ("解放西路", "御河路", "浮阳大道", "永济路", "清池大道", "黄河路")
BANKS = ("中国建设银行", "中国工商银行", "中国农业银行", "沧州银行")


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist. ``degree`` is a code of GB/T 4658 (11 博士, 14 硕士, 21 本科)."""

    name: str
    number: str
    phone: str
    degree: str
    school: str
    major: str
    graduated_on: date
    address: str
    bank: str
    account: str
    rent: int


def identity_number(region: str, born: date, sequence: int) -> str:
    """A number that passes GB 11643; ``sequence`` 0-999, odd for men."""
    body = f"{region}{born:%Y%m%d}{sequence:03d}"
    return body + CHECK[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def luhn_account(prefix: str, serial: int) -> str:
    """A card number of 19 digits that passes ISO/IEC 7812."""
    body = f"{prefix}{serial:0{18 - len(prefix)}d}"
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body))]
    return body + str(-sum(d // 10 + d % 10 for d in doubled) % 10)


class Crowd:
    """An endless row of different people; ``first`` keeps several crowds apart."""

    def __init__(self, seed: int, today: date, first: int = 0) -> None:
        self.random, self.today, self.index = random.Random(seed), today, first  # noqa: S311

    def next(self) -> Invented:
        pick, self.index = self.random, self.index + 1
        degree = pick.choices(("11", "14", "21"), (1, 3, 6))[0]
        age = {"11": 29, "14": 26, "21": 23}[degree]
        graduated = date(self.today.year - pick.randint(1, 3), 6, 30)
        # The index goes through sequence, birthday and county: no two of 2,880,000 people share a number.
        born = date(graduated.year - age, 1, 1) + timedelta(days=self.index // 500 % 360)
        county = COUNTIES[self.index // 180_000 % len(COUNTIES)]
        return Invented(
            name=pick.choice(SURNAMES) + pick.choice(GIVEN),
            number=identity_number(county, born, self.index % 500 * 2 + pick.randint(0, 1)),
            phone=f"139{self.index:08d}",
            degree=degree,
            school=pick.choice(SCHOOLS),
            major=pick.choice(MAJORS),
            graduated_on=graduated,
            address=self._address(),
            bank=pick.choice(BANKS),
            account=luhn_account("62170000", self.index),
            rent=pick.randrange(800, 2600, 50),
        )

    def _address(self) -> str:
        pick = self.random
        street, house = pick.choice(STREETS), pick.randint(1, 200)
        return f"沧州市新华区{street}{house}号{pick.randint(1, 30)}号楼{pick.randint(101, 2804)}室"
