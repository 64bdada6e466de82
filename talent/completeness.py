"""Which fields of the application for the card are still empty or cannot be read, section by section."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from talent.enums import OPEN_ENDED
from talent.models import CardApplication
from workflow.registry import Text

# {section: its fields}; the order is the order of the page (spec 4.7). The others are lists of the talent space.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "personal": (),
    "studies": (),
    "work": (
        "department", "position", "arrival", "arrived_on", "contract_kind", "contract_start", "contract_end", "salary",
        "insured_from",
    ),
    "category": ("category", "evidence", "achievements"),
}  # fmt: skip
TITLES: Mapping[str, Text] = {
    "personal": _("Basic information"),
    "studies": _("Education and degrees"),
    "work": _("Present work"),
    "category": _("Category of talent"),
    "family": _("Family members"),
    "specialist": _("Service specialist"),
}
OPTIONAL = frozenset({"department", "salary", "evidence"})

LABELS: Mapping[str, Text] = {
    "department": _("Department"),
    "position": _("Position held"),
    "arrival": _("Way of recruitment"),
    "arrived_on": _("Came to this city on"),
    "contract_kind": _("Kind of labour contract"),
    "contract_start": _("Labour contract from"),
    "contract_end": _("Labour contract until"),
    "salary": _("Yearly salary (10,000 yuan)"),
    "insured_from": _("Social insurance from"),
    "category": _("Category of application"),
    "evidence": _("Document or certificate that proves it"),
    "achievements": _("Main achievements"),
}
# Sections where a failed rule is mended on another page.
OF_RULE: Mapping[str, str] = {"space": "personal", "photo": "personal", "studies": "studies", "work": "work"}


def is_required(name: str, application: CardApplication) -> bool:
    if name == "contract_end":
        return application.contract_kind != OPEN_ENDED
    return name not in OPTIONAL


def find_gaps(application: CardApplication) -> list[str]:
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
