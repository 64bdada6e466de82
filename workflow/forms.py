"""What an officer or the applicant enters while acting."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from workflow import registry
from workflow.enums import NEEDS_OPINION, Action
from workflow.models import Stage, route_of

OPINION_LENGTH = 500
# The office's own form stands on the same page as the decision.
OFFICE = "office"


class DecisionForm(forms.Form):
    """The opinion and the token; which action it is stands in the address that the button posts to."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    target = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    opinion = forms.CharField(
        label=_("Opinion"),
        required=False,
        max_length=OPINION_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("1 to 500 characters. Name everything that must be corrected at once."),
    )

    def word_opinion(self, actions: Collection[str]) -> None:
        """The hint for what may be decided here; what no decision asks for is marked as optional."""
        field = self.fields["opinion"]
        if not any(action in NEEDS_OPINION for action in actions):
            field.label = _("Opinion (optional)")
            field.help_text = _("At most 500 characters; it is kept in the handling record.")
        elif not all(action in NEEDS_OPINION for action in actions):
            field.help_text = _(
                "Optional where you pass the case; required where you return or refuse it: "
                "then name everything that must be corrected at once, in 1 to 500 characters."
            )

    def require_opinion(self, action: str) -> None:
        if action not in NEEDS_OPINION:
            return
        field = self.fields["opinion"]
        field.required = True
        field.error_messages["required"] = (
            _("Enter what must be corrected") if action == Action.SEND_BACK else _("Enter the reason")
        )

    @classmethod
    def fresh(cls, revision: int | None = None, target: str = "") -> DecisionForm:
        return cls(initial={"token": uuid.uuid4(), "revision": revision, "target": target})


class ProgressForm(forms.Form):
    """The public query: what only the applicant and the offices know, and nothing else."""

    number = forms.CharField(
        label=_("Case number"),
        max_length=40,
        error_messages={"required": _("Enter the case number")},
        help_text=_("It stands on the confirmation of your submission."),
    )
    tail = forms.CharField(
        label=_("Last 6 characters of the identity number"),
        min_length=6,
        max_length=6,
        error_messages={
            "required": _("Enter the last 6 characters of the identity number"),
            "min_length": _("Enter exactly 6 characters"),
            "max_length": _("Enter exactly 6 characters"),
        },
    )


def office_form(
    stage: Stage | None, data: Mapping[str, Any] | None = None, files: MultiValueDict[str, UploadedFile] | None = None
) -> forms.Form | None:
    """The form of the stage, if it has one; what is missing is asked for by its name.

    What the form begins with: "service", its name, and "next_days", the working days of the stage that follows.
    """
    if stage is None or not stage.form:
        return None
    service = str(registry.case_types[stage.chain.case_type].label)
    after = route_of(stage.chain_id).after(stage.slug)
    begin = {"service": service} | ({"next_days": after.working_days} if after is not None else {})
    form = registry.stage_forms[stage.form](data, files, prefix=OFFICE, initial=begin)
    for field in form.fields.values():
        is_chosen = isinstance(field, (forms.ChoiceField, forms.FileField))
        wording = _("Choose “%(field)s”") if is_chosen else _("Fill in “%(field)s”")
        field.error_messages["required"] = str(wording) % {"field": field.label}
    return form
