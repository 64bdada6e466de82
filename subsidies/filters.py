"""The filters of the statistics pages; the address carries them."""

from __future__ import annotations

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from subsidies.enums import GRADUATE_RENT, PayState
from subsidies.models import Intake, Payment, ProgrammeLevel
from workflow.case_lists import CaseListFilter, Rows, criteria_of, status_choices
from workflow.enums import BatchKind
from workflow.models import Batch, BatchMember


def degree_choices() -> list[tuple[str, str]]:
    return list(ProgrammeLevel.objects.order_by("education").values_list("education", "name").distinct())


def stage_choices() -> list[tuple[str, str]]:
    return status_choices(GRADUATE_RENT)


def intake_choices() -> list[tuple[str, str]]:
    return [(intake.code, str(intake)) for intake in Intake.objects.all()]


class SubsidyFilter(CaseListFilter):
    """What both statistics are asked for."""

    degree = django_filters.ChoiceFilter(
        label=_("Degree"), field_name="summary__degree_code", choices=degree_choices, empty_label=_("All")
    )
    year = django_filters.NumberFilter(label=_("Year"), method="in_year", min_value=2000, max_value=2100)
    intake = django_filters.ChoiceFilter(
        label=_("Batch"), field_name="rent_application__intake", choices=intake_choices, empty_label=_("All")
    )

    def in_year(self, rows: Rows, _field: str, value: int) -> Rows:
        """Of the batch, which is what a year is divided into."""
        return rows.filter(rent_application__intake__starts_on__year=int(value))


class ApplicationFilter(SubsidyFilter):
    status = django_filters.ChoiceFilter(
        label=_("Review status"), method="has_status", choices=stage_choices, empty_label=_("All")
    )


class PaymentFilter(SubsidyFilter):
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
