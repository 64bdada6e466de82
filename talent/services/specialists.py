"""服务专员: who of the county bureau looks after an applicant; chosen evenly, changed by the bureau."""

from __future__ import annotations

from accounts.models import User
from talent.models import CardApplication
from workflow import clock
from workflow.enums import Role
from workflow.models import Duty, Organisation


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
