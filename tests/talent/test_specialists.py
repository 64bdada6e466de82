"""服务专员: chosen evenly of the county bureau's own, changed by the bureau with a reason."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from talent.models import CardApplication, CardScheme, SpecialistChange
from talent.services.specialists import choose_specialist, reassign_specialist, specialists_of
from talent.services.submission import submit_card_application
from tests.accounts.factories import OfficeFactory, OfficerFactory
from tests.talent.card_factories import card_actor_of, make_specialist, make_submitted_card_application
from tests.talent.summaries import make_firm
from workflow import clock
from workflow.actors import Actor
from workflow.enums import PERSON, Action, Role, State
from workflow.models import Case, Duty, Region
from workflow.services import Refused, Seen, perform

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> CardApplication:
    return make_submitted_card_application()


def head_of(application: CardApplication) -> Actor:
    user: User = OfficerFactory(office=application.case.supervisor, office__role=Role.LEADER)
    return Actor.in_duty(user.duties.get(), user)


def test_bureau_gives_an_applicant_into_other_hands(application: CardApplication) -> None:
    other, head = make_specialist(application.case.supervisor, name="专员乙", phone="13900002222"), head_of(application)
    before = application.specialist

    reassign_specialist(application.case, head, to=other, reason="休假")

    case = Case.objects.get(pk=application.pk)
    assert CardApplication.objects.get(pk=application.pk).specialist == other
    assert (case.summary["specialist"], case.summary["specialist_phone"]) == ("专员乙", "13900002222")
    change = SpecialistChange.objects.get()
    assert (change.before, change.after, change.by_id, change.reason) == (before, other, head.user_id, "休假")
    assert (case.state, case.stage) == (State.IN_REVIEW, "unit")


def test_only_specialists_of_the_own_bureau_may_be_chosen(application: CardApplication) -> None:
    stranger = make_specialist(OfficeFactory(kind="county_hr", region=Region.objects.get(pk="130903")))

    with pytest.raises(Refused):
        reassign_specialist(application.case, head_of(application), to=stranger, reason="x")

    assert not SpecialistChange.objects.exists()


def test_another_bureau_changes_nothing(application: CardApplication) -> None:
    elsewhere = OfficerFactory(office=OfficeFactory(kind="county_hr", region=Region.objects.get(pk="130903")))
    other = make_specialist(application.case.supervisor)

    with pytest.raises(PermissionDenied):
        reassign_specialist(application.case, Actor.in_duty(elsewhere.duties.get(), elsewhere), to=other, reason="x")


def test_record_of_a_change_is_append_only(application: CardApplication) -> None:
    other = make_specialist(application.case.supervisor)
    reassign_specialist(application.case, head_of(application), to=other, reason="休假")

    with pytest.raises(DatabaseError), transaction.atomic():
        SpecialistChange.objects.update(reason="别的")


def test_whoever_left_or_stands_in_is_not_chosen(application: CardApplication) -> None:
    bureau = application.case.supervisor
    assert bureau is not None
    left, stand_in = make_specialist(bureau), make_specialist(bureau)
    left.duties.update(ends_on=clock.today() - timedelta(days=1))
    stand_in.duties.update(
        stands_in_for=application.specialist, ends_on=clock.today() + timedelta(days=9), reason="休假"
    )

    assert specialists_of(bureau) == [application.specialist]


def test_bureau_without_specialists_names_nobody() -> None:
    application = make_submitted_card_application(specialist=False)

    assert application.specialist is None
    assert application.case.summary["specialist"] == ""
    assert choose_specialist(application.case.supervisor) is None


def test_page_offers_the_others_and_asks_for_a_reason(application: CardApplication) -> None:
    other, head = make_specialist(application.case.supervisor, name="专员乙"), head_of(application)
    client, address = Client(), reverse("talent:specialist", args=[application.pk])
    client.force_login(User.objects.get(pk=head.user_id))

    empty = client.post(address, {"to": other.pk})
    done = client.post(address, {"to": other.pk, "reason": "休假"}, follow=True)

    assert [user.pk for user in empty.context["form"].fields["to"].queryset] == [other.pk]
    assert empty.status_code == 422
    assert "reason" in empty.context["form"].errors
    assert "已更换为服务专员专员乙" in done.content.decode()
    assert "休假" in client.get(address).content.decode()


def approve(case: Case, user: User, role: str) -> int:
    """How many passed: 1 or 0."""
    now = Case.objects.get(pk=case.pk)
    duty = user.duties.get(organisation=now.holder_id, role=role)
    return perform(Action.APPROVE, [Seen(now.pk, now.revision)], Actor.in_duty(duty, user)).done


def test_nobody_is_specialist_and_head_of_one_case(application: CardApplication) -> None:
    """Who has both duties passes the case in one of them alone."""
    CardScheme.objects.update(require_summary=False)
    OfficeFactory(kind="city_hr")
    case, both = application.case, application.specialist
    head = User.objects.get(pk=head_of(application).user_id)
    assert both is not None
    Duty.objects.create(user=both, organisation=case.supervisor, role=Role.LEADER, starts_on=clock.today())
    approve(case, case.unit.duties.get().user, Role.HANDLER)

    passed = [
        approve(case, both, Role.SPECIALIST),
        approve(case, both, Role.LEADER),
        approve(case, head, Role.LEADER),
    ]

    assert passed == [1, 0, 1]


def test_account_that_is_closed_is_not_chosen(application: CardApplication) -> None:
    other = make_specialist(application.case.supervisor)
    User.objects.filter(pk=other.pk).update(is_active=False)

    assert specialists_of(application.case.supervisor) == [application.specialist]


def test_of_equally_busy_ones_the_longest_in_office_is_chosen() -> None:
    bureau = OfficeFactory(kind="county_hr")
    young, old = make_specialist(bureau), make_specialist(bureau)
    old.duties.update(starts_on=clock.today() - timedelta(days=9000))

    assert choose_specialist(bureau) == old
    assert specialists_of(bureau) == [old, young]


def test_what_is_decided_makes_nobody_busy(application: CardApplication) -> None:
    """Whoever has had the most applications, and has none left, is as free as anybody."""
    bureau = application.case.supervisor
    other = make_specialist(bureau)
    other.duties.update(starts_on=clock.today() - timedelta(days=1))
    assert choose_specialist(bureau) == other

    Case.objects.filter(pk=application.pk).update(state=State.REJECTED, stage="", holder=None)

    assert choose_specialist(bureau) == application.specialist


@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED, State.REJECTED, State.WITHDRAWN])
def test_only_what_is_under_way_changes_hands(application: CardApplication, state: State) -> None:
    other, head = make_specialist(application.case.supervisor), head_of(application)
    Case.objects.filter(pk=application.pk).update(state=state, stage="", holder=None)

    with pytest.raises(PermissionDenied):
        reassign_specialist(Case.objects.get(pk=application.pk), head, to=other, reason="休假")


def test_nobody_takes_over_from_himself(application: CardApplication) -> None:
    assert application.specialist is not None

    with pytest.raises(Refused, match=application.specialist.name):
        reassign_specialist(application.case, head_of(application), to=application.specialist, reason="休假")

    assert not SpecialistChange.objects.exists()


def test_specialist_who_has_left_stays_named_when_it_is_filed_again() -> None:
    """The applicant keeps one contact until the bureau names another, with its reason."""
    firm = make_firm()
    case = firm.move(firm.applicant(), Action.SEND_BACK, firm.handler, target=PERSON)
    application = firm.application_of(case)
    first = application.specialist
    assert first is not None
    first.duties.update(ends_on=clock.today() - timedelta(days=1))
    assert choose_specialist(case.supervisor) != first

    submit_card_application(application, card_actor_of(application), token=uuid.uuid4(), pledged=True)

    assert firm.application_of(case).specialist == first
