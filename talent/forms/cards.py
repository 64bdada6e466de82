"""What the city bureau enters about a card: a reason, who has received it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow import clock
from workflow.filters import DayInput


class CardReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, min_length=2, help_text=_("The holder is told the reason.")
    )


class PrintAgainForm(forms.Form):
    """The token makes a second press of the button harmless."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    reason = forms.CharField(
        label=_("Reason for the reprint"),
        max_length=200,
        min_length=2,
        required=False,
        help_text=_(
            "For cards that were printed before, such as a bad print. A new edition needs none. "
            "A lost card is replaced on application of its holder."
        ),
    )


class FetchForm(forms.Form):
    """The file of a print run; ``again``: it was taken before."""

    bleed = forms.BooleanField(
        label=_("With 3 mm of bleed on each side, for printers that cut"), required=False, widget=forms.CheckboxInput
    )
    reason = forms.CharField(
        label=_("Why the file is taken again"),
        max_length=200,
        min_length=2,
        required=False,
        help_text=_("Such as a broken download or a jammed printer. To print a card once more, make a reprint."),
    )

    def __init__(self, *args: Any, again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not again:
            del self.fields["reason"]


class HandOutForm(forms.Form):
    """发放登记: 领取人, 时间, 签收."""

    recipient = forms.CharField(label=_("Received by"), max_length=100)
    is_holder = forms.BooleanField(label=_("The holder in person"), required=False, initial=True)
    recipient_number = forms.CharField(
        label=_("Document number of whoever comes for the holder"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    received_on = forms.DateField(label=_("Received on"), widget=DayInput())
    signed = forms.BooleanField(label=_("Has signed for it on the register"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = clock.today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("is_holder") and not data.get("recipient_number"):
            self.add_error("recipient_number", _("Enter the number of the document that was shown."))
        return data
