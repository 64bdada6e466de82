"""What the offices enter while acting; it becomes the payload of the events."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow import clock
from workflow.filetypes import PAPERS
from workflow.formlook import FormLook
from workflow.office_forms import UploadField
from workflow.registry import stage_form


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DatedForm(forms.Form):
    """Offers today and takes no day that lies ahead; ``day_field`` names the field."""

    day_field = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.day_field].initial = clock.today
        self.fields[self.day_field].widget.attrs["max"] = clock.today().isoformat()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        day = data.get(self.day_field)
        if isinstance(day, date) and day > clock.today():
            message = _("The day %(day)s has not come yet. Enter today or an earlier day.")
            self.add_error(self.day_field, forms.ValidationError(message, params={"day": day.isoformat()}))
        return data


@stage_form("subsidies.review")
class ReviewForm(DatedForm):
    """评审会议记录: one meeting over the whole selection."""

    day_field = "met_on"

    met_on = forms.DateField(label=_("Day of the meeting"), widget=DayInput())
    experts = forms.CharField(
        label=_("Members of the panel"), max_length=200, help_text=_("Names, with commas between them.")
    )
    conclusion = forms.CharField(
        label=_("Conclusion"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), initial=_("All cases pass.")
    )
    minutes = UploadField(
        label=_("Minutes of the meeting"), help_text=_("PDF, Word or a scan, at most 10 MB."), kinds=PAPERS
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormLook("met_on", "experts", "conclusion", "minutes")


@stage_form("subsidies.county_payment")
class PaymentForm(DatedForm):
    """What the county finance bureau enters when it has paid."""

    day_field = "paid_on"

    voucher = forms.CharField(label=_("Voucher no."), max_length=60)
    paid_on = forms.DateField(label=_("Date of payment"), widget=DayInput())


@stage_form("subsidies.city_payment")
class AllocationForm(PaymentForm):
    """What the city finance bureau enters when it allocates the money."""

    document = forms.CharField(
        label=_("Allocation document no."),
        max_length=60,
        help_text=_("As printed on the document, e.g. %(example)s") % {"example": "沧财指〔2026〕12号"},
    )

    field_order = ("document", "voucher", "paid_on")
