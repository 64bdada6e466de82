"""The filter of the list of cards."""

from __future__ import annotations

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talent.enums import LIVING, CardLevel, CardState
from talent.models import Card, CardPrint, HandOut
from workflow import clock
from workflow.case_lists import criteria_of
from workflow.lookup_keys import identity_key
from workflow.sealing import SealedFilter

NOT_PRINTED, TO_COLLECT, COLLECTED = "not_printed", "to_collect", "collected"
PAPERS = [
    (NOT_PRINTED, _("Not printed")),
    (TO_COLLECT, _("Printed, to be collected")),
    (COLLECTED, pgettext_lazy("plastic card", "Handed out")),
]
Rows = QuerySet[Card]


class CardFilter(django_filters.FilterSet):  # type: ignore[misc]
    name = django_filters.CharFilter(label=_("Name"), lookup_expr="contains")
    number = django_filters.CharFilter(label=_("Card number"), method="has_number")
    id_number = SealedFilter(label=_("Identity number"), method="has_id_number")
    unit = django_filters.CharFilter(label=_("Employer"), field_name="unit_name", lookup_expr="contains")
    level = django_filters.ChoiceFilter(label=_("Type of card"), choices=CardLevel.choices, empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        label=_("Status"), choices=CardState.choices, method="has_state", empty_label=_("All")
    )
    paper = django_filters.ChoiceFilter(
        label=_("Plastic card"), choices=PAPERS, method="has_paper", empty_label=_("All")
    )

    class Meta:
        model = Card
        fields: list[str] = []

    def has_number(self, rows: Rows, _field: str, value: str) -> Rows:
        """As it stands on the card, with its gaps or without."""
        return rows.filter(number__startswith="".join(value.split()).upper())

    def has_id_number(self, rows: Rows, _field: str, value: str) -> Rows:
        return rows.filter(person__number_hash=identity_key(value))

    def has_state(self, rows: Rows, _field: str, value: str) -> Rows:
        """Today: the daily job may not have passed by yet."""
        over = Q(state__in=LIVING, valid_until__lt=clock.today())
        if value == CardState.EXPIRED:
            return rows.filter(Q(state=value) | over)
        return rows.filter(state=value).exclude(over)

    def has_paper(self, rows: Rows, _field: str, value: str) -> Rows:
        of_this_edition = {"card": OuterRef("pk"), "edition": OuterRef("edition")}
        printed = Exists(CardPrint.objects.filter(**of_this_edition))
        given = Exists(HandOut.objects.filter(**of_this_edition))
        if value == COLLECTED:
            return rows.filter(given)
        alive = rows.filter(state__in=LIVING, valid_until__gte=clock.today())
        return alive.filter(~printed) if value == NOT_PRINTED else alive.filter(printed, ~given)

    @property
    def criteria(self) -> str:
        return criteria_of(self)
