"""Which fields of the form are still empty or cannot be read, section by section."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from subsidies.models import RentApplication
from workflow.registry import Text

# {section: its fields}; the order is the order of the page.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "education": ("education",),
    "employment": ("came_on", "insured_from", "insured_months"),
    "housing": (
        "owns_house", "enjoyed_other", "marital", "spouse_name", "spouse_number", "spouse_unit", "address",
        "landlord_name", "landlord_number", "landlord_phone", "lease_start", "lease_end", "monthly_rent",
        "lease_recorded",
    ),
    "subsidy": ("start", "end"),
    "account": ("account_holder", "bank", "branch", "account", "account_again", "social_card"),
}  # fmt: skip
TITLES: Mapping[str, Text] = {
    "personal": _("Personal details"),
    "education": _("Education"),
    "employment": _("Employment"),
    "housing": _("Housing"),
    "subsidy": _("Subsidy"),
    "account": _("Bank account"),
}
OPTIONAL = frozenset(
    {"spouse_unit", "landlord_number", "landlord_phone", "lease_recorded", "social_card", "account_again"}
)
OF_SPOUSE = frozenset({"spouse_name", "spouse_number"})

LABELS: Mapping[str, Text] = {
    "education": _("Education that you apply with"),
    "came_on": _("First employed in this city on"),
    "insured_from": _("Social insurance first paid in"),
    "insured_months": _("Months paid without a break"),
    "owns_house": _("Do you or your spouse own a home in this city?"),
    "enjoyed_other": _("Other housing support enjoyed"),
    "marital": _("Marital status"),
    "spouse_name": _("Name of the spouse"),
    "spouse_number": _("ID number of the spouse"),
    "spouse_unit": _("Employer of the spouse"),
    "address": _("Rented address"),
    "landlord_name": _("Name of the landlord"),
    "landlord_number": _("ID number of the landlord"),
    "landlord_phone": _("Telephone of the landlord"),
    "lease_start": _("Lease from"),
    "lease_end": _("Lease until"),
    "monthly_rent": _("Monthly rent"),
    "lease_recorded": _("Is the lease recorded with the housing authority?"),
    "start": _("Subsidy from (month)"),
    "end": _("Subsidy until (month)"),
    "account_holder": _("Account holder"),
    "bank": _("Bank"),
    "branch": _("Branch"),
    "account": _("Account number"),
    "account_again": _("Account number again"),
    "social_card": _("It is the financial account of a social security card"),
}


def is_required(name: str, application: RentApplication) -> bool:
    if name in OF_SPOUSE:
        return application.is_married
    return name not in OPTIONAL


def find_gaps(application: RentApplication) -> list[str]:
    """Fields without a value, or with text that cannot be read as one."""
    return [
        name
        for names in SECTIONS.values()
        for name in names
        if name in application.typed
        or (is_required(name, application) and getattr(application, name, None) in (None, ""))
    ]


def labels_of(names: list[str]) -> str:
    return gettext(", ").join(str(LABELS[name]) for name in names)
