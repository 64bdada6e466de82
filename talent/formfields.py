"""Fields of the forms about people: typed text is put into one form before it is judged."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.codelists import CodeList
from workflow.identifiers import normalise_code
from workflow.models import Region

EMPTY = ("", _("Please choose"))
# Years that somebody alive, or a contract, can mean; anything else is a typing error.
YEARS = range(1900, 3000)


class DayField(forms.DateField):
    """A day of the calendar; 2026-1-5, 2026/01/05, 20260105 and 2026年1月5日 are read too."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(**({"widget": widget} | kwargs))

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        text = normalise_code(str(value))
        parts = re.fullmatch(r"(\d{4})(?:(\d\d)(\d\d)|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)", text)
        try:
            numbers = [int(part) for part in parts.groups() if part] if parts else []
            return date(*numbers) if numbers and numbers[0] in YEARS else _unreadable(text)
        except ValueError as error:
            message = _(
                "The calendar has no day %(value)s. Compare it with the paper and enter a date like 2026-01-31."
            )
            raise ValidationError(message, "invalid", {"value": text}) from error


def _unreadable(text: str) -> date:
    message = _("“%(value)s” is not a date. Enter year, month and day like 2026-01-31.")
    raise ValidationError(message, "invalid", {"value": text})


class MonthField(forms.DateField):
    """A month, written as its first day; 2026-01, 2026/1, 202601 and 2026年1月 are read."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m", attrs={"type": "month", "placeholder": "2026-01"})
        super().__init__(**({"widget": widget} | kwargs))

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return (value.date() if isinstance(value, datetime) else value).replace(day=1)
        text = normalise_code(str(value))
        parts = re.fullmatch(r"(\d{4})(?:(\d\d)|[-/.年](\d{1,2})(?:[-/]01|月)?)", text)
        month = int(next(part for part in parts.groups()[1:] if part)) if parts else 0
        if parts is None or not 1 <= month <= 12 or int(parts[1]) not in YEARS:
            message = _("“%(value)s” is not a month. Enter year and month like 2026-01.")
            raise ValidationError(message, "invalid", {"value": text})
        return date(int(parts[1]), month, 1)


class YesNoField(forms.TypedChoiceField):
    """Two radio buttons; nothing chosen is None."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "choices": [("True", _("Yes")), ("False", _("No"))],
            "coerce": lambda value: value == "True",
            "empty_value": None,
            "widget": forms.RadioSelect,
        }
        super().__init__(**(defaults | kwargs))


class CodeField(forms.CharField):
    """Numbers of certificates: half-width, without spaces, in capitals."""

    def clean(self, value: Any) -> str:
        code = normalise_code(str(super().clean(value)))
        # In capitals some letters are several: ﬃ becomes FFI, and what was short enough is not.
        self.run_validators(code)
        return code


def code_choices(code_list: CodeList) -> list[tuple[str, str | Promise]]:
    return [EMPTY, *code_list.choices]


def county_choices() -> list[tuple[str, str | Promise]]:
    """Counties with their city, and cities that have none."""
    rows = Region.objects.filter(level__in=(2, 3)).select_related("parent").order_by("code")
    return [EMPTY, *((row.code, f"{row.parent.name if row.parent else ''}{row.name}") for row in rows)]
