"""How complete the talent space is, field by field: what spec 3.1 marks with *, and what other answers ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from talent.enums import TalentClass
from talent.models import TalentProfile
from workflow.registry import Text

LABELS: Mapping[str, Text] = {
    "photo": _("Photo"),
    "name_latin": _("Name in Latin letters"),
    "former_name": _("Former name"),
    "nationality": _("Nationality or region"),
    "address": _("Present address"),
    "settled": _("Is your household registered here?"),
    "settled_on": _("Household registered on"),
    "title_name": _("Name of the title"),
    "title_level": _("Level of the title"),
    "title_on": _("Title awarded on"),
    "skill_name": _("Name of the qualification"),
    "skill_level": _("Skill level"),
    "skill_on": _("Qualification awarded on"),
    "talent_class": _("Class of high-level talent"),
    "talent_certificate": _("Number of the talent certificate"),
    "talent_until": _("Talent certificate valid until"),
    "urgently_needed": _("Are you an urgently needed specialist?"),
    "education": _("Education details"),
}
ALWAYS = ("photo", "nationality", "address", "settled", "education", "urgently_needed")
# What belongs together: one of them without the others says too little.
TITLE = ("title_name", "title_level", "title_on")
SKILL = ("skill_name", "skill_level", "skill_on")
CLASSED = frozenset(TalentClass.values) - {TalentClass.NONE}


@dataclass(frozen=True, slots=True)
class Completeness:
    """``missing``: fields in the order of the page."""

    percent: int
    missing: list[str]

    @property
    def labels(self) -> list[str]:
        return [str(LABELS[name]) for name in self.missing]


def completeness(profile: TalentProfile, *, has_education: bool, has_photo: bool) -> Completeness:
    """100 only where nothing is missing and nothing unreadable was typed."""
    needed = needed_fields(profile)
    given = {name for name in needed if _has(profile, name)}
    if has_education:
        given.add("education")
    if has_photo:
        given.add("photo")
    missing = [name for name in needed if name not in given or name in profile.typed]
    missing += [name for name in profile.typed if name not in needed]
    total = len({*needed, *missing})
    return Completeness(100 * (total - len(missing)) // total, missing)


def needed_fields(profile: TalentProfile) -> list[str]:
    asked = {*ALWAYS}
    if profile.settled:
        asked.add("settled_on")
    for group in (TITLE, SKILL):
        if any(_has(profile, name) for name in group):
            asked.update(group)
    if profile.talent_class in CLASSED:
        asked.update(("talent_certificate", "talent_until"))
    return [name for name in LABELS if name in asked]


def _has(profile: TalentProfile, name: str) -> bool:
    value = getattr(profile, name, None)
    return value is not None and value != ""
