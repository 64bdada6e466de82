"""信息完善: what a unit says of itself before labour inspection deals with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.base import File
from django.db import transaction

from accounts.models import LabourProfile, StatedUnit, UnitProfile, User
from accounts.services.stated_claims import lock_users
from workflow import clock
from workflow.actors import Actor
from workflow.filetypes import PAPERS
from workflow.models import Material, Organisation
from workflow.services.files import discard, store_file

LICENCE = "unit_licence"
# Fields of the form that stand in the profile of the registration too.
SHARED = {"unit_kind": "unit_kind", "principal": "principal", "principal_phone": "principal_phone"}


def kept_licence(user_id: int | None) -> Material | None:
    """The business licence that this account has uploaded last."""
    return Material.objects.filter(owner=user_id, kind=LICENCE, case=None).current().order_by("-pk").first()


@transaction.atomic
def keep_licence(upload: File[bytes], *, by: Actor) -> Material:
    """Kept at once, so that a mistake in another field does not cost it. Raises ValidationError."""
    before = kept_licence(by.user_id)
    material = store_file(upload, by, kind=LICENCE, owner_id=by.user_id, kinds=PAPERS)
    if before is not None and not LabourProfile.objects.filter(licence=before).exists():
        discard(before)
    return material


@transaction.atomic
def complete_unit(unit: Organisation, facts: Mapping[str, Any], *, licence: Material, by: Actor) -> LabourProfile:
    """【保存】: every user of the unit may go on."""
    profile = UnitProfile.objects.select_for_update(of=("self",)).get(organisation=unit)
    for field, column in SHARED.items():
        setattr(profile, column, facts[field])
    profile.founded_on, profile.address = facts["founded_on"], facts["registered_address"]
    profile.industry = facts["section"]
    profile.save()
    own = {name: value for name, value in facts.items() if name not in SHARED and name != "section"}
    found, _made = LabourProfile.objects.update_or_create(
        organisation=unit,
        defaults=own | {"licence": licence, "completed_by_id": by.user_id, "completed_at": clock.now()},
    )
    owing = User.objects.filter(duties__organisation=unit, needs_completion=True).values_list("pk", flat=True)
    User.objects.filter(pk__in=[user.pk for user in lock_users(owing)]).update(needs_completion=False)
    return found


def labour_profile_of(unit: Organisation) -> LabourProfile | None:
    return LabourProfile.objects.filter(organisation=unit).select_related("licence").first()


def number_of_principal(user: User, labour: LabourProfile | None) -> str:
    """Of the legal representative, as it was told already."""
    if labour is not None:
        return labour.principal_number
    return StatedUnit.objects.filter(user=user).values_list("principal_number", flat=True).first() or ""


def owes_completion(user: User) -> bool:
    return user.needs_completion
