"""Whoever brings a unit to the portal handles its cases and keeps its users, whichever way it came."""

from __future__ import annotations

from accounts.models import LabourProfile, User
from workflow import clock
from workflow.enums import Role
from workflow.models import Duty, Organisation

FIRST_ROLES = (Role.HANDLER, Role.MANAGER)


def give_first_duties(user: User, unit: Organisation) -> None:
    """In the caller's transaction; duties that stand already stay."""
    today = clock.today()
    held = set(Duty.objects.on(today).filter(user=user, organisation=unit).values_list("role", flat=True))
    Duty.objects.bulk_create(
        Duty(user=user, organisation=unit, role=role, starts_on=today) for role in FIRST_ROLES if role not in held
    )


def ask_for_completion(user: User, unit: Organisation) -> None:
    """信息完善 is due to a unit that came by 法人注册 or the identity service, until it has been done once.

    Manual 004, whose platform they come to, asks for it before the unit does anything else. The manuals of 单位注册
    (001, 002) know no such page: a unit that came that way is asked when it first uses a service that needs it.
    """
    if not LabourProfile.objects.filter(organisation=unit).exists():
        User.objects.filter(pk=user.pk).update(needs_completion=True)
        user.needs_completion = True
