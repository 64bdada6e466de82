"""Server-side selections, and one decision over all of their cases."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from workflow import clock, registry
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Act, Case, Job, Selection
from workflow.queue import WAITING, filtered
from workflow.seats import Seat
from workflow.services.counters import SeatKey, add_to_seats
from workflow.services.jobs import actor_of, report_progress, start_job
from workflow.services.materials import describe, store_act_file
from workflow.services.perform import CHUNK, Seen, perform

# More cases than this are decided by a job with progress.
INLINE = 2_000
# The result page looks for this many further acts of one press: a million cases.
MOST_CHUNKS = 100
ALONG = "along"
JOB_KIND = "workflow.decide_selection"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the confirm page asked: the action, and what the office entered with it."""

    action: Action
    token: uuid.UUID
    target: str = ""
    opinion: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    # Slug of the next stage that the same office passes at once (同时上报至县人社局).
    along: str = ""


def select_cases(seat: Seat, user_id: int, *, ticked: Sequence[Seen], criteria: str) -> Selection:
    """Freeze what was ticked, or all that match the filter now when nothing was ticked."""
    rows = filtered(seat, QueryDict(criteria)).qs.order_by("submitted_at", "id")
    if ticked:
        seen = {row.pk: row.revision for row in ticked}
        # A row keeps the revision that the page showed: what moved since then is refused by name.
        known = Case.objects.in_reach_of(seat.organisation).of_type(seat.case_type)
        amounts = dict(known.filter(pk__in=seen).values_list("pk", "amount"))
        members = [[pk, seen[pk]] for pk in seen if pk in amounts]
        total = sum((amount or Decimal(0) for amount in amounts.values()), Decimal(0))
    else:
        found = list(rows.values_list("pk", "revision", "amount"))
        members = [[pk, revision] for pk, revision, _amount in found]
        total = sum((amount or Decimal(0) for _pk, _revision, amount in found), Decimal(0))
    return Selection.objects.create(
        user_id=user_id,
        organisation=seat.organisation,
        case_type=seat.case_type,
        stage=seat.stage.slug,
        # Empty means ticked one by one; the whole queue is a filter too.
        criteria="" if ticked else criteria or f"tab={WAITING}",
        as_of=clock.now(),
        count=len(members),
        total=total,
        members=members,
    )


def matching(seat: Seat, criteria: str) -> tuple[int, Decimal]:
    """(cases, sum) of all that match the filter: counted only when somebody asks for it."""
    found = filtered(seat, QueryDict(criteria)).qs
    return found.count(), found.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def plain_payload(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """An office's form as JSON: texts, numbers, dates as ISO, amounts as digits; files are stored beside the act."""
    return {key: _plain(value) for key, value in cleaned.items() if not isinstance(value, File) and value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def files_of(cleaned: Mapping[str, Any]) -> dict[str, File[bytes]]:
    return {key: value for key, value in cleaned.items() if isinstance(value, File)}


def decide_one(case: Case, actor: Actor, decision: Decision, files: Mapping[str, File[bytes]], revision: int) -> Act:
    """``perform`` over one case as the page showed it, with the files of the office's form."""
    seen = [Seen(case.pk, revision)]
    if not files:
        # Its own transaction is enough: no savepoint on the way of every single approval.
        return _decide_chunk(seen, actor, decision, case.stage, decision.token, files)
    with transaction.atomic():
        return _decide_chunk(seen, actor, decision, case.stage, decision.token, files)


def decide_selection(
    selection: Selection, actor: Actor, decision: Decision, files: Mapping[str, File[bytes]]
) -> Job | None:
    """Act on every member at once, or start a job for very many; the result stands under the form's token."""
    if selection.count > INLINE and not files:
        title = _("%(action)s: %(count)s cases") % {"action": decision.action.label, "count": selection.count}
        params = {"selection": selection.token.hex, **_as_params(decision)}
        return start_job(JOB_KIND, title, params, actor, total=selection.count, token=decision.token)
    for number in range(_chunks(selection)):
        decide_chunk(selection, number, actor, decision, files)
    return None


def _chunks(selection: Selection) -> int:
    return max(1, -(-len(selection.members) // CHUNK))


def _as_params(decision: Decision) -> dict[str, Any]:
    return {
        "action": str(decision.action),
        "token": decision.token.hex,
        "target": decision.target,
        "opinion": decision.opinion,
        "payload": decision.payload,
        "along": decision.along,
    }


@registry.job(JOB_KIND)
def run_decision(job: Job) -> None:
    params = dict(job.params)
    selection = Selection.objects.get(pk=uuid.UUID(params.pop("selection")))
    params |= {"action": Action(params["action"]), "token": uuid.UUID(params["token"])}
    decision, actor, done, refused = Decision(**params), actor_of(job), 0, 0
    for number in range(_chunks(selection)):
        act = decide_chunk(selection, number, actor, decision, {})
        done, refused = done + act.asked, refused + len(act.refused)
        report_progress(job, done=done, refused=refused, total=selection.count)
    job.outcome = {"page": reverse("workflow:act", args=[decision.token])}


def chunk_token(token: uuid.UUID, number: int) -> uuid.UUID:
    """Every chunk has a token that a second try finds again; the first is the form's own."""
    return uuid.uuid5(token, str(number)) if number else token


def along_token(token: uuid.UUID) -> uuid.UUID:
    return uuid.uuid5(token, ALONG)


def acts_of(token: uuid.UUID, actor: Actor) -> list[Act]:
    """All acts of one press of a button, first the decision itself, then what was passed along."""
    first = [chunk_token(token, number) for number in range(MOST_CHUNKS)]
    tokens = first + [along_token(one) for one in first]
    found = {act.pk: act for act in Act.objects.visible_to(actor).filter(pk__in=tokens)}
    return [found[one] for one in tokens if one in found]


@transaction.atomic
def decide_chunk(
    selection: Selection, number: int, actor: Actor, decision: Decision, files: Mapping[str, File[bytes]]
) -> Act:
    members = selection.members[number * CHUNK : (number + 1) * CHUNK]
    seen = [Seen(pk, revision) for pk, revision in members]
    tally: Counter[SeatKey] = Counter()
    act = _decide_chunk(seen, actor, decision, selection.stage, chunk_token(decision.token, number), files, tally)
    if decision.along and act.done:
        _pass_along(act, actor, decision, tally)
    add_to_seats(tally)
    return act


def _decide_chunk(
    seen: Sequence[Seen],
    actor: Actor,
    decision: Decision,
    stage: str,
    token: uuid.UUID,
    files: Mapping[str, File[bytes]],
    tally: Counter[SeatKey] | None = None,
) -> Act:
    # A form sent twice brings no second file, and never one to an act of somebody else.
    wanted = files if files and not Act.objects.filter(pk=token).exists() else {}
    stored = {key: describe(store_act_file(token, upload, key, actor)) for key, upload in wanted.items()}
    return perform(
        decision.action,
        seen,
        actor,
        token=token,
        opinion=decision.opinion,
        target=decision.target,
        payload=decision.payload | stored,
        stage=stage,
        tally=tally,
    )


def _pass_along(act: Act, actor: Actor, decision: Decision, tally: Counter[SeatKey]) -> None:
    """The cases that have just moved pass the next stage of the same office too, with an event of their own."""
    token = along_token(act.pk)
    if Act.objects.filter(pk=token).exists():
        return
    moved = Case.objects.filter(events__act=act, stage=decision.along).order_by("pk")
    seen = [Seen(pk, revision) for pk, revision in moved.values_list("pk", "revision")]
    perform(decision.action, seen, actor, token=token, stage=decision.along, tally=tally)
