"""What of an application offices read only as a logged look: on the screen as on the printed form."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.services.sensitive import FullField, register_full_field
from talent.enums import BOHAI_CARD
from workflow.models import Case, Filing


def _salary_of(case: Case) -> str:
    """As it was filed: what the office decides on."""
    filing = Filing.objects.filter(case=case).order_by("-number").first()
    sections = filing.content["sections"] if filing is not None else []
    rows = (row for section in sections if section["key"] == "work" for row in section["rows"])
    return next((str(row["full"]) for row in rows if row["key"] == "salary"), "")


def _has_salary(case: Case) -> bool:
    return case.case_type == BOHAI_CARD and bool(_salary_of(case))


# It is held against the labour contract by whoever decides, and hidden as a whole from everybody else.
register_full_field(
    "salary",
    FullField(
        _salary_of, _("Yearly salary (10,000 yuan)"), _("Show the yearly salary (10,000 yuan) in full"), _has_salary
    ),
)
