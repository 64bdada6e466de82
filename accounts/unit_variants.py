"""The forms of 单位注册: all at once (manual 002), or a short one and the materials under 系统管理 (manual 001)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import UnitForm
from accounts.models import UnitRegistration
from workflow.filetypes import PAPERS
from workflow.models import Case
from workflow.registry import MaterialRule

OTHER = MaterialRule("other", _("Other material"))


@dataclass(frozen=True, slots=True)
class Variant:
    """``account`` and ``unit``: fields of ``UnitChangeForm`` in their order; what signs in comes on top.

    ``labels`` and ``required``: what differs from the field's own. ``unit_first``: whose section of the form leads.
    ``in_system``: whoever registered signs in first and
    finds state, materials and 【提交申请】 under 系统管理.
    """

    key: UnitForm
    label: Promise
    note: Promise
    account: tuple[str, ...]
    unit: tuple[str, ...]
    papers: tuple[MaterialRule, ...]
    labels: Mapping[str, Promise] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    unit_first: bool = False
    in_system: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.account, *self.unit)

    @property
    def has_details(self) -> bool:
        return "principal" in self.unit


VARIANTS: Mapping[UnitForm, Variant] = {
    UnitForm.FULL: Variant(
        key=UnitForm.FULL,
        label=_("For the graduate rent subsidy"),
        note=_("Everything about the employer on one page; the business licence is uploaded right afterwards."),
        account=("name", "phone", "email", "contact_number"),
        unit=(
            "unit_name", "region", "supervisor", "uscc", "principal", "principal_phone", "unit_kind", "industry",
            "address", "founded_on", "affiliation",
        ),
        papers=(MaterialRule("business_licence", _("Business licence"), required=True, kinds=PAPERS), OTHER),
    ),
    UnitForm.SHORT: Variant(
        key=UnitForm.SHORT,
        label=_("For the Bohai talent card"),
        note=_("A short form; then sign in and upload the materials under “System administration”."),
        account=("name", "contact_number", "phone"),
        unit=("unit_name", "uscc", "supervisor"),
        papers=(
            MaterialRule(
                "business_licence",
                _("Business licence or registration of the legal person"),
                required=True,
                kinds=PAPERS,
            ),
            MaterialRule("contact_id", _("ID card of the contact person"), hint=_("Both sides."), kinds=PAPERS),
            MaterialRule("authorisation", _("Letter of authority of the employer"), kinds=PAPERS),
            OTHER,
        ),
        labels={
            "name": _("Contact person"),
            "contact_number": _("Document number"),
            "supervisor": _("Organisation in charge"),
        },
        required=("contact_number",),
        unit_first=True,
        in_system=True,
    ),
}  # fmt: skip
FULL = VARIANTS[UnitForm.FULL]


def named_variant(key: str) -> Variant:
    """The one that an address names; without a name all at once."""
    return VARIANTS[UnitForm(key)] if key in UnitForm.values else FULL


def variant_of(case: Case) -> Variant:
    registration = UnitRegistration.objects.filter(case=case).only("variant").first()
    return named_variant(registration.variant) if registration is not None else FULL
