"""verify_events finds every change that somebody with the database's password could make."""

import json
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from tests.workflow.toy import Town
from workflow.enums import Action
from workflow.models import Case, CaseEvent, Filing, Seal, SeatCounter
from workflow.services.counters import recount
from workflow.services.verification import seal_day, verify_events
from workflow.services.words import erase_words
from workflow.triggers import drop_triggers, recreate_triggers

DAY = "2026-11-16T10:00:00+08:00"
NEXT = "2026-11-17T10:00:00+08:00"
THIRD = "2026-11-19T10:00:00+08:00"


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(DAY, tick=False):
        yield


@pytest.fixture
def unlocked(db: None):
    """The triggers are gone: what a thief with all rights could do."""
    drop_triggers(connection)
    yield
    recreate_triggers(connection)


def faults() -> list[str]:
    return [str(fault) for fault in verify_events().faults]


def test_untouched_record_has_no_faults(town: Town) -> None:
    town.move(town.at("county"), Action.SEND_BACK)

    report = verify_events()

    assert (report.cases, report.events, report.faults) == (1, 4, [])


def test_erased_opinion_breaks_nothing(town: Town) -> None:
    case = town.move(town.at("county"), Action.SEND_BACK)

    erase_words(case.events.get(action=Action.SEND_BACK), by=town.person, reason="本人申请")

    assert faults() == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"payload": {"voucher": "9"}}, "its content was changed"),
        ({"actor_id": None}, "its content was changed"),
        ({"opinion": "同意"}, "its opinion was changed"),
        ({"previous": "0" * 64}, "it does not follow the event before it"),
        ({"seq": 7}, "it is missing, or its number was changed"),
    ],
)
def test_first_changed_event_is_named(
    town: Town, unlocked: None, changes: dict[str, object], what: str, settings
) -> None:
    settings.LANGUAGE_CODE = "en"
    case = town.move(town.at("county"), Action.SEND_BACK)
    event = case.events.get(seq=4)

    CaseEvent.objects.filter(pk=event.pk).update(**changes)

    assert faults() == [f"case {case}, event 4: {what}"]


def test_changed_filing_shows(town: Town, unlocked: None) -> None:
    case = town.at("unit")
    filing = case.filings.get()

    Filing.objects.filter(pk=filing.pk).update(content=filing.content | {"sections": []})

    assert len(faults()) == 1


def test_filing_changed_together_with_its_digest_shows(town: Town, unlocked: None) -> None:
    case = town.at("unit")

    Filing.objects.filter(case=case).update(content={}, digest="0" * 64)

    assert faults() != []


def test_removed_last_event_shows(town: Town, unlocked: None) -> None:
    case = town.at("county")

    case.events.last().delete()

    assert len(faults()) == 1


def test_case_moved_without_an_event_shows(town: Town) -> None:
    case = town.at("county")

    Case.objects.filter(pk=case.pk).update(stage="city")

    assert len(faults()) == 1


def test_changed_amount_shows(town: Town) -> None:
    case = town.at("county")

    Case.objects.filter(pk=case.pk).update(amount=99_999)

    assert len(faults()) == 1


def test_changed_entitlement_shows(town: Town, unlocked: None) -> None:
    case = town.at("unit")

    Filing.objects.filter(case=case).update(entitlement={"months": 36})

    assert len(faults()) == 1


def test_case_that_ends_without_any_event_shows(town: Town) -> None:
    case = town.draft()

    Case.objects.filter(pk=case.pk).update(state="approved")

    assert len(faults()) == 1


def test_case_without_its_past_shows(town: Town, unlocked: None) -> None:
    case = town.at("unit")

    case.events.all().delete()

    assert any(str(case) in fault for fault in faults())


def test_every_day_that_is_over_is_sealed_once(town: Town) -> None:
    town.at("county")
    assert seal_day() == 0

    with time_machine.travel(THIRD, tick=False):
        assert seal_day() == 3
        assert seal_day() == 0

    first, *others = Seal.objects.order_by("day")
    assert (first.cases, first.events) == (1, 3)
    assert [seal.previous for seal in others] == [seal.digest for seal in [first, *others][:-1]]


def test_day_is_not_sealed_while_its_last_transactions_may_still_end(town: Town) -> None:
    town.at("county")

    with time_machine.travel("2026-11-17T00:05:00+08:00", tick=False):
        assert seal_day() == 0
    with time_machine.travel("2026-11-17T00:10:00+08:00", tick=False):
        assert seal_day() == 1


def test_seals_grow_with_the_record(town: Town) -> None:
    town.at("county")
    with time_machine.travel(NEXT, tick=False):
        seal_day()
        town.at("unit")
    with time_machine.travel(THIRD, tick=False):
        seal_day()

        assert [(seal.cases, seal.events) for seal in Seal.objects.order_by("day")] == [(1, 3), (2, 4), (2, 4)]
        assert faults() == []


def test_tail_removed_with_the_head_of_its_case_shows_in_the_seal(town: Town, unlocked: None) -> None:
    case = town.at("county")
    with time_machine.travel(NEXT, tick=False):
        seal_day()
    last, before = case.events.order_by("-seq")[:2]

    last.delete()
    Case.objects.filter(pk=case.pk).update(head=before.digest, seq=before.seq)
    Case.objects.filter(pk=case.pk).update(stage=before.to_stage)

    assert len(faults()) == 1
    assert "2026-11-16" in faults()[0]


def test_command_names_the_fault_and_fails(town: Town) -> None:
    case = town.at("county")
    Case.objects.filter(pk=case.pk).update(head="0" * 64)
    errors = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("verify_events", stdout=StringIO(), stderr=errors)

    assert end.value.code == 1
    assert str(case) in errors.getvalue()


def test_command_tells_what_it_proved(town: Town) -> None:
    town.at("county")
    output = StringIO()

    call_command("verify_events", stdout=output)

    assert output.getvalue() == "1 cases, 3 events, 0 seals: 0 faults\n"


def test_seals_are_exported_line_by_line(town: Town) -> None:
    town.at("county")
    with time_machine.travel(NEXT, tick=False):
        seal_day()
    output = StringIO()

    call_command("export_seals", stdout=output)

    record = json.loads(output.getvalue())
    assert (record["day"], record["digest"]) == ("2026-11-16", Seal.objects.get().digest)


def test_recount_agrees_with_the_kept_counters(town: Town) -> None:
    town.at("county")
    town.move(town.at("county"), Action.SEND_BACK)

    assert recount() == []


def test_wrong_counter_is_found_and_repaired(town: Town) -> None:
    town.at("county")
    SeatCounter.objects.filter(stage="county").update(waiting=5)
    errors = StringIO()

    with pytest.raises(SystemExit):
        call_command("check_counters", stdout=StringIO(), stderr=errors)
    call_command("check_counters", repair=True, stdout=StringIO(), stderr=StringIO())

    assert "5 kept, 1 counted" in errors.getvalue()
    assert recount() == []
