"""What the public enters against a published case, and what the office finds."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.picture_code import PictureCodeField

UPHELD, DISMISSED = "upheld", "dismissed"
FINDING_LENGTH = 500


class ObjectionForm(forms.Form):
    """Against the case that the address names; nobody needs an account for it."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Your name"), max_length=60, error_messages={"required": _("Enter your name")})
    contact = forms.CharField(
        label=_("Your telephone or e-mail"),
        max_length=120,
        help_text=_("Only the office that investigates sees it."),
        error_messages={"required": _("Enter how the office can reach you")},
    )
    content = forms.CharField(
        label=_("What you object to"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("At most 2000 characters: what is wrong, and how you know it."),
        error_messages={"required": _("Enter what you object to")},
    )
    captcha = PictureCodeField()

    @classmethod
    def fresh(cls) -> ObjectionForm:
        return cls(initial={"token": uuid.uuid4()})


class FindingForm(forms.Form):
    token = forms.UUIDField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[
            (UPHELD, _("Objection upheld: the case is not approved")),
            (DISMISSED, _("Objection dismissed: the case goes on")),
        ],
        error_messages={"required": _("Select the decision")},
    )
    finding = forms.CharField(
        label=_("Finding"),
        max_length=FINDING_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What was investigated and found; it stands in the record of the case."),
        error_messages={"required": _("Enter the finding")},
    )

    @classmethod
    def fresh(cls) -> FindingForm:
        return cls(initial={"token": uuid.uuid4()})
