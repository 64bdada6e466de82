"""What an officer or the applicant enters while acting."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow import registry
from workflow.enums import NEEDS_OPINION, Action
from workflow.models import Stage

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


def office_form_class(stage: Stage | None) -> type[forms.Form] | None:
    return registry.stage_forms[stage.form] if stage is not None and stage.form else None
