"""The talent space as its pages show it: how complete it is, and the rows of honours, projects and family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from talent.enums import Grade, ProjectKind, Relation
from talent.forms.space import FamilyForm, HonourForm, ProjectForm
from talent.models import Education, FamilyMember, Honour, Project, Proof, TalentProfile
from talent.space_gaps import Completeness, completeness
from workflow.codelists import DOCUMENT_KINDS
from workflow.masking import mask_number
from workflow.registry import Text


@dataclass(frozen=True, slots=True)
class SpaceState:
    """The aside of the page: ``saved`` is the hour of the last save."""

    done: Completeness
    saved: str


def space_state(person: Person, profile: TalentProfile) -> SpaceState:
    """Two queries."""
    done = completeness(
        profile,
        has_education=Education.objects.of(person).exists(),
        has_photo=Proof.objects.of(person).photos().exists(),
    )
    saved = timezone.localtime(profile.saved_at).strftime("%H:%M") if profile.saved_at else ""
    return SpaceState(done, saved)


def profile_row(person: Person) -> TalentProfile:
    """An empty one where nothing was written yet."""
    return TalentProfile.objects.filter(person=person).first() or TalentProfile(
        person=person, name_latin=person.foreign_name
    )


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    facts: list[tuple[str, str]]
    change_url: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class RowKind:
    """One list of rows of the talent space."""

    key: str
    model: type[Honour] | type[Project] | type[FamilyMember]
    form: type[forms.ModelForm[Any]]
    title: Text
    add: Text
    change: Text
    empty: Text
    facts: Callable[[Any], list[tuple[str, str]]]

    def rows(self, person: Person) -> list[Row]:
        """One query."""
        return [
            Row(
                str(row),
                self.facts(row),
                reverse(f"talent:{self.key}_change", args=[row.pk]),
                reverse(f"talent:{self.key}_remove", args=[row.pk]),
            )
            for row in self.model.objects.of(person)
        ]

    @property
    def list_url(self) -> str:
        return f"talent:{self.key}_list"


def honour_facts(row: Honour) -> list[tuple[str, str]]:
    return [
        (_("Grade"), str(Grade(row.grade).label)),
        (_("Awarded by"), row.issuer),
        (_("Awarded on"), row.received_on.isoformat()),
        (_("Class and place"), row.rank),
    ]


def project_facts(row: Project) -> list[tuple[str, str]]:
    return [
        (_("Kind of result"), str(ProjectKind(row.kind).label)),
        (_("Number of the result"), row.number),
        (_("Grade"), str(Grade(row.grade).label) if row.grade else ""),
        (_("Own part"), row.part),
        (_("Finished or granted on"), row.finished_on.isoformat()),
    ]


def family_facts(row: FamilyMember) -> list[tuple[str, str]]:
    return [
        (_("Relation"), str(Relation(row.relation).label)),
        (_("Kind of document"), DOCUMENT_KINDS.label(row.document_kind) if row.number else ""),
        (_("Document number"), mask_number(row.number) if row.number else ""),
        (_("Employer or school"), row.workplace),
    ]


ROW_KINDS: Mapping[str, RowKind] = {
    kind.key: kind
    for kind in (
        RowKind(
            "honour",
            Honour,
            HonourForm,
            gettext_lazy("Honours and awards"),
            gettext_lazy("Add an honour"),
            gettext_lazy("Change an honour"),
            gettext_lazy("No honour yet"),
            honour_facts,
        ),
        RowKind(
            "project",
            Project,
            ProjectForm,
            gettext_lazy("Projects and patents"),
            gettext_lazy("Add a project or patent"),
            gettext_lazy("Change a project or patent"),
            gettext_lazy("No project or patent yet"),
            project_facts,
        ),
        RowKind(
            "family",
            FamilyMember,
            FamilyForm,
            gettext_lazy("Family members"),
            gettext_lazy("Add a family member"),
            gettext_lazy("Change a family member"),
            gettext_lazy("No family member yet"),
            family_facts,
        ),
    )
}
