"""The calendar: the year's published arrangement, days of a region, and what a change does to running deadlines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.admin.bases import ModelAdmin
from workflow.models import CalendarDay, Region
from workflow.services.calendar import Shift, import_arrangement, recompute_deadlines, unpublished_years

# So many changed deadlines are named; the rest is a number.
NAMED = 10


class ArrangementForm(forms.Form):
    """The year's arrangement as a file; the same columns as the one that is shipped."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV in UTF-8 with the columns date, kind (holiday or workday) and name."),
        error_messages={"required": gettext_lazy("Select the file")},
    )
    region = forms.ModelChoiceField(
        Region.objects.filter(level__lte=3),
        label=gettext_lazy("Region"),
        required=False,
        empty_label=gettext_lazy("The whole country"),
    )

    def take_over(self) -> int:
        """Raises ValueError (UnicodeDecodeError too) or KeyError for a file of another shape."""
        lines = self.cleaned_data["file"].read().decode("utf-8-sig").splitlines()
        return import_arrangement(lines, self.cleaned_data["region"])


@admin.register(CalendarDay)
class CalendarDayAdmin(ModelAdmin):
    list_display = ["day", "kind", "name", "region"]
    list_filter = ["kind"]
    list_select_related = ["region"]
    date_hierarchy = "day"
    autocomplete_fields = ["region"]
    change_list_template = "workflow/admin/calendar_list.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.import_year)
        return [path("import/", view, name="workflow_calendarday_import"), *super().get_urls()]

    def import_year(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ArrangementForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                count = form.take_over()
            except (ValueError, KeyError) as error:
                form.add_error("file", _("The file cannot be read: %(error)s") % {"error": error})
            else:
                self.message_user(request, _("%(count)s days were taken over.") % {"count": count})
                self._recompute(request)
                return redirect("admin:workflow_calendarday_changelist")
        context = self.admin_site.each_context(request) | {"form": form, "title": _("Import a year")}
        return render(request, "workflow/admin/calendar_import.html", context)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        warn_of_unpublished_years(lambda text: self.message_user(request, text, messages.WARNING))
        return super().changelist_view(request, extra_context)

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        self._recompute(request)

    def delete_model(self, request: HttpRequest, obj: CalendarDay) -> None:
        super().delete_model(request, obj)
        self._recompute(request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CalendarDay]) -> None:
        super().delete_queryset(request, queryset)
        self._recompute(request)

    def _recompute(self, request: HttpRequest) -> None:
        shifts = recompute_deadlines()
        self.message_user(request, describe(shifts), messages.WARNING if shifts else messages.INFO)


def describe(shifts: list[Shift]) -> str:
    if not shifts:
        return _("No running deadline changed.")
    named = _("; ").join(f"{shift.what} {shift.before} → {shift.after}" for shift in shifts[:NAMED])
    more = _(" and %(n)s more") % {"n": len(shifts) - NAMED} if len(shifts) > NAMED else ""
    return _("%(count)s running deadlines changed: %(named)s%(more)s") % {
        "count": len(shifts),
        "named": named,
        "more": more,
    }


def warn_of_unpublished_years(warn: Callable[[str], None]) -> None:
    for year in unpublished_years():
        warn(
            _("The arrangement of holidays of %(year)s is not published here: only weekends and fixed holidays count.")
            % {"year": year}
        )
