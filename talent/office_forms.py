"""What the service specialist enters while acting on a request; it becomes the payload of the events."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from talent.enums import ServiceOutcome
from workflow.formlook import FormLook
from workflow.registry import stage_form


@stage_form("talent.acceptance")
class AcceptanceForm(forms.Form):
    """承办部门 and time limit; what is left empty is as the catalogue of services says."""

    department = forms.CharField(
        label=_("Department in charge"),
        max_length=80,
        required=False,
        help_text=_("Empty: the department that the catalogue of services names."),
    )
    working_days = forms.IntegerField(
        label=_("Time limit (working days)"),
        min_value=1,
        max_value=60,
        required=False,
        help_text=_("Empty: the working days that the catalogue of services names."),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Enter a number from 1 to 60")),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.helper = FormLook("department", "working_days")


@stage_form("talent.service_result")
class ResultForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome of the service"), choices=ServiceOutcome.choices, widget=forms.RadioSelect
    )
    result = forms.CharField(
        label=_("Details of the result"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The holder reads this: what was done, or how to obtain it. At most 1,000 characters."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.helper = FormLook("outcome", "result")
