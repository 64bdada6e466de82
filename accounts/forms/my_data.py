from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.data_sections import sections_for
from accounts.forms.fields import word_required
from accounts.models import User


class CorrectionForm(forms.Form):
    """For facts that an office or employer has looked at; all others are changed on their own pages."""

    subject = forms.ChoiceField(label=_("What is wrong"))
    wish = forms.CharField(
        label=_("What it should be, and why"),
        max_length=500,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Name the fact, what is right, and what proves it. Do not write numbers in full here."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(section.key, section.title) for section in sections_for(user) if section.on_request]
        self.fields["subject"] = forms.ChoiceField(label=_("What is wrong"), choices=choices)
        self.fields["token"].initial = uuid.uuid4
        word_required(self)


class DeletionForm(forms.Form):
    wish = forms.CharField(label=_("Reason"), max_length=500, min_length=2, widget=forms.Textarea(attrs={"rows": 3}))
    understood = forms.BooleanField(
        label=_("I have read what is erased and what the law keeps, and that the account closes for good.")
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        word_required(self)


class AnswerForm(forms.Form):
    """What the security administrator answers; the person reads the words."""

    granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Granted")), ("no", _("Refused"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Answer with its reason"),
        max_length=500,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person reads it. A refusal names the law that it rests on."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)


class WithdrawalForm(forms.Form):
    understood = forms.BooleanField(label=_("I have read what follows from it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)
