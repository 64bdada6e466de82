"""Why somebody may not make a move: the machine's answer, put into words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django_fsm import can_proceed, has_transition_perm

from workflow.actors import Actor
from workflow.authority import is_applicant, is_free
from workflow.enums import Action
from workflow.models import Case


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


def barred_reason(case: Case, actor: Actor) -> str:
    """Why this officer's eyes do not count as another pair: "" when they do."""
    if actor.user_id is None or actor.organisation is None:
        return ""
    if is_applicant(case, actor.user_id, actor.identity_key):
        return _("Nobody decides their own case.")
    if actor.user_id in case.barred_users:
        return _("You decided this case at an earlier step; another person must act here (four eyes).")
    if actor.stands_in_for_id is not None and not is_free(case, actor.stands_in_for_id, actor.absent_identity_key):
        return _("The person for whom you stand in filed this case or decided it at an earlier step.")
    return ""


def _no_authority(case: Case, actor: Actor) -> str:
    return barred_reason(case, actor) or _("You have no authority for this case at its present step.")
