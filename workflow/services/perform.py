"""The only function that moves cases. One case is a set of one, so single and batch are the same path."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed, has_transition_perm

from workflow import clock, registry
from workflow.actors import Actor
from workflow.authority import is_free
from workflow.enums import NEEDS_OPINION, Action
from workflow.models import Act, Case, Filing
from workflow.planning import Planner, entitlement_changed
from workflow.registry import ActContext, Move
from workflow.services.answers import answer_again
from workflow.services.batches import put_back_those_that_left, take_out_those_before
from workflow.services.counters import SeatKey, add_to_seats
from workflow.services.filings import FilingDraft, freeze
from workflow.services.numbering import next_case_number, number_first_submissions
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


@dataclass(slots=True)
class _Attempt:
    """One chunk on its way: what is asked, what was refused, what moved."""

    action: Action
    actor: Actor
    at: datetime
    case_type: str = ""
    refused: dict[int, str] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)


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
    token = token or uuid.uuid4()
    try:
        return _perform(action, seen, actor, token, opinion.strip(), target, payload or {}, filings or {}, stage, tally)
    except IntegrityError:
        return answer_again(token, action, seen, actor)


def perform_one(action: Action, case: Case, actor: Actor, **options: Any) -> Act:
    """``perform`` over one case as it was read; raises Refused with the reason."""
    act = perform(action, [Seen(case.pk, case.revision)], actor, **options)
    if not act.done:
        raise Refused(act.refused[0]["reason"])
    return act


@transaction.atomic
def _perform(
    action: Action,
    seen: Sequence[Seen],
    actor: Actor,
    token: uuid.UUID,
    opinion: str,
    target: str,
    payload: Mapping[str, Any],
    filings: Mapping[int, FilingDraft],
    stage: str,
    tally: Counter[SeatKey] | None,
) -> Act:
    attempt = _Attempt(action, actor, clock.now())
    cases = _lock(seen, attempt, stage)
    frozen = freeze(cases, filings, actor, attempt.at)
    _plan(cases, attempt, target, frozen)
    before = [_Before(case) for case in cases]
    for case in cases:
        _move(case, attempt)
    if action == Action.SUBMIT:
        number_first_submissions(attempt.moves, clock.local_date(attempt.at))
    act = Act(
        token=token,
        action=action,
        case_type=attempt.case_type,
        stage=stage or (before[0].stage if before else ""),
        actor_id=actor.user_id,
        organisation_id=actor.organisation_id,
        at=attempt.at,
        asked=len(seen),
    )
    context = ActContext(act, actor, attempt.at, opinion, payload)
    irreversible = _apply_effects(attempt, context)
    if any(_went_back(move) for move in attempt.moves):
        take_out_those_before([move.case for move in attempt.moves if _went_back(move)], at=attempt.at)
    if action == Action.TAKE_BACK:
        undone = [move.case for move in attempt.moves if move.case.last_event.action in NEEDS_OPINION]
        put_back_those_that_left({case.pk: case.last_event.at for case in undone}, at=attempt.at)
    deltas = record(attempt.moves, context, previous=before, frozen=frozen, irreversible=irreversible)
    act.done = len(attempt.moves)
    act.amount = sum((move.case.amount or Decimal(0) for move in attempt.moves), Decimal(0))
    act.refused = _refusals(seen, attempt, cases)
    act.save(force_insert=True)
    if tally is None:
        add_to_seats(deltas)
    else:
        tally.update(deltas)
    transaction.on_commit(wake_workers)
    return act


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


def _lock(seen: Sequence[Seen], attempt: _Attempt, stage: str) -> list[Case]:
    """Lock in key order (no deadlock) and leave out what is gone, elsewhere or newer than what the person saw."""
    revisions = {row.pk: row.revision for row in seen}
    cases = list(Case.objects.locked(revisions))
    attempt.case_type = cases[0].case_type if cases else ""
    stale = [case for case in cases if case.revision != revisions[case.pk] or stage not in ("", case.stage)]
    attempt.refused |= faster_reasons(stale, attempt.actor)
    for pk in revisions.keys() - {case.pk for case in cases}:
        attempt.refused[pk] = _("This case no longer exists.")
    return [case for case in cases if case.pk not in attempt.refused]


def _plan(cases: list[Case], attempt: _Attempt, target: str, frozen: Mapping[int, Filing]) -> None:
    if not cases:
        return
    planner = Planner(attempt.action, cases, target=target, at=attempt.at)
    for case in cases:
        filing = frozen.get(case.pk)
        restart = filing is not None and entitlement_changed(case, filing.entitlement, case.previous_entitlement)
        case.plan = planner.plan(case, restart=restart)


def _move(case: Case, attempt: _Attempt) -> None:
    """Ask the machine; what it refuses gets its reason."""
    reason = refusal(case, attempt.action, attempt.actor)
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
        if not case.number:
            code = registry.case_type_of(case).code
            case.number = next_case_number(case.region_id, code, clock.local_date(attempt.at))
    elif attempt.action == Action.TAKE_BACK:
        # The first decision undone: the person may withdraw again.
        case.decided_at = None if case.decided_at == case.last_event.at else case.decided_at
    elif case.decided_at is None and not attempt.actor.is_person:
        case.decided_at = attempt.at
    case.closed_at = attempt.at if case.is_final else None
    attempt.moves.append(Move(case, from_stage, case.current_stage))


def denial(case: Case, action: Action, actor: Actor) -> str:
    """Why this actor may never make this move as things stand: legality, then authority; gates are not asked."""
    method = getattr(case, action)
    if not can_proceed(method, check_conditions=False):
        return _("The case is “%(status)s”: this step is not possible now.") % {"status": case.status}
    meta = method._django_fsm
    if not meta.has_transition_perm(case, meta.field.get_state(case), actor):
        return _no_authority(case, actor)
    return ""


def refusal(case: Case, action: Action, actor: Actor) -> str:
    """Why the machine would not make this move: "" when it would. Legality, then authority, then gates."""
    method = getattr(case, action)
    if can_proceed(method) and has_transition_perm(method, actor):  # type: ignore[arg-type]
        return ""
    closed = case.plan.closed if case.plan is not None else ""
    return (
        denial(case, action, actor)
        or closed
        or _("The office has already begun to decide: the case can no longer be withdrawn.")
    )


def _no_authority(case: Case, actor: Actor) -> str:
    if actor.user_id is not None and actor.organisation is not None:
        if actor.user_id == case.applicant_id:
            return _("Nobody decides their own case.")
        if actor.user_id in case.barred_users:
            return _("You decided this case at an earlier step; another person must act here (four eyes).")
        if actor.stands_in_for_id is not None and not is_free(case, actor.stands_in_for_id):
            return _("The person for whom you stand in filed this case or decided it at an earlier step.")
    return _("You have no authority for this case at its present step.")


def _apply_effects(attempt: _Attempt, context: ActContext) -> set[int]:
    """Run the effects of each group of moves; answers the cases whose event can never be taken back."""
    irreversible: set[int] = set()
    moves = {move.case.pk: move for move in attempt.moves}
    groups: dict[tuple[int, str], list[Move]] = {}
    for move in moves.values():
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
    if move.to_stage is None:
        return move.case.state in ("rejected", "withdrawn")
    return move.from_stage is None or route.position(move.to_stage.slug) < route.position(move.from_stage.slug)


def _refusals(seen: Sequence[Seen], attempt: _Attempt, cases: Sequence[Case]) -> list[dict[str, Any]]:
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
