"""The control: the same portal with its guards off, written the way it is usually written.

A case is read, its transition asked and called, and saved: no row is locked, no revision compared, no token looked
up, and nothing is one transaction except a batch. Only tests load this module, as another program than the product.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.db.models import F
from django_fsm import can_proceed, has_transition_perm
from kombu.exceptions import OperationalError

from portal.celery import app
from portal.wsgi import application
from subsidies.eligibility import read_all
from subsidies.filing import build_filing
from subsidies.models import RentApplication
from subsidies.rent_applying import RENT
from workflow import clock
from workflow.actors import Actor
from workflow.enums import PERSON, Action
from workflow.models import Act, Case, CaseEvent, Filing, SeatCounter
from workflow.services import selections
from workflow.services.perform import Seen

__all__ = ["application"]

TELL = "fire.tell"


def perform(action: Action, seen: Sequence[Seen], actor: Actor, *, opinion: str = "", target: str = "",
            stage: str = "", **_guards: Any) -> Act:  # fmt: skip
    """What `workflow.services.perform` is, without its guards; a batch goes row by row in the order of the ticks."""
    is_batch = len(seen) > 1
    act = Act.objects.create(
        token=uuid.uuid4(), action=action, case_type="graduate_rent", stage=stage,
        actor_id=actor.user_id, organisation_id=actor.organisation_id, at=clock.now(), asked=len(seen), done=len(seen),
    )  # fmt: skip
    with transaction.atomic() if is_batch else nullcontext():
        moves = [_move_one(row.pk, action, act, actor, target or PERSON, opinion) for row in seen]
        count(moves)
    tell(seen)
    return act


def tell(seen: Sequence[Seen]) -> None:
    """The message leaves with the request; without a broker there is none, and the page says nothing of it."""
    for pk, recipient in Case.objects.filter(pk__in=[row.pk for row in seen]).values_list("pk", "applicant"):
        with suppress(OperationalError):
            app.send_task(TELL, [recipient, pk], retry=False)


def _move_one(pk: int, action: Action, act: Act, actor: Actor, target: str, opinion: str) -> Move | None:
    case = Case.objects.get(pk=pk)
    method = getattr(case, action)
    if action == Action.APPROVE:
        stage = case.route.after(case.stage)
        plan(case, stage.slug if stage else "", case.holder_id)
    else:
        plan(case, "" if target == PERSON else target, case.holder_id)
    allowed = can_proceed(method) and has_transition_perm(method, actor)
    return move(case, action, act, actor, opinion) if allowed else None


def plan(case: Case, stage: str, holder: int | None) -> None:
    """What the machine reads: where to, and every gate open."""
    case.plan = SimpleNamespace(stage=stage, holder_id=holder, closed="")  # type: ignore[assignment]


Place = tuple[int | None, str, str]
Move = tuple[Place, Place]


def move(case: Case, action: Action, act: Act, actor: Actor, opinion: str, filing: Filing | None = None) -> Move:
    was = place_of(case)
    getattr(case, action)()
    case.holder_id = case.plan.holder_id if case.stage else None
    case.due_on = clock.today() if case.holder_id else None
    case.revision, case.seq, previous = case.revision + 1, case.seq + 1, case.head
    case.head = uuid.uuid4().hex * 2
    case.save()
    CaseEvent.objects.create(
        case=case, seq=case.seq, act=act, actor_id=actor.user_id, organisation_id=actor.organisation_id,
        action=action, from_stage=was[2], to_stage=case.stage, state=case.state, opinion=opinion,
        opinion_digest=case.head if opinion else "", filing=filing, at=act.at, previous=previous, digest=case.head,
    )  # fmt: skip
    return was, place_of(case)


def place_of(case: Case) -> Place:
    return case.holder_id, case.case_type, case.stage


def count(moves: Sequence[Move | None]) -> None:
    for ends in moves:
        for (holder, case_type, stage), delta in zip(ends or (), (-1, 1), strict=False):
            if holder is not None and stage:
                row = SeatCounter.objects.filter(organisation_id=holder, case_type=case_type, stage=stage).first()
                if row is not None:
                    SeatCounter.objects.filter(pk=row.pk).update(waiting=F("waiting") + delta)


def submit_application(application: RentApplication, actor: Actor, **_guards: Any) -> Act:
    """The form is filed with every press."""
    case = Case.objects.get(pk=application.case_id)
    whole = RentApplication.objects.whole().get(pk=application.pk)
    frozen = build_filing(whole, read_all([whole])[whole.pk])
    act = Act.objects.create(
        token=uuid.uuid4(), action=Action.SUBMIT, case_type=case.case_type, actor_id=actor.user_id, at=clock.now(),
        asked=1, done=1,
    )  # fmt: skip
    filing = Filing.objects.create(
        case=case, number=1, content=frozen.content, entitlement=frozen.entitlement, amount=frozen.amount,
        digest=uuid.uuid4().hex * 2, filed_by_id=actor.user_id, filed_at=act.at,
    )  # fmt: skip
    plan(case, "unit", case.unit_id)
    case.number = case.number or f"N{uuid.uuid4().hex[:20]}"
    count([move(case, Action.SUBMIT, act, actor, "", filing)])
    return act


def take_guards_off(names: Mapping[Any, Mapping[str, Any]]) -> None:
    for module, replacements in names.items():
        for name, replacement in replacements.items():
            assert hasattr(module, name), f"{module.__name__} has no {name} any more: the control controls nothing"
            setattr(module, name, replacement)


take_guards_off({selections: {"perform": perform}})
# The description of a service is frozen, and the addresses hold this very one.
object.__setattr__(RENT, "submit", submit_application)
