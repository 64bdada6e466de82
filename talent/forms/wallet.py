from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import word_required
from accounts.models import Person
from talent.enums import ProofKind
from talent.formfields import EMPTY, DayField
from talent.models import Education, Proof, WorkExperience
from talent.paper_kinds import OF_EDUCATION, OF_WORK
from talent.services.wallet import Facts
from workflow import clock
from workflow.filetypes import PAPERS, accepted


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Whatever was chosen: the files are judged one by one when they are kept."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data


class PaperForm(forms.Form):
    """One kind of paper: its files, what they prove, and until when they are good. The view judges the files."""

    file = ManyFilesField(label=_("File"), widget=ManyFiles(attrs={"multiple": True, "accept": accepted(PAPERS)}))
    work = forms.ModelChoiceField(WorkExperience.objects.none(), label=_("Work experience"), empty_label=EMPTY[1])
    education = forms.ModelChoiceField(
        Education.objects.none(), label=_("Education"), required=False, empty_label=_("Any")
    )
    valid_until = DayField(
        label=_("Valid until"),
        required=False,
        help_text=_("As on the paper. Leave it empty if it has no end. You are reminded 30 days before."),
    )

    def __init__(self, *args: Any, person: Person, kind: ProofKind, proof: Proof | None = None, **kwargs: Any) -> None:
        self.proof = proof
        super().__init__(*args, **(kwargs | {"initial": _initial(proof)}))
        self.fields["work"].queryset = WorkExperience.objects.of(person)  # type: ignore[attr-defined]
        self.fields["education"].queryset = Education.objects.of(person)  # type: ignore[attr-defined]
        if kind not in OF_WORK:
            del self.fields["work"]
        if kind not in OF_EDUCATION:
            del self.fields["education"]
        if proof is not None:
            self.fields["file"] = forms.FileField(
                label=_("Another file in its place"),
                required=False,
                widget=forms.FileInput(attrs={"accept": accepted(PAPERS)}),
                help_text=_("Leave it empty to keep the file."),
            )
        word_required(self)

    def clean_valid_until(self) -> date | None:
        day: date | None = self.cleaned_data["valid_until"]
        if day is not None and day < clock.today() and (self.proof is None or self.proof.valid_until != day):
            raise ValidationError(_("This day is over: the paper has run out already. Upload the renewed one."), "over")
        return day

    @property
    def facts(self) -> Facts:
        said = self.cleaned_data
        return Facts(said.get("work"), said.get("education"), said.get("valid_until"))


def _initial(proof: Proof | None) -> dict[str, Any]:
    if proof is None:
        return {}
    return {"work": proof.work_id, "education": proof.education_id, "valid_until": proof.valid_until}
