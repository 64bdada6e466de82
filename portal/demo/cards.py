"""Applications for the talent card: some wait for the employer, some for its sealed summary table."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from accounts.models import User
from portal.demo.names import Invented
from portal.demo.papers import hand_in
from portal.demo.walk import Walker
from talent.enums import Arrival, Grade, ProjectKind, Relation
from talent.models import CardApplication, FamilyMember, Honour, Project, TalentProfile
from talent.services.application import save_card_draft, start_card_application
from talent.services.submission import submit_card_application
from workflow import clock
from workflow.actors import Actor

CATEGORIES = {"2": "doctor", "3": "bachelor", "4": "bachelor"}


def fill_space(user: User, invented: Invented) -> None:
    """基本信息 of the talent space, with one row of each list."""
    person = user.person
    assert person is not None
    TalentProfile.objects.get_or_create(
        person=person, defaults={"nationality": "CN", "address": invented.address, "settled": True}
    )
    Honour.objects.get_or_create(
        person=person,
        name="优秀毕业生",
        defaults={"grade": Grade.PROVINCIAL, "issuer": "河北省教育厅", "received_on": invented.graduated_on},
    )
    Project.objects.get_or_create(
        person=person,
        name="海水淡化膜材料研究",
        defaults={"kind": ProjectKind.RESEARCH, "part": "主要参加人", "finished_on": invented.graduated_on},
    )
    if not person.family.exists():
        FamilyMember.objects.create(
            person=person, relation=Relation.PARENT, name=f"{invented.name[0]}建国", document_kind=""
        )


def fill_in_card(user: User) -> CardApplication:
    """A draft with every field and paper."""
    person, actor = user.person, Actor(user)
    assert person is not None
    application = start_card_application(person, actor)
    degree = min((study.degree for study in person.educations.all() if study.degree), default="4")
    values = {
        "department": "技术部",
        "arrival": Arrival.FULL_TIME,
        "category": application.scheme.categories.get(code=CATEGORIES[degree]),
        "achievements": "参与海水淡化关键材料攻关，完成两项工艺改进，年节约成本六十万元。",
    }
    save_card_draft(application, actor, values=values, typed={})
    hand_in(application.case, actor)
    return application


def file_card(user: User) -> int:
    """Answers the case."""
    application = fill_in_card(user)
    submit_card_application(application, Actor(user), token=uuid.uuid4(), pledged=True)
    return application.case_id


def walk_cards(walker: Walker, users: Iterable[User]) -> None:
    """The first half waits for the employer, the rest has its approval and waits for the summary table."""
    cases = []
    for user in users:
        with clock.travelling(-3):
            cases.append(file_card(user))
    with clock.travelling(-1):
        walker.step(cases[len(cases) // 2 :], opinion="情况属实，同意推荐。")
