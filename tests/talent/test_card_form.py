"""《渤海英才卡申请（审批）表》: what it prints, for whom, and in which languages."""

from __future__ import annotations

import re
from datetime import date

import pytest

from accounts.models import SensitiveView
from talent.documents.card_form import card_forms
from talent.models import CardApplication, FamilyMember
from talent.services.application import start_card_application
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.card_factories import card_actor_of, make_submitted_card_application
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Case
from workflow.pdfs import extract_text
from workflow.printing import html_to_pdf
from workflow.registry import Look
from workflow.services import Seen, perform

pytestmark = pytest.mark.django_db

NUMBER = "130902199001011237"


def page_of(application: CardApplication, actor: Actor | None = None) -> str:
    case = Case.objects.get(pk=application.pk)
    (page,) = card_forms([case], Look(actor or Actor(case.applicant), "打印"))
    return page


def unit_hand(case: Case) -> Actor:
    duty = case.unit.duties.get()  # type: ignore[union-attr]
    return Actor.in_duty(duty, duty.user)


def test_form_prints_tables_and_the_opinion_of_the_employer() -> None:
    application = make_submitted_card_application()
    case = Case.objects.get(pk=application.pk)
    perform(Action.APPROVE, [Seen(case.pk, case.revision)], unit_hand(case), opinion="同意推荐")

    page = page_of(application)

    assert "渤海英才卡申请（审批）表" in page
    assert "河北工业大学" in page
    assert "同意推荐" in page
    assert [
        title for title in ("县区服务专员意见", "县区负责人意见", "市服务专员意见", "市负责人意见") if title in page
    ]
    assert "English" not in page
    assert "Chinese name" not in page


def test_numbers_of_the_family_are_shown_to_those_who_decide_alone() -> None:
    application = make_submitted_card_application()
    FamilyMember.objects.create(person=application.person, relation="spouse", name="赵敏", number=NUMBER)
    case = Case.objects.get(pk=application.pk)
    perform(Action.WITHDRAW, [Seen(case.pk, case.revision)], Actor(case.applicant))
    again = make_submitted_card_application(
        person=application.person, photo=False, education=False, work=False, unit=application.case.unit
    )
    hand = unit_hand(again.case)

    decided, own = page_of(again, hand), page_of(again)
    strange = page_of(again, Actor(user=PersonFactory(unit=UnitFactory()).users.get()))

    assert NUMBER in decided
    assert NUMBER in own
    assert NUMBER not in strange
    assert SensitiveView.objects.filter(case=again.case, viewer_id=hand.user_id).exists()


def test_form_of_a_foreigner_is_bilingual() -> None:
    person = PersonFactory(
        unit=UnitFactory(), name="MARIA SCHMIDT", document_kind="06", number="C01X00T47", sex="2",
        birth_date=date(1990, 5, 4),
    )  # fmt: skip
    application = make_submitted_card_application(
        person=person, profile__nationality="DE", profile__name_latin="MARIA SCHMIDT"
    )

    page = page_of(application)

    assert re.search(r"中文名<br>\s*Chinese name", page)
    assert re.search(r"毕业院校<br>\s*School", page)
    assert "MARIA SCHMIDT" in page
    assert "外国护照" in page
    assert html_to_pdf(page).startswith(b"%PDF")


def test_three_hundred_rows_of_family_are_printed_over_pages() -> None:
    person = PersonFactory(unit=UnitFactory())
    FamilyMember.objects.bulk_create(
        FamilyMember(person=person, relation="child", name=f"孩子{n}", document_kind="") for n in range(300)
    )
    application = make_submitted_card_application(person=person)

    pdf = html_to_pdf(page_of(application))

    assert "第 6 页" in extract_text(pdf)
    assert "孩子299" in page_of(application)


def test_a_new_draft_takes_over_what_was_filed_last() -> None:
    application = make_submitted_card_application(salary="20", evidence="冀人社〔2026〕1号")
    case = Case.objects.get(pk=application.pk)
    perform(Action.WITHDRAW, [Seen(case.pk, case.revision)], Actor(case.applicant))

    draft = start_card_application(application.person, card_actor_of(application))

    assert (draft.salary, draft.evidence) == ("20", "冀人社〔2026〕1号")
