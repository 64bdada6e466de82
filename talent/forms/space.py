from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PersonNameField, word_required
from talent.enums import Grade, ProjectKind, Relation, TalentClass
from talent.formfields import EMPTY, CodeField, DayField, YesNoField, code_choices
from talent.forms.drafts import DraftForm
from talent.forms.facts import not_in_future
from talent.models import FamilyMember, Honour, Project, TalentProfile
from talent.space_gaps import LABELS
from workflow.codelists import DOCUMENT_KINDS, NATIONALITY, SKILL_LEVEL, TITLE_LEVEL
from workflow.identifiers import normalise_code, validate_document_number

# Of a name in Latin letters: what stands between its parts.
BETWEEN = " -'’.·,"


def label(name: str) -> Any:
    return LABELS[name]


class LatinField(forms.CharField):
    """A name as a passport has it; accents are letters too."""

    def clean(self, value: Any) -> str:
        text = " ".join(unicodedata.normalize("NFKC", str(super().clean(value))).split())
        # What was one sign may be three letters now.
        self.run_validators(text)
        if all(letter in BETWEEN or unicodedata.name(letter, "").startswith("LATIN") for letter in text):
            return text
        raise ValidationError(_("Use Latin letters only, as in the passport, such as LI HAIYANG."), "latin")


class PastDayField(DayField):
    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        return not_in_future(day) if day is not None else None


class SpaceForm(DraftForm):
    """基本信息 of the talent space beside what the registration says (spec 3.1); everything may wait."""

    name_latin = LatinField(
        label=label("name_latin"), max_length=80, required=False, help_text=_("As in the passport.")
    )
    former_name = forms.CharField(label=label("former_name"), max_length=50, required=False)
    nationality = forms.ChoiceField(label=label("nationality"), choices=lambda: code_choices(NATIONALITY))
    address = forms.CharField(label=label("address"), max_length=200)
    settled = YesNoField(label=label("settled"))
    settled_on = PastDayField(
        label=label("settled_on"), required=False, help_text=_("If your household is registered here.")
    )
    title_name = forms.CharField(label=label("title_name"), max_length=60, required=False)
    title_level = forms.ChoiceField(
        label=label("title_level"), choices=lambda: code_choices(TITLE_LEVEL), required=False
    )
    title_on = PastDayField(label=label("title_on"), required=False)
    skill_name = forms.CharField(label=label("skill_name"), max_length=60, required=False)
    skill_level = forms.ChoiceField(
        label=label("skill_level"), choices=lambda: code_choices(SKILL_LEVEL), required=False
    )
    skill_on = PastDayField(label=label("skill_on"), required=False)
    talent_class = forms.ChoiceField(label=label("talent_class"), choices=[EMPTY, *TalentClass.choices], required=False)
    talent_certificate = CodeField(label=label("talent_certificate"), max_length=40, required=False)
    talent_until = DayField(label=label("talent_until"), required=False)
    urgently_needed = YesNoField(label=label("urgently_needed"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, profile: TalentProfile) -> None:
        initial = {name: getattr(profile, name) for name in self.base_fields}
        super().__init__(data, initial=initial, kept=profile.typed)
        # Nothing here stops a person from saving: what is still missing is said beside the form.
        self.use_required_attribute = False
        word_required(self)


class HonourForm(forms.ModelForm):  # type: ignore[type-arg]
    grade = forms.ChoiceField(label=_("Grade"), choices=[EMPTY, *Grade.choices])
    received_on = PastDayField(label=_("Awarded on"))

    class Meta:
        model = Honour
        fields = ("name", "grade", "issuer", "received_on", "rank")
        labels = {"name": _("Honour or award"), "issuer": _("Awarded by"), "rank": _("Class and place")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)


class ProjectForm(forms.ModelForm):  # type: ignore[type-arg]
    kind = forms.ChoiceField(label=_("Kind of result"), choices=[EMPTY, *ProjectKind.choices])
    number = CodeField(label=_("Number of the result"), max_length=60, required=False)
    grade = forms.ChoiceField(label=_("Grade"), choices=[EMPTY, *Grade.choices], required=False)
    finished_on = PastDayField(label=_("Finished or granted on"))

    class Meta:
        model = Project
        fields = ("kind", "name", "number", "grade", "part", "finished_on")
        labels = {"name": _("Title of the result"), "part": _("Own part")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)


class FamilyForm(forms.ModelForm):  # type: ignore[type-arg]
    relation = forms.ChoiceField(label=_("Relation"), choices=[EMPTY, *Relation.choices])
    name = PersonNameField(label=_("Name"))
    document_kind = forms.ChoiceField(
        label=_("Kind of document"), choices=lambda: code_choices(DOCUMENT_KINDS), required=False
    )
    number = forms.CharField(label=_("Document number"), max_length=40, required=False)

    class Meta:
        model = FamilyMember
        fields = ("relation", "name", "document_kind", "number", "workplace")
        labels = {"workplace": _("Employer or school")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["number"] = number = normalise_code(cleaned.get("number", ""))
        kind = cleaned.get("document_kind", "")
        if number and not kind:
            self.add_error("document_kind", _("Choose the kind of document."))
        elif number:
            try:
                validate_document_number(kind, number)
            except ValidationError as error:
                self.add_error("number", error)
        return cleaned
