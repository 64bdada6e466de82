"""人才专属空间 of the demonstration: basic information, honours, projects, family, and the papers of the wallet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from accounts.models import Person, User
from portal.demo.names import Invented
from portal.demo.papers import upload_of
from talent.enums import Grade, ProjectKind, ProofKind, Relation
from talent.models import Education, FamilyMember, Honour, Project, WorkExperience
from talent.paper_kinds import OF_EDUCATION, OF_WORK
from talent.services.facts import keep_fact
from talent.services.space import keep_row, save_space
from talent.services.wallet import Facts, add_paper
from workflow import clock
from workflow.actors import Actor

# What somebody keeps who has prepared everything: (kind, days until it runs out).
WHOLE_WALLET: Sequence[tuple[ProofKind, int | None]] = (
    (ProofKind.IDENTITY, 20),
    (ProofKind.DIPLOMA, None),
    (ProofKind.DEGREE, None),
    (ProofKind.CHSI, 150),
    (ProofKind.INSURANCE, None),
    (ProofKind.TITLE, None),
    (ProofKind.NO_HOME, -5),
)
SMALL_WALLET = ((ProofKind.IDENTITY, 2000), (ProofKind.DIPLOMA, None), (ProofKind.LEASE, 25))


def fill_space(user: User, invented: Invented, *, nationality: str = "CN") -> None:
    """基本信息, with one row of each list."""
    person = user.person
    assert person is not None
    is_native = nationality == "CN"
    values = {"nationality": nationality, "address": invented.address, "settled": is_native}
    save_space(person, values=values | {"name_latin": person.foreign_name}, typed={})
    day, issuer = invented.graduated_on, "河北省教育厅" if is_native else invented.school
    honour = {"name": "优秀毕业生", "grade": Grade.PROVINCIAL, "issuer": issuer, "received_on": day}
    keep_row(Honour(person=person, **honour))
    research = {"kind": ProjectKind.RESEARCH, "part": "主要参加人", "finished_on": day}
    keep_row(Project(person=person, name="海水淡化膜材料研究", **research))
    if is_native:
        parent = {"relation": Relation.PARENT, "name": f"{invented.name[0]}建国", "document_kind": ""}
        keep_row(FamilyMember(person=person, **parent))


def enrich_space(user: User, invented: Invented) -> None:
    """More honours and results, a spouse and a child: lists that are worth looking at."""
    person, year = _person(user), clock.today().year
    values = {
        "title_name": "工程师", "title_level": "3", "title_on": date(year - 1, 12, 1), "urgently_needed": False,
        "nationality": "CN", "address": invented.address, "settled": True,
    }  # fmt: skip
    save_space(person, values=values, typed={})
    for name, grade, issuer, month, rank in (
        ("沧州市青年岗位能手", Grade.CITY, "共青团沧州市委", 5, ""),
        ("河北省科学技术进步奖", Grade.PROVINCIAL, "河北省人民政府", 9, "三等奖，第4完成人"),
    ):
        day = date(year - 1, month, 4)
        keep_row(Honour(person=person, name=name, grade=grade, issuer=issuer, received_on=day, rank=rank))
    for kind, name, number, part, month in (
        (ProjectKind.PATENT, "一种反渗透膜组件清洗装置", "ZL202410123456.7", "第一发明人", 3),
        (ProjectKind.STANDARD, "海水淡化反渗透膜检测规程", "DB13/T 5555—2025", "起草人", 11),
    ):
        day = date(year - 1, month, 18)
        keep_row(Project(person=person, kind=kind, name=name, number=number, part=part, finished_on=day))
    for relation, name, workplace in (
        (Relation.SPOUSE, "周宁", "沧州市中心医院"),
        (Relation.CHILD, f"{invented.name[0]}小满", "沧州市迎宾路小学"),
    ):
        keep_row(FamilyMember(person=person, relation=relation, name=name, document_kind="", workplace=workplace))


def fill_wallet(user: User, papers: Sequence[tuple[ProofKind, int | None]]) -> None:
    """Put there two months ago, each with what it proves. ``papers``: (kind, days from today until it runs out)."""
    person, today = _person(user), clock.today()
    work = WorkExperience.objects.of(person).current().get()
    education = Education.objects.of(person).first()
    for kind, days in papers:
        facts = Facts(
            work=work if kind in OF_WORK else None,
            education=education if kind in OF_EDUCATION else None,
            valid_until=today + timedelta(days=days) if days is not None else None,
        )
        with clock.travelling(-60):
            add_paper(person, kind=kind, upload=upload_of(str(kind.label)), actor=Actor(user), facts=facts)


def extend_contract(user: User, until: date) -> None:
    """The labour contract of the present employment now runs until then."""
    work = WorkExperience.objects.of(_person(user)).current().get()
    work.contract_end = until
    keep_fact(work)


def _person(user: User) -> Person:
    person = user.person
    assert person is not None
    return person
