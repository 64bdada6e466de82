"""The only function that moves cases. One case is a set of one, so single and batch are the same path."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from workflow import clock, registry
from workflow.actors import Actor
from workflow.enums import NEEDS_OPINION, Action
from workflow.models import Act, Case, Filing
from workflow.planning import Planner, entitlement_changed
from workflow.registry import ActContext, Move
from workflow.services.answers import answer_again
from workflow.services.batches import put_back_those_that_left, take_out_those_before
from workflow.services.counters import SeatKey, add_to_seats
from workflow.services.denials import refusal
from workflow.services.filings import FilingDraft, freeze
from workflow.services.numbering import number_first_submissions
from workflow.services.recording import faster_reasons, record
from workflow.worker_wake import wake_workers

CHUNK = 10_000


class Refused(Exception):
    """A single case could not be moved; the message is for the person who pressed the button."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as the person saw it: a newer revision means that somebody was faster."""

    pk: int
    revision: int


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button: whose, over which cases, and what its form carried."""

    actor: Actor
    seen: Sequence[Seen]
    token: uuid.UUID
    opinion: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Attempt:
    """One press on its way: what is asked, what was refused, what moved."""

    action: Action
    press: Press
    at: datetime
    case_type: str = ""
    cases: list[Case] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return self.press.actor

    def context(self, act: Act) -> ActContext:
        return ActContext(act, self.actor, self.at, self.press.opinion, self.press.payload)


def perform(
    action: Action,
    seen: Sequence[Seen],
    actor: Actor,
    *,
    token: uuid.UUID | None = None,
    opinion: str = "",
    target: str = "",
    payload: Mapping[str, Any] | None = None,
    filings: Mapping[int, FilingDraft] | None = None,
    stage: str = "",
    tally: Counter[SeatKey] | None = None,
) -> Act:
    """Move every case that may move, refuse the others by name; one transaction for at most 10,000 cases.

    ``token`` is the form's token: a second call with it changes nothing and returns the first act. A token spent on
    something else moves nothing: every case is refused, and the answer is not kept.
    ``target`` of a return: "person" or the slug of an earlier stage. ``stage`` names the seat acted in: a case that
    stands elsewhere is refused, for the office's form was that seat's.
    ``tally``: a transaction of several acts gathers here what their counters change by, and adds it once, in key
    order, at its end; two that added after each act could lock each other out.
    Raises ValueError for a set that is too large or a return without an opinion.
    """
    if len(seen) > CHUNK:
        raise ValueError(f"At most {CHUNK} cases move in one transaction.")
    if action in NEEDS_OPINION and not opinion.strip():
        raise ValueError("A return or a rejection needs an opinion.")
    press = Press(actor, seen, token or uuid.uuid4(), opinion.strip(), payload or {})
    try:
        with transaction.atomic():
            (act,) = perform_all(action, [press], target=target, filings=filings, stage=stage, tally=tally)
            return act
    except IntegrityError:
        return answer_again(press.token, action, seen, actor)


def perform_one(action: Action, case: Case, actor: Actor, **options: Any) -> Act:
    """``perform`` over one case as it was read; raises Refused with the reason."""
    act = perform(action, [Seen(case.pk, case.revision)], actor, **options)
    if not act.done:
        raise Refused(act.refused[0]["reason"])
    return act


@transaction.atomic(savepoint=False)
def perform_all(
    action: Action,
    presses: Sequence[Press],
    *,
    target: str = "",
    filings: Mapping[int, FilingDraft] | None = None,
    stage: str = "",
    tally: Counter[SeatKey] | None = None,
    locked: Iterable[Case] | None = None,
) -> list[Act]:
    """The same button pressed by several hands, each over cases of its own: an act for each, in one transaction.

    ``locked``: all these cases, where the caller has read them by ``Case.objects.locked`` in this transaction.
    Raises ValueError where two presses name one case, and IntegrityError where a constraint refuses any of it; then the
    caller's transaction must roll back.
    """
    at = clock.now()
    attempts = [_Attempt(action, press, at) for press in presses]
    cases = _lock(attempts, stage, locked)
    frozen = freeze(cases, filings or {}, at)
    _plan(action, cases, target, frozen, at)
    before = {case.pk: _Before(case) for case in cases}
    for attempt in attempts:
        for case in attempt.cases:
            _move(case, attempt)
    moves = [move for attempt in attempts for move in attempt.moves]
    if action == Action.SUBMIT:
        number_first_submissions(moves, clock.local_date(at))
    contexts = [attempt.context(_act(attempt, stage, before)) for attempt in attempts]
    irreversible = set().union(*map(_apply_effects, attempts, contexts))
    if left := [move.case for move in moves if _went_back(move)]:
        take_out_those_before(left, at=at)
    if action == Action.TAKE_BACK:
        undone = [move.case for move in moves if move.case.last_event.action in NEEDS_OPINION]
        put_back_those_that_left({case.pk: case.last_event.at for case in undone}, at=at)
    deeds = [(context, attempt.moves) for context, attempt in zip(contexts, attempts, strict=True)]
    deltas = record(action, deeds, previous=before.values(), frozen=frozen, irreversible=irreversible)
    acts = [context.act for context in contexts]
    Act.objects.bulk_create(acts)
    if tally is None:
        add_to_seats(deltas)
    else:
        tally.update(deltas)
    transaction.on_commit(wake_workers)
    return acts


def _act(attempt: _Attempt, stage: str, before: Mapping[int, _Before]) -> Act:
    """The row of this press, unsaved."""
    first = attempt.cases[0] if attempt.cases else None
    return Act(
        token=attempt.press.token,
        action=attempt.action,
        case_type=attempt.case_type,
        stage=stage or (before[first.pk].stage if first is not None else ""),
        actor_id=attempt.actor.user_id,
        organisation_id=attempt.actor.organisation_id,
        at=attempt.at,
        asked=len(attempt.press.seen),
        done=len(attempt.moves),
        amount=sum((move.case.amount or Decimal(0) for move in attempt.moves), Decimal(0)),
        refused=_refusals(attempt),
    )


@dataclass(slots=True)
class _Before:
    """Where a case stood, for the counters."""

    case_id: int
    case_type: str
    stage: str
    holder_id: int | None
    due_on: date | None

    def __init__(self, case: Case) -> None:
        self.case_id, self.case_type, self.stage = case.pk, case.case_type, case.stage
        self.holder_id, self.due_on = case.holder_id, case.due_on


def _lock(attempts: Sequence[_Attempt], stage: str, locked: Iterable[Case] | None) -> list[Case]:
    """Lock in key order (no deadlock) and leave out what is gone, elsewhere or newer than what the person saw."""
    named = [{row.pk for row in attempt.press.seen} for attempt in attempts]
    keys = set[int]().union(*named)
    if len(keys) < sum(map(len, named)):
        raise ValueError("Each press moves cases of its own.")
    found = {case.pk: case for case in (Case.objects.locked(keys) if locked is None else locked)}
    for attempt in attempts:
        _sort_out(attempt, found, stage)
    return [case for attempt in attempts for case in attempt.cases]


def _sort_out(attempt: _Attempt, found: Mapping[int, Case], stage: str) -> None:
    revisions = {row.pk: row.revision for row in attempt.press.seen}
    cases = [found[pk] for pk in sorted(revisions) if pk in found]
    attempt.case_type = cases[0].case_type if cases else ""
    stale = [case for case in cases if case.revision != revisions[case.pk] or stage not in ("", case.stage)]
    attempt.refused |= faster_reasons(stale, attempt.actor)
    for pk in revisions.keys() - found.keys():
        attempt.refused[pk] = _("This case no longer exists.")
    attempt.cases = [case for case in cases if case.pk not in attempt.refused]


def _plan(action: Action, cases: list[Case], target: str, frozen: Mapping[int, Filing], at: datetime) -> None:
    if not cases:
        return
    planner = Planner(action, cases, target=target, at=at)
    for case in cases:
        filing = frozen.get(case.pk)
        restart = filing is not None and entitlement_changed(case, filing.entitlement, case.previous_entitlement)
        case.plan = planner.plan(case, restart=restart)


def _move(case: Case, attempt: _Attempt) -> None:
    """Ask the machine; what it refuses gets its reason."""
    reason = refusal(case, attempt.action, attempt.actor) or registry.why_limited(attempt.actor, case.case_type)
    if reason:
        attempt.refused[case.pk] = reason
        return
    from_stage, plan = case.current_stage, case.plan
    assert plan is not None
    getattr(case, attempt.action)()
    case.holder_id = plan.holder_id
    case.due_on = plan.due_on
    case.entered_at = attempt.at
    if attempt.action == Action.SUBMIT:
        case.submitted_at = attempt.at
    elif attempt.action == Action.TAKE_BACK:
        # The first decision undone: the person may withdraw again.
        case.decided_at = None if case.decided_at == case.last_event.at else case.decided_at
    elif case.decided_at is None and not attempt.actor.is_person:
        case.decided_at = attempt.at
    case.closed_at = attempt.at if case.is_final else None
    attempt.moves.append(Move(case, from_stage, case.current_stage))


def _apply_effects(attempt: _Attempt, context: ActContext) -> set[int]:
    """Run the effects of each group of moves; answers the cases whose event can never be taken back."""
    irreversible: set[int] = set()
    groups: dict[tuple[int, str], list[Move]] = {}
    for move in attempt.moves:
        slug = move.from_stage.slug if move.from_stage is not None else ""
        groups.setdefault((move.case.chain_id, slug), []).append(move)
    for group in groups.values():
        stage = group[0].from_stage
        keys = list(stage.effects) if stage is not None and attempt.action == Action.APPROVE else []
        keys += registry.case_type_of(group[0].case).effects.get(attempt.action, ())
        for key in keys:
            registry.effects[key](group, context)
        if registry.irreversible_effects & set(keys):
            irreversible |= {move.case.pk for move in group}
    return irreversible


def _went_back(move: Move) -> bool:
    """The case left the line forward: it stands before where it stood, or is out for good."""
    route = move.case.route
    if move.from_stage is None and not move.case.seq:
        return False  # never filed before: no batch has had it
    if move.to_stage is None:
        return move.case.state in ("rejected", "withdrawn")
    return move.from_stage is None or route.position(move.to_stage.slug) < route.position(move.from_stage.slug)


def _refusals(attempt: _Attempt) -> list[dict[str, Any]]:
    if not attempt.refused:
        return []
    named = {case.pk: case for case in Case.objects.filter(pk__in=attempt.refused).only("number", "subject")}
    return [
        {
            "case": pk,
            "number": named[pk].number if pk in named else "",
            "subject": named[pk].subject if pk in named else "",
            "reason": reason,
        }
        for pk, reason in sorted(attempt.refused.items())
    ]
