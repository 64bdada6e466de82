"""Writing what the machine decided: cases, events and messages, one statement each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter, itemgetter
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.actors import STANDS_IN_FOR, Actor
from workflow.bulk import insert_rows, update_rows
from workflow.digests import EventSpelling, salted_digest
from workflow.enums import Action
from workflow.models import Case, CaseEvent, Filing, OutboxMessage
from workflow.registry import ActContext, Move
from workflow.services.counters import SeatKey
from workflow.services.own_papers import hold_filed
from workflow.services.words import keep_remarks, seal_remarks

# What every move changes, and what a submission changes besides.
MOVE_FIELDS = (
    "id", "state", "stage", "holder", "resume_stage", "entered_at", "due_on", "decided_at", "closed_at",
    "revision", "seq", "head",
)  # fmt: skip
SUBMIT_FIELDS = (*MOVE_FIELDS, "number", "subject", "subject_key", "summary", "amount", "submitted_at")
EVENT_FIELDS = (
    "case", "seq", "act", "actor", "organisation", "action", "from_stage", "to_stage", "state", "opinion",
    "opinion_salt", "opinion_digest", "payload", "filing", "irreversible", "at", "previous", "digest",
)  # fmt: skip
MESSAGE_FIELDS = ("kind", "case", "recipient", "organisation", "context", "created_at", "attempts", "error")


class Standing(Protocol):
    case_id: int
    case_type: str
    stage: str
    holder_id: int | None
    due_on: date | None


def event_body(event: Mapping[str, Any]) -> dict[str, Any]:
    """What the digest covers; the opinion's text enters only through its salted digest."""
    return {key: event[key] for key in EVENT_FIELDS if key not in ("opinion", "opinion_salt", "previous", "digest")}


class _Events:
    """Writes the events of one act; moves between the same two places share all but a few of their values."""

    def __init__(self, context: ActContext) -> None:
        self.context = context
        self.payload, self.remarks = seal_remarks(context.payload)
        if context.actor.stands_in_for_id is not None:
            # Under the digest like everything else: whose seat it was.
            self.payload[STANDS_IN_FOR] = context.actor.stands_in_for_id
        self._shared: dict[tuple[Any, ...], tuple[dict[str, Any], EventSpelling]] = {}

    def of(self, move: Move, filing: Filing | None, irreversible: bool) -> dict[str, Any]:
        case, salt, opinion_digest = move.case, "", ""
        if self.context.opinion:
            salt, opinion_digest = salted_digest(self.context.opinion)
        shared, spelling = self._share(move, filing, irreversible)
        event = {
            **shared, "case": case.id, "seq": case.seq, "previous": case.head,
            "opinion_salt": salt, "opinion_digest": opinion_digest,
        }  # fmt: skip
        event["digest"] = spelling.digest(event)
        return event

    def _share(self, move: Move, filing: Filing | None, irreversible: bool) -> tuple[dict[str, Any], EventSpelling]:
        from_stage = move.from_stage.slug if move.from_stage is not None else ""
        key = from_stage, move.case.stage, str(move.case.state), filing.pk if filing is not None else None, irreversible
        if key not in self._shared:
            shared = self._body(*key, digest=filing.digest if filing is not None else "")
            body = event_body({**shared, "case": 0, "seq": 0, "opinion_digest": ""})
            self._shared[key] = shared, EventSpelling(body, numbers=["case", "seq"], texts=["opinion_digest"])
        return self._shared[key]

    def _body(
        self, from_stage: str, to_stage: str, state: str, filing: int | None, irreversible: bool, *, digest: str
    ) -> dict[str, Any]:
        context = self.context
        return {
            "act": context.act.pk.hex,
            "actor": context.actor.user_id,
            "organisation": context.actor.organisation_id,
            "action": str(context.act.action),
            "from_stage": from_stage,
            "to_stage": to_stage,
            "state": state,
            "opinion": context.opinion,
            # The filing enters the chain by its digest.
            "payload": {**self.payload, "filing": digest} if filing is not None else self.payload,
            "filing": filing,
            "irreversible": irreversible,
            "at": context.at,
        }


def record(
    action: Action,
    deeds: Sequence[tuple[ActContext, Sequence[Move]]],
    *,
    previous: Iterable[Standing],
    frozen: Mapping[int, Filing],
    irreversible: set[int],
) -> Counter[SeatKey]:
    """Write what each act has moved; one statement for all of a kind.

    Answers by how much the counters of the seats must change: the caller adds it, last of all.
    """
    moves = [move for _context, moved in deeds for move in moved]
    if not moves:
        return Counter()
    hold_filed(Filing.objects.bulk_create([frozen[move.case.pk] for move in moves if move.case.pk in frozen]))
    writers = [_Events(context) for context, _moved in deeds]
    events = []
    for writer, (_context, moved) in zip(writers, deeds, strict=True):
        for move in moved:
            case = move.case
            case.seq += 1
            case.revision += 1
            event = writer.of(move, frozen.get(case.pk), case.pk in irreversible)
            case.head = event["digest"]
            events.append(event)
    fields = SUBMIT_FIELDS if action == Action.SUBMIT else MOVE_FIELDS
    update_rows(Case, fields, list(map(attrgetter(*map(_attribute, fields)), (move.case for move in moves))))
    insert_rows(CaseEvent, EVENT_FIELDS, list(map(itemgetter(*EVENT_FIELDS), events)))
    for writer in writers:
        keep_remarks(writer.context.act.pk, writer.remarks)
    insert_rows(OutboxMessage, MESSAGE_FIELDS, [row for context, moved in deeds for row in _messages(moved, context)])
    return _count(moves, previous)


def _attribute(field: str) -> str:
    return "holder_id" if field == "holder" else field


def _messages(moves: Sequence[Move], context: ActContext) -> list[tuple[Any, ...]]:
    kind = f"case.{context.act.action}"
    # Cases on the same stretch of their way share the same words.
    words: dict[int, dict[str, int]] = {}
    rows: list[tuple[Any, ...]] = [
        (
            kind,
            move.case.pk,
            move.case.applicant_id,
            None,
            words.setdefault(move.case.seq, {"seq": move.case.seq}),
            context.at,
            0,
            "",
        )
        for move in moves
        if move.case.applicant_id != context.actor.user_id
    ]
    rows += [
        (
            extra["kind"],
            extra.get("case_id"),
            extra.get("recipient_id"),
            extra.get("organisation_id"),
            extra.get("context", {}),
            context.at,
            0,
            "",
        )
        for extra in context.messages
    ]
    return rows


def _count(moves: Sequence[Move], previous: Iterable[Standing]) -> Counter[SeatKey]:
    moved = {move.case.pk: move.case for move in moves}
    deltas: Counter[SeatKey] = Counter()
    for was in previous:
        case = moved.get(was.case_id)
        if case is None:
            continue
        if was.holder_id is not None and was.due_on is not None:
            deltas[was.holder_id, was.case_type, was.stage, was.due_on] -= 1
        if case.holder_id is not None and case.due_on is not None:
            deltas[case.holder_id, case.case_type, case.stage, case.due_on] += 1
    return deltas


def faster_reasons(cases: Sequence[Case], reader: Actor) -> dict[int, str]:
    """Tells whoever came second who was faster and what they did; one query."""
    if not cases:
        return {}
    events = CaseEvent.objects.filter(case__in=cases).select_related("actor", "organisation").order_by("case", "seq")
    last = {event.case_id: event for event in events}
    return {case.pk: _faster(case, last.get(case.pk), reader) for case in cases}


def _faster(case: Case, event: CaseEvent | None, reader: Actor) -> str:
    if event is None:
        return _("The case has changed since you opened it. Look at it again and decide anew.")
    return _("%(who)s was faster: “%(action)s” on %(time)s; the case is now “%(status)s”.") % {
        "who": _who(event, reader),
        "action": Action(event.action).label,
        "time": timezone.localtime(event.at).strftime("%Y-%m-%d %H:%M"),
        "status": case.status,
    }


def _who(event: CaseEvent, reader: Actor) -> str:
    """Colleagues of one office are told apart by name; to everybody else an office is one."""
    if event.actor is not None and event.actor_id == reader.user_id:
        return _("You yourself, in another window,")
    if event.organisation is not None and event.organisation_id == reader.organisation_id:
        return f"{event.organisation} {event.actor or ''}".strip()
    return str(event.organisation or event.actor or _("The system"))
