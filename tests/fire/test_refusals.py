"""What the database itself refuses to the application's own connection, in plain SQL past every line of Python."""

import uuid
from collections.abc import Sequence

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from subsidies.models import Arrival, Bounce, MonthClaim, Payment
from tests.fire.busy import Busy, make_busy
from workflow.models import CaseEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock")]


@pytest.fixture
def busy() -> Busy:
    return make_busy()


def run(sql: str, parameters: Sequence[object] = ()) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return cursor.rowcount


def refused(sql: str, parameters: Sequence[object] = (), *, named: str = "(?i)unique|check") -> None:
    with pytest.raises(DatabaseError, match=named):
        run(sql, parameters)


def copied(table: str, **changes: object) -> tuple[str, list[object]]:
    """INSERT a copy of the row of ``table`` with the key ``source``, with these columns changed."""
    source = changes.pop("source")
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    columns = [column for column in columns if column != "id"]
    picks = ", ".join("%s" if column in changes else column for column in columns)
    values = [changes[column] for column in columns if column in changes]
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {picks} FROM {table} WHERE id = %s", [*values, source]


def test_no_column_of_an_event_is_updated(busy: Busy, subtests: pytest.Subtests) -> None:
    event = busy.waiting.events.get(seq=2)
    # Another event's value, so that the type fits and the value differs.
    other = busy.waiting.events.get(seq=1)
    said = busy.returned.events.get(action="send_back")
    for column in [field.column for field in CaseEvent._meta.concrete_fields]:
        value = f"(SELECT {column} FROM workflow_caseevent WHERE id = {other.pk})"
        if column in ("case_id", "state", "opinion", "opinion_salt", "opinion_digest"):
            value = f"(SELECT {column} FROM workflow_caseevent WHERE id = {said.pk})"
        with subtests.test(column=column):
            if column == "irreversible":
                value = "NOT irreversible"
            refused(f"UPDATE workflow_caseevent SET {column} = {value} WHERE id = {event.pk}", named="append-only")


def test_an_opinion_is_erased_as_a_whole_or_not_at_all(busy: Busy) -> None:
    event = busy.returned.events.get(action="send_back")

    refused("UPDATE workflow_caseevent SET opinion = '' WHERE id = %s", [event.pk], named="append-only")
    refused("UPDATE workflow_caseevent SET opinion_salt = '' WHERE id = %s", [event.pk], named="append-only")

    assert run("UPDATE workflow_caseevent SET opinion = '', opinion_salt = '' WHERE id = %s", [event.pk]) == 1


# What each of them would be changed to.
APPEND_ONLY = {
    "workflow_caseevent": "seq = seq + 20",
    "workflow_act": "done = 0",
    "workflow_filing": "amount = 1",
    "workflow_seal": "events = 0",
    "subsidies_allocation": "amount = 1",
    "subsidies_payment": "amount = 1",
    "subsidies_arrival": "arrived_on = '2020-01-01'",
    "subsidies_bounce": "reason = '-'",
    "subsidies_accountcorrection": "last4 = '0000'",
}


def test_record_and_ledger_are_never_deleted_nor_updated(busy: Busy, subtests: pytest.Subtests) -> None:
    fill(busy)
    # PostgreSQL empties no table that has foreign keys still to be checked.
    connection.check_constraints()
    for table, change in APPEND_ONLY.items():
        with subtests.test(table=table):
            refused(f"DELETE FROM {table}", named="append-only")
            refused(f"UPDATE {table} SET {change}", named="append-only")
            if connection.vendor == "postgresql":
                refused(f"TRUNCATE {table} CASCADE", named="append-only")


def fill(busy: Busy) -> None:
    """A payment that bounced and whose account was corrected, one that arrived, and a seal."""
    payment = Payment.objects.get(case=busy.paid)
    entry = {"actor_id": payment.actor_id, "organisation_id": payment.organisation_id, "at": payment.at}
    bounce = Bounce.objects.create(payment=payment, reason="户名不符", bounced_on=payment.paid_on, **entry)
    bounce.corrections.create(holder_name="王", bank="建行", branch="新华", account="1", last4="1", **entry)
    Arrival.objects.create(payment=payment, arrived_on=payment.paid_on, **entry)
    run(
        "INSERT INTO workflow_seal (day, last_event, cases, events, previous, digest, sealed_at) "
        "VALUES ('2020-01-01', 0, 0, 1, '', '', '2020-01-02')"
    )


def test_no_state_without_its_stage(busy: Busy, subtests: pytest.Subtests) -> None:
    changes = [
        (busy.waiting, "stage = ''"),
        (busy.waiting, "state = 'approved'"),
        (busy.waiting, "state = 'draft'"),
        (busy.withdrawn, "stage = 'unit'"),
        (busy.rejected, "state = 'in_review'"),
        (busy.paid, "state = 'in_review'"),
    ]
    for case, change in changes:
        with subtests.test(change=f"{case.state}: {change}"):
            refused(f"UPDATE workflow_case SET {change} WHERE id = {case.pk}", named="(?i)check")


def test_no_state_that_nobody_knows(busy: Busy) -> None:
    refused(f"UPDATE workflow_case SET state = 'lost' WHERE id = {busy.withdrawn.pk}", named="(?i)check")


def test_no_return_without_an_opinion(busy: Busy) -> None:
    event = busy.waiting.events.get(seq=3)
    for action, other in (("send_back", busy.paid), ("reject", busy.published)):
        act = other.events.get(seq=1).act_id
        values = {"source": event.pk, "seq": 9 + other.pk, "act_id": act.hex, "action": action}

        refused(*copied("workflow_caseevent", **values, opinion_digest=""), named="(?i)check")

        assert run(*copied("workflow_caseevent", **values, opinion_digest="0" * 64)) == 1


def test_no_second_event_for_one_move(busy: Busy) -> None:
    event = busy.waiting.events.get(seq=2)

    refused(*copied("workflow_caseevent", source=event.pk, act_id=busy.paid.events.get(seq=1).act_id.hex))
    refused(*copied("workflow_caseevent", source=event.pk, seq=9))


def test_no_second_payment_of_a_case(busy: Busy) -> None:
    payment = Payment.objects.get(case=busy.paid)

    refused(*copied("subsidies_payment", source=payment.pk, token=uuid.uuid4().hex))
    # A repetition stands on a bounce, and there is none.
    refused(*copied("subsidies_payment", source=payment.pk, token=uuid.uuid4().hex, attempt=2))


def test_no_second_repetition_of_a_bounced_payment(busy: Busy) -> None:
    fill(busy)
    payment = Payment.objects.get(case=busy.paid)
    again = {"source": payment.pk, "retry_of_id": payment.bounce.pk}
    assert run(*copied("subsidies_payment", **again, token=uuid.uuid4().hex, attempt=2)) == 1

    refused(*copied("subsidies_payment", **again, token=uuid.uuid4().hex, attempt=3))


def test_no_second_allocation_of_a_case(busy: Busy) -> None:
    refused(*copied("subsidies_allocation", source=busy.paid.allocation.pk))


def test_no_month_is_claimed_twice(busy: Busy) -> None:
    claim = MonthClaim.objects.filter(case=busy.paid).first()

    refused(*copied("subsidies_monthclaim", source=claim.pk, case_id=busy.waiting.pk))


def test_no_two_cases_with_one_number(busy: Busy) -> None:
    with pytest.raises(IntegrityError):
        run("UPDATE workflow_case SET number = %s WHERE id = %s", [busy.paid.number, busy.waiting.pk])


def test_the_published_chain_does_not_change() -> None:
    refused("UPDATE workflow_stage SET barred = '[]'", named="published chain")
    refused("DELETE FROM workflow_stage", named="published chain")


def test_months_that_were_paid_are_not_given_up(busy: Busy) -> None:
    refused("DELETE FROM subsidies_monthclaim WHERE case_id = %s", [busy.paid.pk], named="append-only")
    refused("UPDATE subsidies_monthclaim SET case_id = %s", [busy.waiting.pk], named="append-only")
