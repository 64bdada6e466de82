"""verify_events names the event of which any byte was altered."""

from typing import Any

import hypothesis
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from tests.fire.busy import make_busy
from tests.fire.scale import LONG, examples
from workflow.models import CaseEvent
from workflow.services.verification import verify_events

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("movable_clock", "unlocked")]

# All but the row's own key, which no statement of the record depends on.
COLUMNS = [field.column for field in CaseEvent._meta.concrete_fields if not field.primary_key]
PRINTABLE = [chr(code) for code in range(0x20, 0x7F)]


class UndoError(Exception):
    """Leaves the savepoint of one alteration."""


def read_raw(column: str, pk: int) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST({column} AS text) FROM workflow_caseevent WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def write_raw(column: str, pk: int, text: str) -> None:
    """Into a column of any type; PostgreSQL refuses what does not fit, SQLite keeps it."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE workflow_caseevent SET {column} = %s WHERE id = %s", [text, pk])


def values_of(pk: int) -> Any:
    try:
        return CaseEvent.objects.values_list(*COLUMNS).get(pk=pk)
    except (ValueError, AttributeError, TypeError):
        return "unreadable"


def altered(text: str | None, data: st.DataObject) -> str:
    """One byte differs; where nothing stood, one byte stands."""
    letter = data.draw(st.sampled_from(PRINTABLE))
    if not text:
        return letter
    place = data.draw(st.integers(0, len(text) - 1))
    assume(text[place] != letter)
    return text[:place] + letter + text[place + 1 :]


def named_after(pk: int, column: str, text: str) -> list[str]:
    """The places that verify_events names once the column says this; nothing when the value is still the same."""
    before = values_of(pk)
    places: list[str] = []
    try:
        with transaction.atomic():
            write_raw(column, pk, text)
            assume(values_of(pk) != before)
            places = [fault.where for fault in verify_events().faults]
            raise UndoError
    except UndoError:
        return places
    except DatabaseError:
        # What the database itself refuses needs no other proof.
        assume(False)
        raise


def test_event_with_an_altered_byte_is_named(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    make_busy()
    events = {event.pk: event for event in CaseEvent.objects.select_related("case")}
    assert verify_events().faults == []
    tried: set[str] = set()

    def check(data: st.DataObject) -> None:
        event = events[data.draw(st.sampled_from(sorted(events)))]
        column = data.draw(st.sampled_from(COLUMNS))
        text = altered(read_raw(column, event.pk), data)

        places = named_after(event.pk, column, text)

        place = f"case {event.case}, event {event.seq}"
        if column == "case_id":
            # It is missing in its own case, and fits nowhere in another.
            assert place in places
        elif column == "seq":
            assert places[:1] in ([place], [f"case {event.case}, event {text}"])
        else:
            assert places[:1] == [place], (column, text, places)
        tried.add(column)

    _run(check, examples(150, 4000))
    assert len(tried) > (len(COLUMNS) - 1 if LONG else 10)


def _run(check: Any, count: int) -> None:
    quiet = hypothesis.settings(
        max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    quiet(given(st.data())(check))()


@pytest.mark.parametrize("changes", [{"opinion": ""}, {"opinion_salt": ""}, {"opinion": "同意"}])
def test_half_an_erasure_is_named(changes: dict[str, str], settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    busy = make_busy()
    event = busy.returned.events.get(action="send_back")

    CaseEvent.objects.filter(pk=event.pk).update(**changes)

    assert [fault.where for fault in verify_events().faults] == [f"case {busy.returned}, event {event.seq}"]


@pytest.mark.parametrize("place", [1, 2, -1])
def test_removed_event_is_named(place: int, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    busy = make_busy()
    event = list(busy.summed_up.events.order_by("seq"))[place]

    event.delete()

    assert verify_events().faults[0].where == f"case {busy.summed_up}, event {event.seq}"


def test_event_added_before_the_first_is_named(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    busy = make_busy()
    event = busy.waiting.events.get(seq=2)

    event.pk, event.seq, event.act = None, 0, busy.paid.events.get(seq=1).act
    event.save(force_insert=True)

    assert [fault.where for fault in verify_events().faults] == [f"case {busy.waiting}, event 0"]
