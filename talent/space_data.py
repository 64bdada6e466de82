"""What the talent space and its wallet hold of a person, for 我的信息, and what goes with an account."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.data_sections import DataSection, Group, facts_of, register_data_section
from accounts.enums import UserKind
from accounts.models import Person, User
from accounts.services.erasing import Erased, register_data_eraser
from talent.enums import TalentClass
from talent.models import FamilyMember, Honour, Project, Proof, TalentProfile
from talent.services.wallet import proof_label
from talent.space_gaps import LABELS
from talent.space_pages import honour_facts, project_facts
from workflow.codelists import DOCUMENT_KINDS, NATIONALITY, SKILL_LEVEL, TITLE_LEVEL
from workflow.masking import mask_address, mask_number
from workflow.registry import Text


def space(user: User) -> Iterator[Group]:
    for profile in TalentProfile.objects.filter(person=user.person) if user.person is not None else ():
        words = {
            "nationality": NATIONALITY.label(profile.nationality),
            "settled": _said(profile.settled),
            "title_level": TITLE_LEVEL.label(profile.title_level),
            "skill_level": SKILL_LEVEL.label(profile.skill_level),
            "talent_class": str(TalentClass(profile.talent_class).label) if profile.talent_class else "",
            "urgently_needed": _said(profile.urgently_needed),
        }
        masks = {"address": mask_address(profile.address)}
        names = [name for name in LABELS if hasattr(profile, name)]
        rows = [(LABELS[name], words.get(name, getattr(profile, name)), masks.get(name, "")) for name in names]
        # What could not be read yet is held as it was typed.
        typed = [(LABELS[name], text, "") for name, text in profile.typed.items() if name in LABELS]
        yield Group(_("Basic information"), facts_of(*rows, *typed))


def _said(answer: bool | None) -> str:
    return "" if answer is None else _("Yes") if answer else _("No")


def honours(user: User) -> Iterator[Group]:
    for row in Honour.objects.of(user.person) if user.person is not None else ():
        yield Group(row.name, facts_of((_("Honour or award"), row.name), *honour_facts(row)))


def projects(user: User) -> Iterator[Group]:
    for row in Project.objects.of(user.person) if user.person is not None else ():
        yield Group(row.name, facts_of((_("Title of the result"), row.name), *project_facts(row)))


def family(user: User) -> Iterator[Group]:
    for row in FamilyMember.objects.of(user.person) if user.person is not None else ():
        yield Group(
            row.name,
            facts_of(
                (_("Relation"), row.get_relation_display()),
                (_("Name"), row.name),
                (_("Kind of document"), DOCUMENT_KINDS.label(row.document_kind) if row.number else ""),
                (_("Document number"), row.number, mask_number(row.number)),
                (_("Employer or school"), row.workplace),
            ),
        )


def wallet(user: User) -> Iterator[Group]:
    for proof in Proof.objects.of(user.person).select_related("work") if user.person is not None else ():
        yield Group(
            proof_label(proof),
            facts_of((_("File"), proof.material.name), (_("Valid until"), proof.valid_until or "")),
        )


@register_data_eraser
def erase_space(user: User) -> Iterator[Erased]:
    """What was filed of it stays with the filings; the papers of the wallet go with the facts that they prove."""
    if user.person is not None:
        yield Erased(_("Basic information"), TalentProfile.objects.filter(person=user.person).delete()[0])
        yield Erased(_("Honours, projects, family"), sum(_erase_rows(user.person)))


def _erase_rows(person: Person) -> Iterator[int]:
    for model in (Honour, Project, FamilyMember):
        yield model.objects.of(person).delete()[0]


def _register(key: str, title: Text, read: Callable[[User], Iterator[Group]], page: str, order: int) -> None:
    register_data_section(DataSection(key, title, read, change_url=page, kinds=(UserKind.PERSON,), order=order))


_register("space", gettext_lazy("Basic information"), space, "talent:profile", 35)
_register("honours", gettext_lazy("Honours and awards"), honours, "talent:honour_list", 52)
_register("projects", gettext_lazy("Projects and patents"), projects, "talent:project_list", 54)
_register("family", gettext_lazy("Family members"), family, "talent:family_list", 56)
_register("wallet", gettext_lazy("Document wallet"), wallet, "talent:wallet", 58)
