"""服务专员: who of the county bureau looks after an applicant; chosen evenly, changed by the bureau."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from talent.enums import BOHAI_CARD
from talent.models import CardApplication, SpecialistChange
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Role, State
from workflow.models import Case, Duty, Organisation
from workflow.services import Refused


def contact_of(user: object | None) -> dict[str, str]:
    """What lists and forms show of the specialist; empty where the bureau has none."""
    if not isinstance(user, User):
        return {"specialist": "", "specialist_phone": ""}
    return {"specialist": user.name, "specialist_phone": user.phone}


def specialists_of(bureau: Organisation | None) -> list[User]:
    """Who may be chosen today, by the length of their duty."""
    if bureau is None:
        return []
    duties = Duty.objects.on(clock.today()).filter(organisation=bureau, role=Role.SPECIALIST, stands_in_for=None)
    return [duty.user for duty in duties.select_related("user").order_by("starts_on", "pk") if duty.user.is_active]


def choose_specialist(bureau: Organisation | None) -> User | None:
    """The one with the fewest applications under way; of several the longest in office."""
    found = specialists_of(bureau)
    if not found:
        return None
    busy = CardApplication.objects.load_of(found)
    return min(found, key=lambda user: busy.get(user.pk, 0))


def may_reassign(case: Case, actor: Actor) -> bool:
    """The county bureau of the case, while it is under way."""
    is_ours = actor.organisation is not None and case.supervisor_id == actor.organisation.pk
    return is_ours and case.case_type == BOHAI_CARD and case.state in (State.IN_REVIEW, State.RETURNED)


@transaction.atomic
def reassign_specialist(case: Case, actor: Actor, *, to: User, reason: str) -> SpecialistChange:
    """Give the applicant into other hands. Raises PermissionDenied, or Refused where that person may not be chosen."""
    (case,) = Case.objects.locked([case.pk])
    if not may_reassign(case, actor):
        raise PermissionDenied(
            _("Only the county bureau in charge changes the service specialist of a case under way.")
        )
    application = CardApplication.objects.select_for_update(of=("self",)).select_related("specialist").get(pk=case.pk)
    if to.pk == application.specialist_id:
        raise Refused(_("%(name)s looks after this application already.") % {"name": to.name})
    if to.pk not in {user.pk for user in specialists_of(actor.organisation)}:
        raise Refused(_("%(name)s is no service specialist of your office today.") % {"name": to.name})
    before, application.specialist = application.specialist, to
    application.save(update_fields=["specialist"])
    case.summary = case.summary | contact_of(to)
    case.save(update_fields=["summary"])
    assert actor.organisation is not None
    assert actor.user_id is not None
    return SpecialistChange.objects.create(
        case=case,
        before=before,
        after=to,
        reason=reason,
        by_id=actor.user_id,
        organisation=actor.organisation,
        at=clock.now(),
    )
