from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import today_or_earlier, word_required
from talent.completeness import LABELS, SECTIONS
from talent.enums import FIXED_TERM, OPEN_ENDED, Arrival, CardLevel
from talent.formfields import EMPTY, DayField, MonthField, code_choices
from talent.forms.drafts import DraftForm
from talent.forms.drafts import SubmitForm as PledgeForm
from talent.models import CardApplication, CardCategory
from workflow import clock
from workflow.codelists import CONTRACT_KIND
from workflow.findings import Check
from workflow.identifiers import normalise_code

MOST = Decimal(100_000)


def label(name: str) -> Any:
    return LABELS[name]


class SalaryField(forms.CharField):
    """万元, at most two places; kept as text because the column is encrypted."""

    def clean(self, value: Any) -> str:
        text = normalise_code(str(super().clean(value))).replace(",", "").removesuffix("万元").removesuffix("万")
        if not text:
            return ""
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or not 0 <= amount < MOST or amount != amount.quantize(Decimal("0.01")):
            message = _("“%(value)s” is not an amount in units of 10,000 yuan. Enter a number like 18.5.")
            raise ValidationError(message, "invalid", {"value": text})
        return f"{amount.normalize():f}"


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The categories under the card that they bring."""

    def label_from_instance(self, row: CardCategory) -> str:
        return str(row)


class CardForm(DraftForm):
    """渤海英才卡申请, what belongs to the case (spec 4.7 parts 3 and 4); everything else is the talent space's."""

    department = forms.CharField(label=label("department"), max_length=60, required=False)
    position = forms.CharField(label=label("position"), max_length=60)
    arrival = forms.ChoiceField(label=label("arrival"), choices=[EMPTY, *Arrival.choices])
    arrived_on = DayField(
        label=label("arrived_on"), help_text=_("The day of your first social insurance or tax payment here.")
    )
    contract_kind = forms.ChoiceField(label=label("contract_kind"), choices=lambda: code_choices(CONTRACT_KIND))
    contract_start = DayField(label=label("contract_start"))
    contract_end = DayField(
        label=label("contract_end"),
        required=False,
        help_text=_("Leave it empty for an open-ended contract. The card is not valid beyond it."),
    )
    salary = SalaryField(
        label=label("salary"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    insured_from = MonthField(label=label("insured_from"))
    category = CategoryField(CardCategory.objects.none(), label=label("category"), empty_label=EMPTY[1])
    evidence = forms.CharField(
        label=label("evidence"),
        max_length=120,
        required=False,
        help_text=_("Number of the document, certificate, award or patent that the category stands on."),
    )
    achievements = forms.CharField(
        label=label("achievements"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("At most 1,000 characters."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, application: CardApplication) -> None:
        self.application = application
        super().__init__(data, initial=_initial(application), kept=application.typed)
        rows = application.scheme.categories.filter(active=True)
        self.fields["category"].queryset = rows  # type: ignore[attr-defined]
        self.fields["category"].choices = _by_level(rows)  # type: ignore[attr-defined]
        word_required(self)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.require_order(cleaned, "contract_start", "contract_end", "%Y-%m-%d")
        today_or_earlier(self, "arrived_on", clock.today(), _("The date lies in the future. Check the year."))
        today_or_earlier(self, "insured_from", clock.today(), _("The month lies in the future. Check the year."))
        self._require_end(cleaned)
        return cleaned

    def blame(self, failed: Iterable[Check]) -> bool:
        """What is mended in the talent space does not hold up the form: the aside and the last look name it."""
        return super().blame(check for check in failed if check.field)

    def _require_end(self, cleaned: Mapping[str, Any]) -> None:
        kind, end = cleaned.get("contract_kind"), cleaned.get("contract_end")
        if "contract_end" in self.errors:
            return
        if kind == OPEN_ENDED and end:
            self.add_error("contract_end", _("An open-ended contract has no end. Clear this field or change the kind."))
        if kind and kind != OPEN_ENDED and not end:
            fixed = _("Enter the day on which the fixed-term contract ends.")
            self.add_error("contract_end", fixed if kind == FIXED_TERM else _("Enter the day on which it ends."))


def _by_level(rows: Any) -> list[Any]:
    groups = [(CardLevel(level).label, [(row.pk, str(row)) for row in rows if row.level == level]) for level in "ABC"]
    return [EMPTY, *((label, options) for label, options in groups if options)]


def _initial(application: CardApplication) -> dict[str, Any]:
    names = [name for names in SECTIONS.values() for name in names]
    return {name: getattr(application, name) for name in names} | {"category": application.category_id}


class SubmitForm(PledgeForm):
    pledged = forms.BooleanField(
        label=_("I pledge that everything above and all papers are true and complete, and answer for it."),
        error_messages={"required": _("Read the pledge and tick it before you submit.")},
    )
