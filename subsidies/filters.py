"""The filters of the statistics pages; the address carries them."""

from __future__ import annotations

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from subsidies.enums import GRADUATE_RENT, PayState
from subsidies.models import Intake, Payment, ProgrammeLevel
from workflow.enums import BatchKind, ChainStatus, State
from workflow.lookup_keys import identity_key
from workflow.models import Batch, BatchMember, Case, Stage
from workflow.sealing import SealedFilter

Rows = QuerySet[Case]
# The states a filed case may have besides standing at a stage.
STATES = (State.RETURNED, State.APPROVED, State.REJECTED, State.WITHDRAWN)


def degree_choices() -> list[tuple[str, str]]:
    return list(ProgrammeLevel.objects.order_by("education").values_list("education", "name").distinct())


def status_choices() -> list[tuple[str, str]]:
    stages = Stage.objects.filter(chain__case_type=GRADUATE_RENT, chain__status=ChainStatus.PUBLISHED)
    return [*((stage.slug, stage.title) for stage in stages), *((state, str(state.label)) for state in STATES)]


def intake_choices() -> list[tuple[str, str]]:
    return [(intake.code, str(intake)) for intake in Intake.objects.all()]


def criteria_of(found: django_filters.FilterSet) -> str:
    """The filters that are set, as a query string: what an export repeats."""
    kept = found.data.copy()
    for key in list(kept):
        if key not in found.filters or not kept[key]:
            del kept[key]
    return str(kept.urlencode())


class CaseListFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What both statistics are asked for; the ID number is looked up by its keyed hash, exactly."""

    name = django_filters.CharFilter(label=_("Name"), field_name="subject", lookup_expr="contains")
    id_number = SealedFilter(label=_("Identity number"), method="has_id_number")
    degree = django_filters.ChoiceFilter(
        label=_("Degree"), field_name="summary__degree_code", choices=degree_choices, empty_label=_("All")
    )
    year = django_filters.NumberFilter(label=_("Year"), method="in_year", min_value=2000, max_value=2100)
    intake = django_filters.ChoiceFilter(
        label=_("Batch"), field_name="rent_application__intake", choices=intake_choices, empty_label=_("All")
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def has_id_number(self, rows: Rows, _field: str, value: str) -> Rows:
        return rows.filter(subject_key=identity_key(value))

    def in_year(self, rows: Rows, _field: str, value: int) -> Rows:
        """Of the batch, which is what a year is divided into."""
        return rows.filter(rent_application__intake__starts_on__year=int(value))

    @property
    def criteria(self) -> str:
        return criteria_of(self)


class ApplicationFilter(CaseListFilter):
    status = django_filters.ChoiceFilter(
        label=_("Review status"), method="has_status", choices=status_choices, empty_label=_("All")
    )

    def has_status(self, rows: Rows, _field: str, value: str) -> Rows:
        return rows.filter(state=value) if value in State.values else rows.filter(stage=value)


class PaymentFilter(CaseListFilter):
    """经市组织部确认后: where the money of each case stands."""

    batch = django_filters.CharFilter(label=_("City batch"), method="in_batch")
    paid = django_filters.ChoiceFilter(
        label=_("Money"), method="has_pay_state", choices=PayState.choices, empty_label=_("All")
    )

    def in_batch(self, rows: Rows, _field: str, value: str) -> Rows:
        """市级批次, by a part of its number."""
        members = BatchMember.objects.filter(
            removed_in=None, batch__kind=BatchKind.SUMMARY, batch__number__icontains=value.strip()
        )
        return rows.filter(pk__in=members.values("case"))

    def has_pay_state(self, rows: Rows, _field: str, value: str) -> Rows:
        return rows.filter(PAY_STATES[PayState(value)])


_mine = Payment.objects.filter(case=OuterRef("pk"))
_standing = _mine.filter(bounce=None)
PAY_STATES = {
    PayState.WAITING: Q(allocation=None),
    PayState.ALLOCATED: Q(allocation__isnull=False) & ~Exists(_mine),
    PayState.BOUNCED: Exists(_mine) & ~Exists(_standing),
    PayState.PAID: Q(Exists(_standing.filter(arrival=None))),
    PayState.ARRIVED: Q(Exists(_standing.filter(arrival__isnull=False))),
}


class BatchFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The documents of the offices."""

    intake = django_filters.ChoiceFilter(
        label=_("Batch"), field_name="intake_of__intake", choices=intake_choices, empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=BatchKind.choices, empty_label=_("All"))
    number = django_filters.CharFilter(label=_("Batch number"), lookup_expr="icontains")

    class Meta:
        model = Batch
        fields: list[str] = []

    @property
    def criteria(self) -> str:
        return criteria_of(self)
