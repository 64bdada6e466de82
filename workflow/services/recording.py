"""Writing what the machine decided: cases, events, messages and counters, one statement each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.bulk import add_to_counters, insert_rows, update_rows
from workflow.digests import event_digest, salted_digest
from workflow.enums import Action
from workflow.models import Case, CaseEvent, Filing, OutboxMessage, SeatCounter
from workflow.registry import ActContext, Move

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


def event_body(event: Mapping[str, Any]) -> dict[str, Any]:
    """What the digest covers; the opinion's text enters only through its salted digest."""
    return {key: event[key] for key in EVENT_FIELDS if key not in ("opinion", "opinion_salt", "previous", "digest")}


def _event_of(move: Move, context: ActContext, filing: Filing | None, irreversible: bool) -> dict[str, Any]:
    case, salt, opinion_digest = move.case, "", ""
    if context.opinion:
        salt, opinion_digest = salted_digest(context.opinion)
    event: dict[str, Any] = {
        "case": case.pk,
        "seq": case.seq,
        "act": context.act.pk.hex,
        "actor": context.actor.user_id,
        "organisation": context.actor.organisation_id,
        "action": str(context.act.action),
        "from_stage": move.from_stage.slug if move.from_stage is not None else "",
        "to_stage": case.stage,
        "state": str(case.state),
        "opinion": context.opinion,
        "opinion_salt": salt,
        "opinion_digest": opinion_digest,
        # The filing enters the chain by its digest.
        "payload": {**context.payload, "filing": filing.digest} if filing is not None else dict(context.payload),
        "filing": filing.pk if filing is not None else None,
        "irreversible": irreversible,
        "at": context.at,
        "previous": case.head,
    }
    event["digest"] = event_digest(case.head, event_body(event))
    return event


def record(
    moves: Sequence[Move],
    context: ActContext,
    *,
    previous: Iterable[Standing],
    frozen: Mapping[int, Filing],
    irreversible: set[int],
) -> None:
    if not moves:
        return
    Filing.objects.bulk_create([frozen[move.case.pk] for move in moves if move.case.pk in frozen])
    events = []
    for move in moves:
        case = move.case
        case.seq += 1
        case.revision += 1
        event = _event_of(move, context, frozen.get(case.pk), case.pk in irreversible)
        case.head = event["digest"]
        events.append(event)
    fields = SUBMIT_FIELDS if context.act.action == Action.SUBMIT else MOVE_FIELDS
    update_rows(Case, fields, [[_value(move.case, name) for name in fields] for move in moves])
    insert_rows(CaseEvent, EVENT_FIELDS, [[event[name] for name in EVENT_FIELDS] for event in events])
    insert_rows(OutboxMessage, MESSAGE_FIELDS, _messages(moves, context))
    _count(moves, previous)


def _value(case: Case, name: str) -> Any:
    return case.holder_id if name == "holder" else getattr(case, name)


def _messages(moves: Sequence[Move], context: ActContext) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        (
            f"case.{context.act.action}",
            move.case.pk,
            move.case.applicant_id,
            None,
            {"seq": move.case.seq},
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


def _count(moves: Sequence[Move], previous: Iterable[Standing]) -> None:
    deltas: Counter[tuple[int, str, str]] = Counter()
    moved = {move.case.pk: move.case for move in moves}
    for was in previous:
        case = moved.get(was.case_id)
        if case is None:
            continue
        if was.holder_id is not None and was.stage:
            deltas[was.holder_id, was.case_type, was.stage] -= 1
        if case.holder_id is not None and case.stage:
            deltas[case.holder_id, case.case_type, case.stage] += 1
    rows = [(*key, delta) for key, delta in deltas.items() if delta]
    add_to_counters(SeatCounter, ("organisation", "case_type", "stage"), "waiting", rows)


def faster_reasons(cases: Sequence[Case]) -> dict[int, str]:
    """Tells whoever came second who was faster and what they did; one query."""
    if not cases:
        return {}
    events = CaseEvent.objects.filter(case__in=cases).select_related("actor", "organisation").order_by("case", "seq")
    last = {event.case_id: event for event in events}
    return {case.pk: _faster(case, last.get(case.pk)) for case in cases}


def _faster(case: Case, event: CaseEvent | None) -> str:
    if event is None:
        return _("The case has changed since you opened it. Look at it again and decide anew.")
    who = event.organisation or event.actor or _("The system")
    return _("%(who)s was faster: “%(action)s” on %(time)s; the case is now “%(status)s”.") % {
        "who": who,
        "action": Action(event.action).label,
        "time": timezone.localtime(event.at).strftime("%Y-%m-%d %H:%M"),
        "status": case.status,
    }
