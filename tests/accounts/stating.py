"""Accounts that have said who they are, and nobody has checked it; and what people type into 补录用户信息."""

import uuid
from typing import Any

from django.test import Client

from accounts.enums import LegalPersonKind, UserKind
from accounts.hashes import phone_key
from accounts.models import RealNameRequest, StatedPerson, StatedUnit, User
from accounts.services.real_name_requests import ask_counter
from accounts.verifiers import Claim, Verdict
from tests.accounts.factories import COUNTY, OfficeFactory, UserFactory, claim, credit_code, id_number, phone_number
from workflow.lookup_keys import identity_key

PAGE = "/account/profile/real-name/"
RESULT = "/account/profile/real-name/result/"


def natural(n: int = 700, *, takes_number: bool = True, **facts: Any) -> User:
    """自然人注册: level 1, no person behind it."""
    number = facts.pop("number", id_number(n))
    user = UserFactory(stated=True, phone=phone_number(n), name="陈小河", **facts)
    StatedPerson.objects.create(
        user=user,
        document_kind="01",
        number=number,
        number_hash=identity_key(number),
        name="陈小河",
        phone=user.phone,
        phone_hash=phone_key(user.phone),
        sex="1",
    )
    claim(user, number=number if takes_number else "", phone=user.phone)
    return user


def legal(n: int = 800, **facts: Any) -> User:
    """法人注册: level 1, no organisation yet."""
    OfficeFactory(kind="county_hr")
    user = UserFactory(stated=True, kind=UserKind.UNIT, phone=phone_number(n), name="周经办")
    columns = {
        "kind": LegalPersonKind.ENTERPRISE,
        "name": f"沧州河畔{n}有限公司",
        "uscc": credit_code(n),
        "principal": "赵法人",
        "principal_number": id_number(n % 1000, "19700101"),
        "agent": "周经办",
        "agent_number": id_number(n % 1000, "19850505"),
        "region_id": COUNTY,
        "address": "河北省沧州市新华区解放西路1号",
    }
    StatedUnit.objects.create(user=user, **(columns | facts))
    claim(user, number=str(columns["agent_number"]), phone=user.phone)
    return user


def person_form(**changes: Any) -> dict[str, Any]:
    """As the page shows it: the number stays empty where it is known."""
    form = {
        "token": str(uuid.uuid4()),
        "name": "陈小河",
        "document_kind": "01",
        "number": "",
        "valid_from": "2020-01-01",
        "valid_until": "",
        "sex": "",
        "birth_date": "",
        "region": COUNTY,
    }
    return form | changes


def unit_form(user: User, **changes: Any) -> dict[str, Any]:
    stated = StatedUnit.objects.get(user=user)
    names = ("kind", "name", "uscc", "principal", "principal_document_kind", "address")
    form = {name: getattr(stated, name) for name in names}
    rest = {"token": str(uuid.uuid4()), "principal_number": "", "region": stated.region_id}
    return form | rest | changes


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def waiting_number() -> str:
    """What somebody shows at a counter who has registered and was not looked at yet."""
    request = RealNameRequest.objects.first() or ask_counter(natural(990))
    return request.number


class Interrupted:
    """Something happens to the account while the register is being asked."""

    key, label, notice = "demo", "", ""

    def __init__(self, happening: Any) -> None:
        self.happening = happening

    def takes(self, claim: Claim) -> bool:
        return True

    def check(self, claim: Claim) -> Verdict:
        self.happening()
        return Verdict(agrees=True)
