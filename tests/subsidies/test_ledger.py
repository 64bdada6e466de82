"""The ledger: append-only in the database, one payment a case, bounced, corrected and paid again; sums that agree."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from subsidies.amounts import split_amount
from subsidies.models import Allocation, Bounce, Payment
from subsidies.services.application import save_draft
from subsidies.services.payments import Account, correct_account, pay_again, record_arrival, record_bounce
from subsidies.services.reconciliation import money_report
from subsidies.services.reveals import reveal_accounts
from subsidies.services.stops import lift_stop, stop_payments
from tests.accounts.factories import UserFactory
from tests.subsidies.factories import ACCOUNT, make_submitted_application
from tests.subsidies.walking import (
    application_at,
    forward,
    fresh,
    holder_of,
    officer_of,
    open_offices,
    payment_of,
    press,
    walk,
)
from workflow import clock
from workflow.actors import Actor
from workflow.enums import PERSON, Action, State
from workflow.models import BatchMember, BatchVersion, Case, Duty, OutboxMessage
from workflow.services import Refused
from workflow.triggers import drop_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]

NEW = Account("毕业生", "中国银行", "沧州运河支行", "6217856000012345678")


def bounced_case(stage: str = "person_confirm") -> tuple[Case, Bounce]:
    case = application_at("person_confirm").case
    if not stage:
        forward(case)
    payment = payment_of(case)
    assert payment.organisation is not None
    bounce = record_bounce(payment, officer_of(payment.organisation), reason="户名不符", bounced_on=clock.today())
    return case, bounce


def finance_of(bounce: Bounce) -> Actor:
    assert bounce.payment.organisation is not None
    return officer_of(bounce.payment.organisation)


def person(case: Case) -> Actor:
    return Actor(user=case.applicant)


def repeat(bounce: Bounce, *, token: uuid.UUID | None = None, by: Actor | None = None) -> Payment:
    seen = bounce.corrections.last()
    return pay_again(
        bounce,
        by or finance_of(bounce),
        token=token or uuid.uuid4(),
        correction=seen.pk if seen is not None else None,
        voucher="记-0099",
        paid_on=clock.today(),
    )


def test_payment_and_allocation_carry_what_finance_entered() -> None:
    case = application_at("person_confirm").case

    allocation, payment = Allocation.objects.get(case=case), Payment.objects.get(case=case)

    assert (allocation.amount, allocation.city_share, allocation.county_share) == (6000, 3000, 3000)
    assert (allocation.document, allocation.voucher) == ("沧财指〔2026〕12号", "记-0042")
    assert (payment.account, payment.last4, payment.attempt) == (ACCOUNT, ACCOUNT[-4:], 1)
    assert payment.act is not None


def test_money_goes_to_the_account_that_was_filed_and_not_to_one_typed_during_a_return_that_was_taken_back() -> None:
    application = application_at("city_fin")
    finance = holder_of(fresh(application.case))
    press(Action.SEND_BACK, application.case, target=PERSON, opinion="请核对账号")
    values = {"account": NEW.number, "bank": NEW.bank}
    save_draft(application, person(application.case), values=values, typed={})

    press(Action.TAKE_BACK, application.case, actor=finance)
    walk(application.case, to="county_fin")
    officer = holder_of(fresh(application.case))
    look = reveal_accounts([fresh(application.case)], officer, reason="制作发放明细表")[application.pk]
    forward(application.case)

    assert look.account.number == ACCOUNT
    assert (payment_of(application.case).account, payment_of(application.case).bank) == (ACCOUNT, "中国建设银行")


@pytest.mark.parametrize("change", ["UPDATE {} SET at = at", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["allocation", "payment", "bounce", "arrival", "accountcorrection"])
def test_the_database_lets_nobody_change_the_ledger(table: str, change: str) -> None:
    case, bounce = bounced_case()
    correct_account(bounce, person(case), account=NEW)
    record_arrival(repeat(bounce), finance_of(bounce), arrived_on=clock.today())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(f"subsidies_{table}"))


def test_a_second_payment_of_a_case_is_impossible() -> None:
    payment = payment_of(application_at("person_confirm").case)
    again = {
        field.attname: getattr(payment, field.attname)
        for field in Payment._meta.concrete_fields
        if field.attname not in ("id", "token", "attempt")
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(**again, attempt=2)


def test_a_returned_payment_closes_the_confirmation_and_names_the_mend() -> None:
    case, _bounce = bounced_case()

    act = press(Action.APPROVE, case, actor=person(case))

    assert act.done == 0
    assert "户名不符" in act.refused[0]["reason"]
    assert OutboxMessage.objects.filter(kind="subsidies.bounced", recipient=case.applicant).count() == 1


def test_bounced_corrected_and_paid_again() -> None:
    case, bounce = bounced_case()

    correct_account(bounce, person(case), account=NEW)
    payment = repeat(bounce)
    forward(case)

    assert (payment.attempt, payment.retry_of, payment.amount) == (2, bounce, Decimal(6000))
    assert (payment.account, payment.voucher) == (NEW.number, "记-0099")
    assert fresh(case).state == State.APPROVED
    assert money_report().disagreements == ()


def test_a_payment_may_bounce_after_the_case_is_completed() -> None:
    case, bounce = bounced_case(stage="")
    head = fresh(case).head

    correct_account(bounce, person(case), account=NEW)
    repeat(bounce)

    assert (fresh(case).state, fresh(case).head) == (State.APPROVED, head)


def test_the_same_form_pays_once() -> None:
    case, bounce = bounced_case()
    correct_account(bounce, person(case), account=NEW)
    token = uuid.uuid4()

    assert repeat(bounce, token=token) == repeat(bounce, token=token)
    assert Payment.objects.filter(case=case).count() == 2


def test_a_second_try_with_another_form_is_refused() -> None:
    case, bounce = bounced_case()
    correct_account(bounce, person(case), account=NEW)
    repeat(bounce)

    with pytest.raises(Refused):
        repeat(bounce)


def test_nothing_is_paid_again_before_the_person_has_corrected_the_account() -> None:
    _case, bounce = bounced_case()

    with pytest.raises(Refused, match="尚未更正"):
        repeat(bounce)


def test_only_the_applicant_corrects_the_account() -> None:
    _case, bounce = bounced_case()

    with pytest.raises(Refused):
        correct_account(bounce, finance_of(bounce), account=NEW)


def test_a_payment_bounces_once_and_not_before_it_was_made() -> None:
    case, bounce = bounced_case()
    correct_account(bounce, person(case), account=NEW)
    payment, actor = repeat(bounce), finance_of(bounce)

    with pytest.raises(Refused):
        record_bounce(bounce.payment, actor, reason="再次", bounced_on=clock.today())
    with pytest.raises(Refused):
        record_bounce(payment, actor, reason="太早", bounced_on=payment.paid_on - timedelta(days=1))


def test_paying_again_gives_the_person_the_full_time_to_confirm() -> None:
    case, bounce = bounced_case()
    correct_account(bounce, person(case), account=NEW)
    clock.move_ahead(40)

    repeat(bounce)

    due_on = fresh(case).due_on
    assert due_on is not None
    assert due_on > clock.today() + timedelta(days=14)


def test_a_stop_holds_back_the_money_until_it_is_lifted() -> None:
    application = application_at("county_fin")
    case = application.case
    county = officer_of(case.supervisor)
    stop = stop_payments(application.person.number, county, starts_on=clock.today(), reason="离职")
    assert press(Action.APPROVE, case).refused[0]["reason"].endswith("离职")

    lift_stop(stop, county, reason="重新入职")

    forward(case)


def test_a_person_is_stopped_once_and_strangers_are_unknown() -> None:
    application = application_at("county_hr")
    county = officer_of(application.case.supervisor)
    stop_payments(application.person.number, county, starts_on=clock.today(), reason="离职")

    with pytest.raises(Refused):
        stop_payments(application.person.number, county, starts_on=clock.today(), reason="离职")
    with pytest.raises(Refused):
        stop_payments("110101199003077774", county, starts_on=clock.today(), reason="离职")


def _change_amount(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(amount=1)


def _change_member(case: Case) -> None:
    BatchMember.objects.filter(case=case).update(amount=1)


def _change_version(_case: Case) -> None:
    BatchVersion.objects.update(total=1)


def _lose_a_member(case: Case) -> None:
    BatchMember.objects.filter(case=case, batch__kind="summary").update(removed_in=2)


def _lose_a_month(case: Case) -> None:
    """What a thief with all rights could do: the triggers refuse it to everybody else."""
    drop_triggers(connection)
    case.month_claims.all()[:1].get().delete()


FAULTS: list[Callable[[Case], None]] = [_change_amount, _change_member, _change_version, _lose_a_member, _lose_a_month]


@pytest.mark.parametrize("plant", FAULTS)
def test_check_money_finds_a_planted_fault(plant: Callable[[Case], None], capsys: Any) -> None:
    case = application_at("person_confirm").case
    call_command("check_money")
    plant(case)

    with pytest.raises(CommandError):
        call_command("check_money")


@pytest.mark.parametrize("plant", [_change_amount, _change_member, _change_version, _lose_a_member])
def test_no_money_moves_over_sums_that_disagree(plant: Callable[[Case], None]) -> None:
    case = application_at("city_fin").case
    plant(case)

    act = press(Action.APPROVE, case)

    assert act.done == 0
    assert not Allocation.objects.exists()


def test_county_finance_is_barred_to_whoever_paid_at_the_city() -> None:
    case = application_at("city_fin").case
    user = holder_of(fresh(case)).user
    forward(case)
    duty = holder_of(fresh(case)).duty
    assert duty is not None

    act = press(Action.APPROVE, case, actor=Actor(user=user, organisation=duty.organisation, role=duty.role))

    assert act.done == 0


def test_whoever_may_not_pay_does_not_pay_again_nor_does_their_stand_in() -> None:
    case, bounce = bounced_case()
    correct_account(bounce, person(case), account=NEW)
    office, city = bounce.payment.organisation, case.events.get(from_stage="city_fin").actor
    assert office is not None
    started, ends = clock.today(), clock.today() + timedelta(days=7)

    for barred in (city, case.applicant):
        own = Duty.objects.create(user=barred, organisation=office, starts_on=started)
        absence = {"stands_in_for": barred, "reason": "年休假"}
        other = Duty.objects.create(user=UserFactory(), organisation=office, starts_on=started, ends_on=ends, **absence)
        for duty in (own, other):
            with pytest.raises(Refused):
                repeat(bounce, by=Actor.in_duty(duty, duty.user))

    assert repeat(bounce).attempt == 2


def test_nobody_lifts_the_stop_of_their_own_payments_nor_does_their_stand_in() -> None:
    application = application_at("county_hr")
    county, user = application.case.supervisor, application.case.applicant
    stop = stop_payments(application.person.number, officer_of(county), starts_on=clock.today(), reason="离职")
    today, ends = clock.today(), clock.today() + timedelta(days=7)
    own = Duty.objects.create(user=user, organisation=county, starts_on=today)
    absence = {"stands_in_for": user, "reason": "年休假"}
    other = Duty.objects.create(user=UserFactory(), organisation=county, starts_on=today, ends_on=ends, **absence)

    for duty in (own, other):
        with pytest.raises(Refused):
            lift_stop(stop, Actor.in_duty(duty, duty.user), reason="重新入职")

    assert lift_stop(stop, officer_of(county), reason="重新入职").lifted_on == today


def test_persons_batches_county_and_city_add_up() -> None:
    open_offices()
    first = make_submitted_application()
    second = make_submitted_application(unit=first.case.unit)
    walk(first.case, second.case, to="county_fin")
    forward(first.case)

    report = money_report()

    assert (report.persons, report.allocated, report.city + report.county) == (12000, 12000, 12000)
    assert report.paid == 6000
    assert report.disagreements == ()


@given(
    amounts=st.lists(st.decimals(min_value="0.01", max_value="99999.99", places=2), min_size=1, max_size=30),
    share=st.decimals(min_value=0, max_value=1, places=4),
)
def test_shares_of_the_cases_add_up_to_the_batch(amounts: list[Decimal], share: Decimal) -> None:
    parts = [split_amount(amount, share) for amount in amounts]

    assert sum(part.city for part in parts) + sum(part.county for part in parts) == sum(amounts)
    assert all(part.city >= 0 and part.county >= 0 for part in parts)
