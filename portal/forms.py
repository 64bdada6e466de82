from __future__ import annotations

from datetime import date

from django import forms

from workflow.enums import DayKind
from workflow.models import CalendarDay
from workflow.workdays import Calendar


class ClockForm(forms.Form):
    """How far the demo clock moves: calendar days or working days."""

    days = forms.IntegerField(min_value=1, max_value=60, required=False)
    working_days = forms.IntegerField(min_value=1, max_value=30, required=False)

    def clean(self) -> None:
        if not (self.cleaned_data.get("days") or self.cleaned_data.get("working_days")):
            raise forms.ValidationError("days")

    def days_from(self, today: date) -> int:
        days: int | None = self.cleaned_data["days"]
        if days:
            return days
        national = {day.day: day.kind == DayKind.WORKDAY for day in CalendarDay.objects.filter(region=None)}
        calendar = Calendar(national, frozenset(day.year for day in national))
        return (calendar.add_workdays(today, self.cleaned_data["working_days"]) - today).days
