"""基本信息 of the talent space: kept as it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import Person
from talent.enums import Relation
from talent.models import FamilyMember, Honour, Project, TalentProfile
from talent.services.drafts import write_draft
from talent.services.facts import check_list, is_added
from talent.services.wallet import lock_papers


@transaction.atomic
def save_space(person: Person, *, values: Mapping[str, Any], typed: Mapping[str, str]) -> TalentProfile:
    """Keep what could be read as values, the rest as it was typed."""
    # Two tabs that save for the first time at once: the person's row is locked.
    lock_papers(person.pk)
    first = {"name_latin": person.foreign_name}
    profile, _created = TalentProfile.objects.get_or_create(person=person, defaults=first)
    write_draft(profile, values=values, typed=typed)
    profile.save()
    return profile


def address_of(person: Person) -> str:
    profile = TalentProfile.objects.filter(person=person).first()
    return profile.address if profile is not None else ""


def spouse_of(person: Person) -> FamilyMember | None:
    """The first where several stand there."""
    found: FamilyMember | None = FamilyMember.objects.of(person).filter(relation=Relation.SPOUSE).first()
    return found


@transaction.atomic
def keep_row(row: Honour | Project | FamilyMember) -> None:
    """Raises ValidationError where the list is full; two forms sent at once are counted one after the other."""
    lock_papers(row.person_id)
    if row._state.adding:
        if is_added(row):
            return
        check_list(type(row).objects.of(row.person).count())
    row.save()


def remove_row(row: Honour | Project | FamilyMember) -> None:
    """Applications that are filed keep what they said."""
    row.delete()
