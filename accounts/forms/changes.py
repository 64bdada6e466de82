from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import DateField, today_or_earlier, word_required
from accounts.forms.person import UnitField
from accounts.forms.unit import IDENTITY_FIELDS, UnitChangeForm
from accounts.services.unit_changes import UnitIdentity
from workflow import clock
from workflow.identifiers import uscc_warning
from workflow.models import Organisation


class UnitIdentityForm(UnitChangeForm):
    """变更: of the form of the registration what an office must look at again."""

    field_order: Sequence[str] = IDENTITY_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in IDENTITY_FIELDS]:
            del self.fields[name]
        self.fields["supervisor"].help_text = _("Cases that are on their way stay with the present department.")

    def sections(self) -> list[Fieldset]:
        return [Fieldset(_("What shall stand there"), *IDENTITY_FIELDS)]

    @property
    def doubts(self) -> dict[str, Promise | None]:
        code = str(self["uscc"].value() or "")
        return {"uscc": uscc_warning(code) if code else None}

    @property
    def facts(self) -> UnitIdentity:
        data = self.cleaned_data
        return UnitIdentity(data["unit_name"], data["uscc"], data["region"], data["bureau"])

    @staticmethod
    def initial_from(name: str, uscc: str, region_id: str, supervisor_id: int | None) -> dict[str, Any]:
        return {"unit_name": name, "uscc": uscc, "region": region_id, "supervisor": supervisor_id}


class TransferForm(forms.Form):
    """变更单位."""

    unit = UnitField(
        label=_("New employer"),
        max_length=150,
        help_text=_("Name or unified social credit code; only employers whose registration is approved."),
        widget=forms.TextInput(attrs={"list": "unit-options", "autocomplete": "off"}),
    )
    hired_on = DateField(label=_("Joined the new employer on"))

    def __init__(self, *args: Any, units_url: str, present: Organisation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present
        word_required(self)
        self.fields["unit"].widget.attrs |= {
            "hx-get": units_url,
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#unit-options",
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("unit") is not None and cleaned["unit"] == self.present:
            self.add_error("unit", _("You work for this employer already."))
        today_or_earlier(self, "hired_on", clock.today(), _("The date lies in the future. Check the year."))
        return cleaned
