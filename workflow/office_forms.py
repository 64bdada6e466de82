"""What an office enters while it acts, where the form belongs to no service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.base import File
from django.core.validators import RegexValidator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow import clock
from workflow.filetypes import KINDS, accepted, check_upload
from workflow.models.batch import OBJECTION_DAYS
from workflow.registry import stage_form

# 12333 is the shortest; hours, extensions and a second number may stand beside it.
DIALLED = r"(?:\d\D*){5}"


def default_title(service: str) -> str:
    """2026年11月大学生租房补助公示."""
    month = date_format(clock.today(), "YEAR_MONTH_FORMAT")
    return _("%(service)s: public notice of %(month)s") % {"service": service, "month": month}


# Of a public notice, in working days.
SHORTEST, LONGEST = 5, 7
LONGEST_EXAMINATION = 30
WRONG_NUMBER = "invalid", "min_value", "max_value"


class UploadField(forms.FileField):
    """A file in a form of an office: judged by its content like any other material."""

    def __init__(self, *, kinds: Sequence[str] = KINDS, **kwargs: Any) -> None:
        super().__init__(**({"widget": forms.FileInput(attrs={"accept": accepted(kinds)})} | kwargs))
        self.kinds = kinds

    def clean(self, data: Any, initial: Any = None) -> Any:
        value = super().clean(data, initial)
        if isinstance(value, File):
            check_upload(value, self.kinds)
        return value


@stage_form("workflow.notice")
class NoticeForm(forms.Form):
    """Heading, length and address of a public notice; ``cleaned_data`` is plain JSON."""

    title = forms.CharField(label=gettext_lazy("Title of the notice"), max_length=120)
    working_days = forms.IntegerField(
        label=gettext_lazy("Length (working days)"),
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text=gettext_lazy("5 to 7 working days, counted from the day after publication."),
        error_messages=dict.fromkeys(WRONG_NUMBER, gettext_lazy("Enter a number from 5 to 7")),
    )
    objection_days = forms.IntegerField(
        label=gettext_lazy("Examination of objections (working days)"),
        min_value=1,
        max_value=LONGEST_EXAMINATION,
        initial=OBJECTION_DAYS,
        help_text=gettext_lazy("Counted from the day after an objection is received; the notice says so."),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Enter a number from 1 to 30")
        ),
    )
    phone = forms.CharField(
        label=gettext_lazy("Supervision telephone"),
        max_length=40,
        validators=[RegexValidator(DIALLED, gettext_lazy("Enter the number with its area code, such as 0317-1234567"))],
    )
    email = forms.EmailField(
        label=gettext_lazy("Supervision e-mail"),
        max_length=254,
        required=False,
        error_messages={"invalid": gettext_lazy("Enter an e-mail address such as name@example.com")},
    )
    note = forms.CharField(
        label=gettext_lazy("How to object"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].initial = default_title(self.initial.get("service", ""))
        # As long as the chain has its stage 公示中, within what is lawful.
        self.fields["working_days"].initial = min(max(self.initial.get("next_days", SHORTEST), SHORTEST), LONGEST)
