"""Opinions and remarks are words about people: kept beside the record, and erased without breaking it."""

import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from tests.workflow.board import Board
from tests.workflow.factories import UserFactory
from tests.workflow.test_case import open_case
from tests.workflow.test_notices import object_to
from tests.workflow.test_remarks import returned
from tests.workflow.toy import Town
from workflow.clock import now
from workflow.enums import PERSON, Action, JobState
from workflow.models import Case, CaseEvent, Erasure, EventRemark, Job, Objection
from workflow.presentation.remarks import open_remarks
from workflow.services.notices import decide_objection
from workflow.services.verification import verify_events
from workflow.services.words import NotErased, erase_words
from workflow.triggers import drop_triggers, recreate_triggers


@pytest.fixture
def unlocked(db: None):
    drop_triggers(connection)
    yield
    recreate_triggers(connection)


def faults() -> list[str]:
    return [fault.what for fault in verify_events().faults]


def last(case: Case) -> CaseEvent:
    event = case.events.last()
    assert event is not None
    return event


def erase(event: CaseEvent) -> Erasure:
    return erase_words(event, by=UserFactory(is_staff=True), reason="本人申请")


def test_text_of_a_remark_is_not_in_the_event(town: Town) -> None:
    event = last(returned(town))

    assert "缺门牌号" not in str(CaseEvent.objects.values().get(pk=event.pk))
    assert [(row.number, row.text) for row in event.remarks.all()] == [(0, "缺门牌号")]
    assert faults() == []


def test_every_case_of_a_returned_set_keeps_its_remarks(town: Town) -> None:
    remark = {"key": "rent.street", "section": "租房", "label": "租住地址", "text": "缺门牌号"}

    cases = [town.move(town.at("county"), Action.SEND_BACK, payload={"remarks": [remark, remark]}) for _ in "ab"]

    assert [[row.text for row in last(case).remarks.all()] for case in cases] == [["缺门牌号"] * 2] * 2
    assert faults() == []


def test_erased_words_are_gone_and_the_record_still_holds(town: Town) -> None:
    case = returned(town)
    digest = last(case).digest

    erasure = erase(last(case))

    event = last(case)
    assert (event.opinion, event.opinion_salt, event.digest) == ("", "", digest)
    assert list(EventRemark.objects.values_list("text", "salt")) == [("", "")]
    assert (erasure.event_id, erasure.reason) == (event.pk, "本人申请")
    assert faults() == []


def test_page_says_that_words_were_erased(town: Town) -> None:
    case = returned(town)
    erase(last(case))

    office, person = open_case(town, case, "county").text, open_case(town, case, PERSON).text

    assert "缺门牌号" not in office + person
    assert "请补正" not in office + person
    assert "租房 · 租住地址：（已删除）" in person
    assert office.count("（已删除）") == 2


def test_words_are_erased_once(town: Town) -> None:
    case = returned(town)
    erase(last(case))

    with pytest.raises(NotErased):
        erase(last(case))
    with pytest.raises(NotErased):
        erase(case.events.get(seq=1))


def test_task_that_was_told_the_opinion_forgets_it(town: Town) -> None:
    case = returned(town)
    ended, other = (
        Job.objects.create(asked_by=town.person, created_at=now(), state=JobState.DONE, params={"opinion": opinion})
        for opinion in ("请补正", "同意")
    )

    erase(last(case))

    assert [Job.objects.get(pk=job.pk).params for job in (ended, other)] == [{"opinion": ""}, {"opinion": "同意"}]


def test_finding_that_became_the_opinion_is_erased_with_it(board: Board) -> None:
    notice, (case,) = board.published(1)
    dismissed, upheld = object_to(notice, case), object_to(notice, case)
    for objection, is_upheld in ((dismissed, False), (upheld, True)):
        decide_objection(objection, board.office, upheld=is_upheld, finding="材料不实", token=uuid.uuid4())

    erase(last(case))

    assert list(Objection.objects.order_by("pk").values_list("finding", flat=True)) == ["材料不实", "（已删除）"]
    assert faults() == []


def test_words_that_vanish_without_an_erasure_are_named(town: Town, settings) -> None:
    settings.LANGUAGE_CODE = "en"
    opinion = town.move(town.at("county"), Action.SEND_BACK)
    remark = returned(town)

    last(opinion).remarks.model.objects.filter(event__case=remark).update(text="", salt="")
    CaseEvent.objects.filter(pk=last(opinion).pk).update(opinion="", opinion_salt="")

    assert faults() == ["its words were erased, and no erasure is on record"] * 2


@pytest.mark.parametrize("changes", [{"text": "缺身份证"}, {"salt": ""}, {"number": 3}])
def test_changed_remark_is_named(town: Town, unlocked: None, settings, changes: dict[str, object]) -> None:
    settings.LANGUAGE_CODE = "en"
    returned(town)

    EventRemark.objects.update(**changes)

    assert faults() == ["its remarks were changed"]


def test_removed_remark_is_named(town: Town, unlocked: None, settings) -> None:
    settings.LANGUAGE_CODE = "en"
    returned(town)

    EventRemark.objects.all().delete()

    assert faults() == ["its remarks were changed"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_eventremark SET text = 'x'",
        "UPDATE workflow_eventremark SET text = ''",
        "UPDATE workflow_eventremark SET salt = ''",
        "UPDATE workflow_eventremark SET text = '', salt = '', number = 2",
        "DELETE FROM workflow_eventremark",
        "UPDATE workflow_erasure SET reason = 'x'",
        "DELETE FROM workflow_erasure",
    ],
)
def test_database_refuses_to_change_words_and_their_erasures(town: Town, statement: str) -> None:
    erase(last(town.move(town.at("county"), Action.SEND_BACK)))
    returned(town)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_event_that_carries_its_remarks_as_text_is_read_and_verified(town: Town, monkeypatch) -> None:
    """As they were written before they had rows of their own."""
    monkeypatch.setattr("workflow.services.recording.seal_remarks", lambda payload: (dict(payload), []))

    case = returned(town)

    assert [remark.text for remark in open_remarks(case)] == ["缺门牌号"]
    assert faults() == []


def test_command_erases_and_names_who_answers_for_it(town: Town) -> None:
    case, output = returned(town), StringIO()
    by = UserFactory(is_staff=True)

    call_command("erase_words", case.number, 4, by=by.username, reason="本人申请", stdout=output)

    assert (Erasure.objects.get().by_id, last(case).opinion) == (by.pk, "")
    assert output.getvalue() == f"Erased: {last(case)}\n"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"event": 9}, "no such event"),
        ({"event": 1}, "no words"),
        ({"by": "nobody"}, "administrator"),
        ({"reason": " "}, "reason"),
    ],
)
def test_command_refuses_what_it_cannot_answer_for(town: Town, settings, changes, said: str) -> None:
    settings.LANGUAGE_CODE = "en"
    case, by = returned(town), UserFactory(is_staff=True)
    options = {"event": 4, "by": by.username, "reason": "本人申请"} | changes

    with pytest.raises(CommandError, match=said):
        call_command("erase_words", case.number, options.pop("event"), **options)

    assert not Erasure.objects.exists()
