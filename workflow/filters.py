"""The filters of a queue; the address carries them, chips show them."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from workflow import clock
from workflow.lookup_keys import identity_key
from workflow.masking import mask_number
from workflow.models import Case
from workflow.presentation.pages import POSITION
from workflow.registry import CaseType, Column
from workflow.sealing import FIELD, SealedFilter

_forms: dict[tuple[str, str, tuple[str, ...]], type[forms.Form]] = {}
# No clock reaches the day after the last one, nor, east of Greenwich, the first.
DAYS = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set; ``url`` takes it away."""

    label: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One field of the form as the page prints it; ``look`` is text, date or check."""

    name: str
    label: str
    value: str
    errors: list[str]
    look: str


def _chip_text(name: str, value: Any) -> str:
    if name == FIELD:
        return mask_number(value)
    return "" if value is True else value.isoformat() if isinstance(value, date) else str(value)


def day_begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


# Asked for only where the lists of the service have such a column.
OF_COLUMNS = ("degree", "card_level", "card_number")


class QueueFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Over cases, or with ``path="case__"`` over their events."""

    name = django_filters.CharFilter(label=_("Name"), method="begins_with_name")
    id_number = SealedFilter(label=_("Identity number"), method="has_id_number")
    submitted_from = django_filters.DateFilter(
        label=_("Submitted from"), widget=DayInput, validators=DAYS, method="submitted_since"
    )
    submitted_to = django_filters.DateFilter(
        label=_("Submitted until"), widget=DayInput, validators=DAYS, method="submitted_until"
    )
    degree = django_filters.CharFilter(label=_("Level of education"), method="has_degree")
    card_level = django_filters.CharFilter(label=_("Type of card"), method="has_card_level")
    card_number = django_filters.CharFilter(label=_("Card number"), method="has_card_number")
    overdue = django_filters.BooleanFilter(label=_("Overdue only"), widget=forms.CheckboxInput, method="is_overdue")

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet[Any],
        *,
        case_type: CaseType,
        path: str = "",
        columns: Sequence[Column] = (),
    ) -> None:
        """As the parent's, but for its copy of every filter: most pages set none. ``columns``: those of the page."""
        self.is_bound, self.data, self.queryset, self.request, self.form_prefix = True, data, queryset, None, None
        self.case_type, self.path, self.columns = case_type.key, path, columns or case_type.columns

    @cached_property
    def filters(self) -> dict[str, Any]:
        filters: dict[str, Any] = copy.deepcopy(self.base_filters)
        for one in filters.values():
            one.model, one.parent = self.queryset.model, self
        labels = {column.key: column.label for column in self.columns}
        filters["name"].label = labels.get("subject", filters["name"].label)
        if "id_masked" not in labels:
            del filters["id_number"]
        for key in OF_COLUMNS:
            if key in labels:
                filters[key].label = labels[key]
            else:
                del filters[key]
        if self.path:
            del filters["overdue"]
        return filters

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, value in self.form.cleaned_data.items():
            if value not in (None, "", False):
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    def get_form_class(self) -> type[forms.Form]:
        """Composed once for each list of conditions: the words in it are translated when they are printed."""
        shown = {column.key for column in self.columns}
        key = self.case_type, self.path, tuple(name for name in OF_COLUMNS if name in shown)
        if key not in _forms:
            _forms[key] = super().get_form_class()
        return _forms[key]

    def begins_with_name(self, rows: QuerySet[Any], _field: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.path}subject__startswith": value})

    def has_id_number(self, rows: QuerySet[Any], _field: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.path}subject_key": identity_key(value)})

    def has_degree(self, rows: QuerySet[Any], _field: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.path}summary__degree": value})

    def has_card_level(self, rows: QuerySet[Any], _field: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.path}summary__card_level": value.upper()})

    def has_card_number(self, rows: QuerySet[Any], _field: str, value: str) -> QuerySet[Any]:
        """As it stands on the card, in groups, or without them."""
        return rows.filter(**{f"{self.path}summary__card_number": "".join(value.split()).upper()})

    def submitted_since(self, rows: QuerySet[Any], _field: str, value: date) -> QuerySet[Any]:
        return rows.filter(**{f"{self.path}submitted_at__gte": day_begins(value)})

    def submitted_until(self, rows: QuerySet[Any], _field: str, value: date) -> QuerySet[Any]:
        return rows.filter(**{f"{self.path}submitted_at__lt": day_begins(value + timedelta(days=1))})

    def is_overdue(self, rows: QuerySet[Any], _field: str, value: bool) -> QuerySet[Any]:
        return rows.filter(Q(due_on__lt=clock.today())) if value else rows

    def conditions(self) -> Iterator[Condition]:
        """Less the detour through bound fields, of which a page asks a dozen things each."""
        form = self.form
        for name, field in form.fields.items():
            value = field.prepare_value(field.widget.value_from_datadict(form.data, {}, name))
            look = "check" if isinstance(value, bool) else field.widget.input_type
            yield Condition(name, str(field.label), str(value or ""), form.errors.get(name, []), look)

    @property
    def is_by_name(self) -> bool:
        return self.form.is_valid() and bool(self.form.cleaned_data["name"])

    def criteria(self) -> str:
        """The filter alone as a query string: what a selection keeps and a case page passes on."""
        kept = self.data.copy()
        for key in list(kept):
            if (key not in self.form.fields and key != "tab") or not kept[key]:
                del kept[key]
        return str(kept.urlencode())

    def chips(self) -> Iterator[Chip]:
        cleaned = self.form.cleaned_data if self.form.is_valid() else {}
        for name, value in cleaned.items():
            if value in (None, "", False):
                continue
            rest = self.data.copy()
            for key in (name, *POSITION):
                rest.pop(key, None)
            yield Chip(str(self.filters[name].label), _chip_text(name, value), f"?{rest.urlencode()}")
