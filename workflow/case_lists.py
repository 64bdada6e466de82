"""Lists of cases beside the queues (查询统计): their filter, their pages, and all of their rows for a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.enums import ChainStatus, State
from workflow.keyset import Keyset, read_cursor
from workflow.lookup_keys import identity_key
from workflow.models import Case, Job, Stage
from workflow.presentation.pages import ListPager, pager_of
from workflow.queue import STATUS_KINDS
from workflow.sealing import SealedFilter
from workflow.services.jobs import report_progress
from workflow.spreadsheets import Row

Rows = QuerySet[Case]
Cells = Callable[[Sequence[Case]], Iterable[Row]]
# The states a filed case may have besides standing at a stage.
STATES = (State.RETURNED, State.APPROVED, State.REJECTED, State.WITHDRAWN)
NEWEST_FIRST = Keyset(("id",), "n", descending=True)
CHUNK = 500


def status_choices(case_type: str) -> list[tuple[str, str]]:
    """The stages of its published chain by their words, then the states."""
    stages = Stage.objects.filter(chain__case_type=case_type, chain__status=ChainStatus.PUBLISHED).order_by("position")
    return [*((stage.slug, stage.title) for stage in stages), *((state, str(state.label)) for state in STATES)]


def criteria_of(found: django_filters.FilterSet) -> str:
    """The filters that are set, as a query string: what an export repeats."""
    kept = found.data.copy()
    for key in list(kept):
        if key not in found.filters or not kept[key]:
            del kept[key]
    return str(kept.urlencode())


class CaseListFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What every such list is asked for; the ID number is looked up by its keyed hash, exactly."""

    name = django_filters.CharFilter(label=_("Name"), field_name="subject", lookup_expr="contains")
    id_number = SealedFilter(label=_("Identity number"), method="has_id_number")

    class Meta:
        model = Case
        fields: list[str] = []

    def has_id_number(self, rows: Rows, _field: str, value: str) -> Rows:
        return rows.filter(subject_key=identity_key(value))

    def has_status(self, rows: Rows, _field: str, value: str) -> Rows:
        """For a filter over ``status_choices``."""
        return rows.filter(state=value) if value in State.values else rows.filter(stage=value)

    @property
    def criteria(self) -> str:
        return criteria_of(self)


@dataclass(frozen=True, slots=True)
class Status:
    text: str
    kind: str


def status_of(case: Case) -> Status:
    return Status(case.status, STATUS_KINDS[State(case.state)])


def process_url(case: Case) -> str:
    """点击审核状态可以查看个人的申请流程."""
    return reverse("workflow:case", args=[case.pk]) + "#process"


@dataclass(frozen=True, slots=True)
class CaseListPage:
    filter: CaseListFilter
    rows: list[Any]
    pager: ListPager


def read_page(
    found: CaseListFilter, query: QueryDict, build: Callable[[Sequence[Case]], Iterable[Any]]
) -> CaseListPage:
    """The newest first; two statements and those of ``build``."""
    part = NEWEST_FIRST.slice(found.qs.values_list("id"), read_cursor(query, NEWEST_FIRST.pattern))
    by_key = Case.objects.in_bulk([row[0] for row in part.rows])
    cases = [by_key[row[0]] for row in part.rows]
    return CaseListPage(found, list(build(cases)), pager_of(query, NEWEST_FIRST, part))


def all_rows(job: Job, found: CaseListFilter, total: int, cells: Cells) -> Iterator[Row]:
    """By position, newest first: constant memory however long the list is."""
    done, after = 0, None
    while True:
        rows = found.qs.filter(pk__lt=after) if after is not None else found.qs
        chunk = list(rows.order_by("-pk")[:CHUNK])
        if not chunk:
            return
        yield from cells(chunk)
        done, after = done + len(chunk), chunk[-1].pk
        report_progress(job, done=done, total=max(total, done))
