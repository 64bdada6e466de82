"""What may never be filed, however the draft came to say it: past the form, from an older scheme, beside a card."""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from talent.application_papers import card_materials
from talent.application_wallet import card_own_papers
from talent.models import CardApplication, CardCategory, CardScheme, TalentProfile
from talent.services.application import copy_card_application, start_card_application
from talent.services.refusals import NotReady
from talent.services.submission import submit_card_application
from talent.services.wallet import add_proof
from tests.accounts.factories import UnitFactory
from tests.talent.card_factories import (
    CardApplicationFactory,
    card_actor_of,
    make_submittable_card_application,
    make_submitted_card_application,
)
from tests.talent.cards import make_card
from tests.talent.factories import WorkExperienceFactory
from tests.talent.summaries import make_firm
from tests.talent.test_proofs import upload
from workflow import clock
from workflow.actors import Actor
from workflow.enums import PERSON, Action, State
from workflow.models import Case, Region
from workflow.services import Refused
from workflow.services.materials import missing_materials

pytestmark = pytest.mark.django_db


def why_refused(application: CardApplication) -> str:
    with pytest.raises(NotReady) as refused:
        submit_card_application(application, card_actor_of(application), token=uuid.uuid4(), pledged=True)
    assert Case.objects.get(pk=application.pk).state == State.DRAFT
    return str(refused.value)


def another_scheme(**facts: object) -> CardScheme:
    """The same rules under another name, with a category of its own."""
    scheme = CardScheme.objects.get(key="bohai_card")
    scheme.pk, scheme.key = None, "other_card"
    for name, value in facts.items():
        setattr(scheme, name, value)
    scheme.save()
    CardCategory.objects.create(scheme=scheme, position=1, code="bachelor", level="A", name="学士", name_en="Bachelor")
    return scheme


def days(count: int) -> date:
    return clock.today() + timedelta(days=count)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"arrived_on": days(20)}, "日期晚于今天"),
        ({"insured_from": days(60).replace(day=1)}, "月份晚于今天"),
        ({"contract_start": days(1), "contract_end": days(400)}, "合同尚未生效"),
        ({"contract_kind": "2", "contract_end": days(400)}, "无固定期限合同没有终止日期"),
    ],
    ids=["arrival", "insurance", "contract to come", "open end"],
)
def test_what_the_form_marks_is_filed_by_no_other_way(facts: dict[str, object], said: str) -> None:
    """【保存】 keeps everything, and the last step has an address of its own."""
    assert said in why_refused(make_submittable_card_application(**facts))


def test_category_that_was_closed_meanwhile_is_filed_by_nobody() -> None:
    application = make_submittable_card_application()
    CardCategory.objects.filter(pk=application.category_id).update(active=False)

    assert "已停用" in why_refused(application)


def test_category_of_another_scheme_is_filed_by_nobody() -> None:
    application = make_submittable_card_application()
    other = another_scheme().categories.get()
    CardApplication.objects.filter(pk=application.pk).update(category=other)

    assert "已停用" in why_refused(application)


def test_draft_of_a_scheme_that_has_ended_is_filed_by_nobody() -> None:
    application = make_submittable_card_application()
    CardScheme.objects.update(valid_until=days(-1))

    assert "重新填写" in why_refused(application)


def test_draft_moves_into_no_county_that_the_scheme_does_not_know() -> None:
    application = make_submittable_card_application()
    CardScheme.objects.update(region=Region.objects.get(pk="130903"))

    assert "重新填写" in why_refused(application)


def test_returned_application_stays_with_its_scheme() -> None:
    firm = make_firm()
    case = firm.move(firm.applicant(), Action.SEND_BACK, firm.handler, target=PERSON)
    application = firm.application_of(case)
    CardScheme.objects.update(valid_until=days(-1))

    submit_card_application(application, card_actor_of(application), token=uuid.uuid4(), pledged=True)

    assert Case.objects.get(pk=application.pk).state == State.IN_REVIEW


def test_present_employment_is_at_the_registered_unit_or_nothing_is_filed() -> None:
    application = make_submittable_card_application()
    application.person.work_experiences.update(unit=UnitFactory())

    assert "与注册单位不一致" in why_refused(application)


def test_returned_application_is_not_filed_through_an_employer_that_was_left() -> None:
    """The chain goes on where it was filed: who has moved on withdraws it, and begins with the new employer."""
    firm = make_firm()
    case = firm.move(firm.applicant(), Action.SEND_BACK, firm.handler, target=PERSON)
    application = firm.application_of(case)
    person = application.person
    person.unit = UnitFactory()
    person.save()
    person.work_experiences.update(unit=person.unit)

    with pytest.raises(NotReady, match="请撤回后重新申请"):
        submit_card_application(application, card_actor_of(application), token=uuid.uuid4(), pledged=True)


def test_copy_leaves_a_category_behind_that_its_scheme_does_not_have() -> None:
    old = make_submitted_card_application()
    Case.objects.filter(pk=old.pk).update(state=State.WITHDRAWN, stage="", holder=None)
    new = another_scheme(valid_from=days(0))
    old = CardApplication.objects.select_related("case").get(pk=old.pk)

    draft = copy_card_application(old, card_actor_of(old))

    assert (draft.scheme, draft.category) == (new, None)
    assert draft.position == old.position


def test_new_employer_brings_its_own_contract() -> None:
    old = make_submitted_card_application()
    Case.objects.filter(pk=old.pk).update(state=State.REJECTED, stage="", holder=None)
    person, unit = old.person, UnitFactory()
    person.work_experiences.update(left_on=days(-30))
    person.unit = unit
    person.save()
    work = WorkExperienceFactory(person=person, joined_on=days(-29), contract_start=days(-29), position="总监")

    draft = start_card_application(person, Actor(person.users.get()))

    assert (draft.position, draft.contract_start) == (work.position, work.contract_start)
    assert draft.achievements == old.achievements


def test_holder_of_a_card_files_for_a_higher_one_alone() -> None:
    same, higher = make_submittable_card_application(), make_submittable_card_application()
    for application in (same, higher):
        make_card(application.person, level="C")
    better = CardCategory.objects.get(code="deputy_senior")
    CardApplication.objects.filter(pk=higher.pk).update(category=better)
    TalentProfile.objects.filter(person=higher.person).update(title_level="1")

    assert "续期" in why_refused(same)
    reasons = why_refused(higher)
    assert "续期" not in reasons
    assert "职称或职业资格证书" in reasons


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"level": "A"}, "已持有A类卡"),
        ({"state": "frozen", "frozen_at": clock.now()}, "已冻结"),
        ({"level": "B"}, ""),
        ({"valid_from": days(-400), "valid_until": days(-1)}, ""),
    ],
    ids=["highest", "frozen", "lower", "run out"],
)
def test_holder_begins_only_what_can_become_of_something(facts: dict[str, object], said: str) -> None:
    person = CardApplicationFactory().person
    make_card(person, **facts)

    with pytest.raises(Refused, match=said) if said else nullcontext():
        assert start_card_application(person, Actor(person.users.get())).person == person


def test_frozen_card_bars_a_higher_one_too() -> None:
    application = make_submittable_card_application(category_code="doctor", education__doctor=True)
    make_card(application.person, level="C", state="frozen", frozen_at=clock.now())

    assert "已冻结" in why_refused(application)


def test_contract_of_a_former_employment_is_not_the_one_that_is_asked_for() -> None:
    application: CardApplication = CardApplicationFactory()
    person = application.person
    former, present = WorkExperienceFactory(person=person, past=True), person.work_experiences.get(left_on=None)
    actor = Actor(person.users.get())
    old = add_proof(former, kind="work_contract", upload=upload(), actor=actor)

    before = [line.kind for line in missing_materials(Case.objects.get(pk=application.pk))]
    add_proof(present, kind="work_contract", upload=upload(name="新.pdf"), actor=actor)
    after = [line.kind for line in missing_materials(Case.objects.get(pk=application.pk))]

    assert "labour_contract" in before
    assert "labour_contract" not in after
    (papers,) = card_own_papers([application.case]).values()
    assert old.material in [paper.material for paper in papers if paper.stated]


@pytest.mark.parametrize(
    ("stated", "is_asked"), [({}, False), ({"title_level": "9"}, False), ({"title_level": "3"}, True),
                             ({"skill_level": "4"}, True)]
)  # fmt: skip
def test_title_that_is_claimed_is_proved(stated: dict[str, str], is_asked: bool) -> None:
    application = CardApplicationFactory()
    TalentProfile.objects.filter(person=application.person).update(**stated)

    kinds = [rule.kind for rule in card_materials(Case.objects.get(pk=application.pk))]

    assert ("title_certificate" in kinds) == is_asked


@pytest.mark.parametrize("count", [1, 3])
def test_own_list_costs_the_same_for_any_number(django_assert_num_queries: DjangoAssertNumQueries, count: int) -> None:
    first = CardApplicationFactory()
    for code in ["doctor", "award"][: count - 1]:
        category = CardCategory.objects.get(code=code)
        draft = start_card_application(first.person, card_actor_of(first))
        CardApplication.objects.filter(pk=draft.pk).update(category=category)
    client = Client()
    client.force_login(first.case.applicant)
    client.get(reverse("talent:apply_list"))

    with django_assert_num_queries(5):
        page = client.get(reverse("talent:apply_list"))

    addresses = [reverse("talent:apply_edit", args=[row.pk]) for row in CardApplication.objects.all()]
    assert len(addresses) == count
    assert all(address in page.text for address in addresses)
