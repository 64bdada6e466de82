from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import word_required
from talent.enums import Satisfaction
from talent.models import ServiceRequest

# 差评: from here down a reason is asked for.
NEEDS_REASON = Satisfaction.BAD


class RequestForm(forms.Form):
    content = forms.CharField(
        label=_("What is asked for"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "For whom, from when, and what matters: the department in charge reads this. At most 1,000 characters."
        ),
    )

    def __init__(self, data: Any = None, *, request: ServiceRequest) -> None:
        super().__init__(data, initial={"content": request.content})
        # A draft may be saved without it.
        self.fields["content"].required = data is None or "save" not in data
        word_required(self)


class EvaluationForm(forms.Form):
    """好差评, five levels."""

    rating = forms.TypedChoiceField(
        label=_("How satisfied are you?"), choices=Satisfaction.choices, coerce=int, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Required if you are dissatisfied; it helps to put things right. At most 300 characters."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_required(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        rating = cleaned.get("rating")
        if rating is not None and rating <= NEEDS_REASON and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say what you were dissatisfied with."))
        return cleaned
