"""Nobody decides where they applied, under another account either: the document's keyed hash tells who is who."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.workflow.factories import DutyFactory, UserFactory, acting
from tests.workflow.test_stand_ins import stand_in
from tests.workflow.toy import Town
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Case, Duty
from workflow.services import Refused, Seen, perform, perform_one
from workflow.services.denials import barred_reason

OWN = "不能办理本人的申请"
ABSENT_ACTED = "被代理人是该办件的申请人或在前面的环节办理过该办件"


def know(user: Any, key: str) -> None:
    """This account is that person's."""
    user.identity_key = key
    user.save(update_fields=["identity_key"])


@pytest.mark.parametrize("action", [Action.APPROVE, Action.SEND_BACK, Action.REJECT])
def test_officer_decides_nothing_that_they_applied_for_under_another_account(town: Town, action: Action) -> None:
    case = town.at("county")
    know(town.county.user, case.subject_key)

    with pytest.raises(Refused, match=OWN):
        perform_one(action, case, acting(town.county), opinion="请补正", token=uuid.uuid4())


def test_colleague_of_the_same_office_decides_it(town: Town) -> None:
    case = town.at("county")
    know(town.county.user, case.subject_key)
    colleague = DutyFactory(organisation=town.county.organisation)
    know(colleague.user, "0" * 64)

    perform_one(Action.APPROVE, case, acting(colleague), token=uuid.uuid4())

    assert Case.objects.get(pk=case.pk).stage == "city"


def test_unknown_document_bars_nobody_from_cases_without_one(town: Town) -> None:
    case = town.at("county", subject_key="")

    perform_one(Action.APPROVE, case, acting(town.county), token=uuid.uuid4())

    assert Case.objects.get(pk=case.pk).stage == "city"


def test_stand_in_decides_neither_their_own_nor_the_absent_person_s(town: Town) -> None:
    case = town.at("county")
    mine, theirs = stand_in(town.county), stand_in(town.county)
    know(mine.user, case.subject_key)

    with pytest.raises(Refused, match=OWN):
        perform_one(Action.APPROVE, case, acting(mine), token=uuid.uuid4())
    know(mine.user, "")
    know(town.county.user, case.subject_key)
    theirs = Duty.objects.get(pk=theirs.pk)

    with pytest.raises(Refused, match=ABSENT_ACTED):
        perform_one(Action.APPROVE, case, acting(theirs), token=uuid.uuid4())


def test_batch_passes_over_the_own_case_and_says_so(town: Town) -> None:
    own, other = town.at("county"), town.at("county")
    know(town.county.user, own.subject_key)

    act = perform(Action.APPROVE, [Seen(case.pk, case.revision) for case in (own, other)], acting(town.county))

    assert act.done == 1
    assert [(row["case"], row["reason"]) for row in act.refused] == [(own.pk, "不能办理本人的申请。")]


@pytest.mark.parametrize("is_own", [True, False])
def test_signed_in_officer_carries_the_document_into_the_case_page(client: Client, town: Town, is_own: bool) -> None:
    case = town.at("county")
    know(town.county.user, case.subject_key if is_own else "0" * 64)
    # Whom no agreement is asked first.
    town.county.user.kind = "officer"
    town.county.user.save(update_fields=["kind"])
    client.force_login(town.county.user)

    page = client.get(reverse("workflow:case", args=[case.pk]))

    assert ('name="opinion"' in page.text) is not is_own


def test_work_beside_the_chain_asks_the_same(town: Town) -> None:
    case = town.at("county")
    know(town.county.user, case.subject_key)

    assert barred_reason(case, acting(town.county)) == "不能办理本人的申请。"


def test_actor_of_a_duty_knows_both_documents(town: Town) -> None:
    duty = stand_in(town.county)
    know(duty.user, "a" * 64)
    know(town.county.user, "b" * 64)
    duty = Duty.objects.get(pk=duty.pk)

    actor = acting(duty)

    assert (actor.identity_key, actor.absent_identity_key) == ("a" * 64, "b" * 64)
    assert Actor(UserFactory()).identity_key == ""


def test_it_costs_no_statement(town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    duty = Duty.objects.select_related("user", "organisation__region").get(pk=town.county.pk)

    with django_assert_num_queries(0):
        Actor.in_duty(duty, duty.user)
