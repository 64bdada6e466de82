"""What a move leaves behind: counters, the chain of events, filings, messages; and what the database refuses."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.core.management.sql import emit_pre_migrate_signal
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from tests.workflow.toy import STAGES, Town
from workflow import triggers
from workflow.digests import event_digest
from workflow.enums import Action, State
from workflow.models import Case, CaseEvent, Filing, OutboxMessage, SeatCounter
from workflow.services import Seen, perform
from workflow.services.recording import EVENT_FIELDS, event_body
from workflow.triggers import drop_triggers, installed_triggers


def recount() -> dict[tuple[int, str], int]:
    rows = Case.objects.filter(state=State.IN_REVIEW).exclude(holder=None).values_list("holder", "stage")
    return dict(Counter(rows))


def test_counters_equal_a_recount(town: Town) -> None:
    for stage in STAGES:
        town.at(stage)
    town.move(town.at("county"), Action.SEND_BACK, target="unit")
    town.move(town.at("county"), Action.REJECT)
    town.move(town.move(town.at("unit"), Action.APPROVE), Action.TAKE_BACK, "unit")

    counters = SeatCounter.objects.exclude(waiting=0).values_list("organisation", "stage", "waiting")

    assert {(office, stage): n for office, stage, n in counters} == recount()


def test_every_event_is_chained_to_the_one_before(town: Town) -> None:
    case = town.move(town.at("county"), Action.SEND_BACK, opinion="请补充材料")
    case = town.submit(case)

    head = ""
    for event in CaseEvent.objects.filter(case=case).order_by("seq"):
        row = {name: getattr(event, name) for name in EVENT_FIELDS}
        row |= {"case": event.case_id, "act": event.act_id.hex, "actor": event.actor_id}
        row |= {"organisation": event.organisation_id, "filing": event.filing_id}
        assert event.previous == head
        head = event_digest(head, event_body(row))
        assert event.digest == head
    assert case.head == head


def test_a_submission_freezes_a_filing_and_numbers_the_case(town: Town) -> None:
    case = town.at("unit")

    filing = Filing.objects.get(case=case)

    assert filing.content["sections"][0]["rows"][0]["value"] == "解放路1号"
    assert CaseEvent.objects.get(case=case).filing == filing
    assert case.number


def test_the_applicant_is_told_of_every_decision(town: Town) -> None:
    case = town.at("report")

    messages = OutboxMessage.objects.filter(case=case).values_list("kind", "recipient")

    assert list(messages) == [("case.approve", town.person.pk)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_caseevent SET from_stage = 'x'",
        "UPDATE workflow_caseevent SET digest = 'x', opinion = '', opinion_salt = ''",
        "DELETE FROM workflow_caseevent",
        "UPDATE workflow_act SET done = 9",
        "DELETE FROM workflow_act",
        "UPDATE workflow_filing SET number = 9",
        "UPDATE workflow_stage SET working_days = 9",
        "UPDATE workflow_case SET stage = ''",
        "UPDATE workflow_case SET state = 'lost'",
    ],
)
def test_the_database_refuses_to_change_what_happened(town: Town, statement: str) -> None:
    town.at("report")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_allows_erasing_a_personal_opinion(town: Town) -> None:
    case = town.move(town.at("unit"), Action.SEND_BACK, opinion="张三的隐私")

    erased = CaseEvent.objects.filter(case=case, action=Action.SEND_BACK).update(opinion="", opinion_salt="")

    assert erased == 1


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_statements_does_not_depend_on_the_set(
    town: Town, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    seen = [Seen(case.pk, case.revision) for case in [town.at("unit") for _ in range(rows)]]

    # Lock, offices, calendar, cases, events, messages, counters, act; the rest is the savepoint inside the test's own.
    with django_assert_num_queries(8 + 2):
        perform(Action.APPROVE, seen, town.actor("unit"), stage="unit")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_chainversion SET status = 'draft' WHERE status = 'published'",
        "UPDATE workflow_chainversion SET version = 9 WHERE status = 'published'",
        "DELETE FROM workflow_chainversion WHERE status = 'published'",
    ],
)
def test_the_database_keeps_published_chains_as_they_are(town: Town, statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_triggers_come_back_after_a_table_was_made_anew(db: None) -> None:
    drop_triggers(connection)

    call_command("migrate", verbosity=0)

    expected = {"workflow_act", "workflow_seal", "workflow_caseevent", "subsidies_payment", "subsidies_monthclaim"}
    assert expected <= {table for table, _name in installed_triggers(connection)}


def test_triggers_stay_as_they_were_where_one_cannot_be_made(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    standing = installed_triggers(connection)
    broken = ["CREATE TRIGGER tongban_nothing BEFORE UPDATE ON workflow_nothing"]
    monkeypatch.setattr(triggers, "_sqlite", lambda _connection, _tables: broken)
    monkeypatch.setattr(triggers, "_postgresql", lambda _connection, _tables: broken)

    with pytest.raises(DatabaseError):
        triggers.recreate_triggers(connection)

    assert standing
    assert set(installed_triggers(connection)) == set(standing)


def test_triggers_stand_aside_while_sqlite_makes_tables_anew(db: None) -> None:
    emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")

    standing = bool(installed_triggers(connection))
    call_command("migrate", verbosity=0)

    # SQLite renames no table that a trigger of another one looks into; PostgreSQL does, and keeps them.
    assert standing is (connection.vendor == "postgresql")
    assert installed_triggers(connection)
