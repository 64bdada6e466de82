from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import word_required
from talent.enums import ChangeKind
from talent.models import CardChange


class ChangeForm(forms.Form):
    """The one thing that a change asks and nobody knows yet."""

    statement = forms.CharField(
        label=_("Explanation"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any = None, *, change: CardChange) -> None:
        super().__init__(data, initial={"statement": change.statement})
        field = self.fields["statement"]
        field.help_text = _("Optional: what the offices should know. At most 300 characters.")
        if change.kind == ChangeKind.REPLACE:
            field.help_text = _("When and how the card was lost. At most 300 characters.")
            # A draft may be saved without it.
            field.required = data is None or "save" not in data
        word_required(self)
