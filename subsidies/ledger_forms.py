"""What is entered into the ledger beside the chain: returned payments, corrected accounts, stops."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from subsidies.models import AccountCorrection
from subsidies.office_forms import DatedForm, DayInput, PaymentForm
from subsidies.services.payments import Account
from workflow.filetypes import accepted
from workflow.identifiers import normalise_account, validate_bank_account


class BounceForm(DatedForm):
    """退票登记."""

    day_field = "bounced_on"

    reason = forms.CharField(
        label=_("Reason given by the bank"), max_length=200, help_text=_("Such as a wrong account number or name.")
    )
    bounced_on = forms.DateField(label=_("Returned on"), widget=DayInput())


class ArrivalForm(DatedForm):
    day_field = "arrived_on"

    arrived_on = forms.DateField(label=_("Arrived on"), widget=DayInput())


class PayAgainForm(PaymentForm):
    """The token makes a second press of the button harmless; ``correction`` is the account that the page showed."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    correction = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def show(self, correction: AccountCorrection | None) -> None:
        """The page shows this account from now on."""
        pk = correction.pk if correction is not None else None
        self.fields["correction"].initial = pk
        if self.is_bound:
            self.data = {**self.data, "correction": "" if pk is None else str(pk)}


class AccountForm(forms.Form):
    """更正账号. The holder is the applicant and cannot be another."""

    bank = forms.CharField(label=_("Bank"), max_length=60)
    branch = forms.CharField(label=_("Branch"), max_length=100)
    account = forms.CharField(
        label=_("Account number"), max_length=40, help_text=_("The number on your bank card, 8 to 30 digits.")
    )
    again = forms.CharField(label=_("Account number, once more"), max_length=40)

    def __init__(self, *args: Any, holder_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holder_name = holder_name
        for name in ("account", "again"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean_account(self) -> str:
        account = normalise_account(self.cleaned_data["account"])
        validate_bank_account(account)
        return account

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "account" in data and normalise_account(data.get("again", "")) != data["account"]:
            self.add_error("again", _("The two account numbers differ. Enter the same number twice."))
        return data

    @property
    def bank_account(self) -> Account:
        data = self.cleaned_data
        return Account(self.holder_name, data["bank"], data["branch"], data["account"])


class StopForm(DatedForm):
    """停发. The number is looked up by its keyed hash and not kept."""

    day_field = "starts_on"

    id_number = forms.CharField(label=_("Identity number"), max_length=30)
    starts_on = forms.DateField(label=_("Stopped from"), widget=DayInput())
    reason = forms.CharField(label=_("Reason"), max_length=200)


class LiftForm(forms.Form):
    reason = forms.CharField(label=_("Reason for lifting it"), max_length=200)


class RevealForm(forms.Form):
    """A look at full account numbers is logged with its reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("The list shows full account numbers. Who looked, when and why is recorded."),
    )


class BankResultForm(forms.Form):
    """银行回单: the workbook that the bank's results were entered into. The token makes a second press harmless."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    workbook = forms.FileField(
        label=_("Workbook with the bank's results"),
        help_text=_("xlsx, at most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": accepted(("xlsx",))}),
    )
