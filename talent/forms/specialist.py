from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import word_required
from accounts.models import User
from talent.formfields import EMPTY
from talent.services.specialists import specialists_of
from workflow.models import Organisation


class SpecialistField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, user: User) -> str:
        return f"{user.name} {user.phone}".strip()


class SpecialistForm(forms.Form):
    """Whoever else of the bureau is 服务专员 today."""

    to = SpecialistField(User.objects.none(), label=_("New service specialist"), empty_label=EMPTY[1])
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept with the case; the applicant reads it among the own data."),
    )

    def __init__(self, *args: Any, bureau: Organisation | None, now: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [user.pk for user in specialists_of(bureau) if user.pk != now]
        self.fields["to"].queryset = User.objects.filter(pk__in=keys).order_by("pk")  # type: ignore[attr-defined]
        word_required(self)
