from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import PersonNameField, PhoneField, today_or_earlier, word_required
from subsidies.completeness import LABELS, OF_SPOUSE, SECTIONS
from subsidies.models import RentApplication
from subsidies.models.application import MARRIED
from talent.formfields import EMPTY, DayField, MonthField, YesNoField
from talent.forms.drafts import DraftForm
from talent.models import Education
from workflow import clock
from workflow.codelists import MARITAL
from workflow.identifiers import (
    bank_account_warning,
    normalise_account,
    normalise_code,
    normalise_name,
    resident_id_warning,
    validate_bank_account,
    validate_resident_id,
)

AGAIN = "account_again"
DOUBTFUL = {
    "account": bank_account_warning,
    "spouse_number": resident_id_warning,
    "landlord_number": resident_id_warning,
}
NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


class IdNumberField(forms.CharField):
    def clean(self, value: Any) -> str:
        number = normalise_code(str(super().clean(value)))
        if number:
            validate_resident_id(number)
        return number


class AccountField(forms.CharField):
    def clean(self, value: Any) -> str:
        account = normalise_account(str(super().clean(value)))
        if account:
            validate_bank_account(account)
        return account


def label(name: str) -> Any:
    return LABELS[name]


class RentForm(DraftForm):
    """大学生租房补助申请表."""

    together = (("account", AGAIN),)

    education = forms.ModelChoiceField(
        Education.objects.none(), label=label("education"), empty_label=EMPTY[1], required=True
    )
    came_on = DayField(label=label("came_on"))
    insured_from = MonthField(label=label("insured_from"))
    insured_months = forms.IntegerField(
        label=label("insured_months"),
        min_value=0,
        max_value=600,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("From the month above; what was paid after a break does not count."),
    )
    owns_house = YesNoField(
        label=label("owns_house"),
        choices=[("True", pgettext_lazy("own home", "Yes")), ("False", pgettext_lazy("own home", "No"))],
    )
    enjoyed_other = YesNoField(label=label("enjoyed_other"))
    marital = forms.ChoiceField(
        label=label("marital"), choices=lambda: [EMPTY, *MARITAL.only("10", "20", "22", "23", "30", "40").choices]
    )
    spouse_name = PersonNameField(label=label("spouse_name"), required=False, help_text=_("If you are married."))
    spouse_number = IdNumberField(
        label=label("spouse_number"), max_length=30, required=False, help_text=_("If you are married.")
    )
    spouse_unit = forms.CharField(label=label("spouse_unit"), max_length=100, required=False)
    address = forms.CharField(
        label=label("address"), max_length=200, help_text=_("As on the lease, down to building and room.")
    )
    landlord_name = forms.CharField(label=label("landlord_name"), max_length=100)
    landlord_number = IdNumberField(label=label("landlord_number"), max_length=30, required=False)
    landlord_phone = PhoneField(label=label("landlord_phone"), required=False)
    lease_start = DayField(label=label("lease_start"))
    lease_end = DayField(label=label("lease_end"))
    monthly_rent = forms.DecimalField(
        label=label("monthly_rent"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
        help_text=_("In yuan."),
        error_messages={"min_value": _("Enter the rent of one month in yuan, as on the lease.")},
    )
    lease_recorded = YesNoField(label=label("lease_recorded"), required=False)
    start = MonthField(label=label("start"), help_text=_("The first month that you apply for."))
    end = MonthField(label=label("end"), help_text=_("The last month that you apply for, itself included."))
    account_holder = forms.CharField(
        label=label("account_holder"), max_length=50, help_text=_("The account must be in your own name.")
    )
    bank = forms.CharField(label=label("bank"), max_length=60)
    branch = forms.CharField(label=label("branch"), max_length=100)
    account = AccountField(label=label("account"), max_length=40, widget=forms.TextInput(attrs=NUMERIC))
    account_again = AccountField(label=label("account_again"), max_length=40, widget=forms.TextInput(attrs=NUMERIC))
    social_card = forms.BooleanField(label=label("social_card"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, application: RentApplication) -> None:
        self.application = application
        super().__init__(data, initial=_initial(application), kept=application.typed)
        educations = Education.objects.of(application.person)
        self.fields["education"].queryset = educations  # type: ignore[attr-defined]
        exclusive = "/".join(application.programme.exclusive_with)
        self.fields["enjoyed_other"].label = _("Do you enjoy or have you enjoyed: %(names)s?") % {"names": exclusive}
        if not exclusive:
            del self.fields["enjoyed_other"]
        word_required(self)

    def draft(self) -> dict[str, dict[str, Any]]:
        """The second account number is only compared; what differs is kept as it was typed."""
        draft = super().draft()
        again = draft["values"].pop(AGAIN, None)
        if "account" in draft["values"] and AGAIN not in draft["typed"]:
            is_same = again == draft["values"]["account"]
            draft["typed"][AGAIN] = "" if is_same else str(self[AGAIN].data or "")
        return draft

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.require_order(cleaned, "lease_start", "lease_end", "%Y-%m-%d")
        self.require_order(cleaned, "start", "end", "%Y-%m")
        today_or_earlier(self, "came_on", clock.today(), _("The date lies in the future. Check the year."))
        self._require_possible_insurance(cleaned)
        self._require_spouse(cleaned)
        self._require_own_account(cleaned)
        return cleaned

    def _require_possible_insurance(self, cleaned: Mapping[str, Any]) -> None:
        first, months, today = cleaned.get("insured_from"), cleaned.get("insured_months"), clock.today()
        if first is None or months is None:
            return
        most = max(0, (today.year - first.year) * 12 + today.month - first.month + 1)
        if months > most:
            message = _("From %(first)s until today are %(most)s months at most. Correct the months or the first one.")
            words = {"first": first.strftime("%Y-%m"), "most": most}
            self.add_error("insured_months", ValidationError(message, "months", words))

    def _require_spouse(self, cleaned: Mapping[str, Any]) -> None:
        if cleaned.get("marital") not in MARRIED:
            return
        for name in sorted(OF_SPOUSE):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(_("Enter this too: you are married."), "required"))

    def _require_own_account(self, cleaned: Mapping[str, Any]) -> None:
        holder, name = cleaned.get("account_holder"), self.application.person.name
        if holder and normalise_name(holder) != normalise_name(name):
            message = _("The account must be in your own name (%(name)s): money goes to nobody else's account.")
            self.add_error("account_holder", ValidationError(message, "holder", {"name": name}))
        account, again = cleaned.get("account"), cleaned.get(AGAIN)
        if account and again and account != again:
            message = _("The two account numbers differ. Compare both with the card.")
            self.add_error(AGAIN, ValidationError(message, "again"))

    @property
    def doubts(self) -> dict[str, Promise | None]:
        """Not errors: some accounts fail the check digit, codes of provinces come and go. Of what is kept."""
        kept = {name: str(getattr(self.application, name)) for name in DOUBTFUL}
        return {name: DOUBTFUL[name](text) for name, text in kept.items() if text}


def _initial(application: RentApplication) -> dict[str, Any]:
    names = [name for names in SECTIONS.values() for name in names if name != AGAIN]
    values = {name: getattr(application, name) for name in names}
    values["education"] = application.education_id
    return values | {AGAIN: application.account}
