"""渤海英才卡服务统计: how many requests for each service, how far they are, and how they were rated in sum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.db.models import Avg, Count, Q
from django.utils.translation import gettext_lazy as _

from talent.formfields import DayField
from talent.models import CardService, ServiceRequest
from workflow import clock
from workflow.actors import Actor
from workflow.enums import State


class PeriodForm(forms.Form):
    """Both ends may stay open."""

    since = DayField(label=_("Filed from"), required=False)
    until = DayField(label=_("Filed until"), required=False)

    def period(self) -> tuple[date | None, date | None]:
        if not self.is_bound or not self.is_valid():
            return None, None
        return self.cleaned_data["since"], self.cleaned_data["until"]


@dataclass(frozen=True, slots=True)
class Line:
    """``rating``: the mean of five levels, empty where nobody has rated."""

    name: str
    filed: int
    waiting: int
    handled: int
    overdue: int
    finished: int
    rated: int
    rating: str


@dataclass(frozen=True, slots=True)
class Table:
    lines: list[Line]
    total: Line


COUNTS = {
    "filed": Count("pk"),
    "waiting": Count("pk", filter=Q(case__stage="accept")),
    "handled": Count("pk", filter=Q(case__stage="finish")),
    "finished": Count("pk", filter=Q(case__state=State.APPROVED)),
    "rated": Count("rating"),
    "mean": Avg("rating"),
}


def count_services(actor: Actor, period: tuple[date | None, date | None]) -> Table:
    """Three statements however many requests there are."""
    rows = ServiceRequest.objects.visible_to(actor).exclude(case__submitted_at=None)
    since, until = period
    rows = rows.filter(case__submitted_at__date__gte=since) if since is not None else rows
    rows = rows.filter(case__submitted_at__date__lte=until) if until is not None else rows
    late = Count("pk", filter=Q(case__state=State.IN_REVIEW, case__due_on__lt=clock.today()))
    found = {row["service"]: row for row in rows.values("service").annotate(overdue=late, **COUNTS)}
    services = CardService.objects.filter(pk__in=found).order_by("position", "pk")
    lines = [_line(str(service), found[service.pk]) for service in services]
    return Table(lines, _line("", rows.aggregate(overdue=late, **COUNTS)))


def _line(name: str, row: dict[str, float]) -> Line:
    counts = {key: int(row[key]) for key in ("filed", "waiting", "handled", "overdue", "finished", "rated")}
    return Line(name, **counts, rating=f"{row['mean']:.1f}" if row["mean"] is not None else "")
