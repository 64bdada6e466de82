"""Who may press which button: the predicates in the ``permission`` and ``conditions`` slots of the transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.actors import Actor
from workflow.enums import OPEN_TO_PERSON, PERSON
from workflow.registry import types_by_unit

if TYPE_CHECKING:
    from workflow.models import Case


def may_file(case: Case, actor: Actor) -> bool:
    """The applicant, acting for himself and for no office; what a unit files, whoever acts for the unit."""
    if actor.is_unit and actor.organisation_id == case.unit_id:
        return case.case_type in types_by_unit()
    return actor.user_id is not None and actor.user_id == case.applicant_id and actor.is_person


def may_withdraw(case: Case, actor: Actor) -> bool:
    """The applicant, or the system for what was left lying for too long."""
    return actor.is_system or may_file(case, actor)


def may_decide(case: Case, actor: Actor) -> bool:
    """The holder's people in the stage's role; four eyes: never where they applied or where the chain bars them."""
    stage = case.current_stage
    if stage is None:
        return False
    if actor.is_system:
        return stage.automatic
    if stage.actor_kind == PERSON:
        return may_file(case, actor)
    return stage.hand_moved and _holds(case, actor)


def may_return(case: Case, actor: Actor) -> bool:
    stage = case.current_stage
    return stage is not None and bool(stage.returns_to) and stage.actor_kind != PERSON and _holds(case, actor)


def may_reject(case: Case, actor: Actor) -> bool:
    stage = case.current_stage
    return stage is not None and stage.may_reject and _holds(case, actor)


def _holds(case: Case, actor: Actor) -> bool:
    stage = case.current_stage
    return (
        stage is not None
        and actor.organisation_id is not None
        and actor.organisation_id == case.holder_id
        and actor.role == stage.role
        and is_free(case, actor.user_id, actor.identity_key)
        and (actor.stands_in_for_id is None or is_free(case, actor.stands_in_for_id, actor.absent_identity_key))
    )


def is_free(case: Case, user_id: int | None, identity_key: str) -> bool:
    """Neither the applicant nor barred by an earlier decision on this case."""
    return not is_applicant(case, user_id, identity_key) and user_id not in case.barred_users


def is_applicant(case: Case, user_id: int | None, identity_key: str) -> bool:
    """By this account, or by another one of the same person."""
    return user_id == case.applicant_id or (identity_key != "" and identity_key == case.subject_key)


def may_take_back(case: Case, actor: Actor) -> bool:
    """Only whoever made the latest move, for the same office."""
    last = case.last_event
    return (
        last is not None
        and actor.user_id is not None
        and last.actor_id == actor.user_id
        and actor.organisation_id is not None
        and last.organisation_id == actor.organisation_id
    )


def gates_open(case: Case) -> bool:
    return case.plan is not None and not case.plan.closed


def undecided(case: Case) -> bool:
    """No office has decided anything yet."""
    return case.decided_at is None or case.state in OPEN_TO_PERSON
