"""Who gets in at 账户资料 and at the counter's pages of real names, as the table of all doors wants it told."""

from typing import Any

from tests.accounts.counter_doors import AT_COUNTER
from tests.accounts.stating import waiting_number

OWNERS = {"unit", "other_unit", "applicant", "person"}
# Who may look at papers of those who come to a counter.
COUNTERS = {"county_hr", "other_county_hr"} | AT_COUNTER


def _number(land: Any) -> list[Any]:
    return [waiting_number()]


REAL_NAME_DOORS: dict[str, dict[str, Any]] = {
    "accounts:profile": {"admits": OWNERS},
    "accounts:real_name": {"admits": OWNERS},
    "accounts:real_name_result": {"admits": OWNERS},
    "accounts:real_name_requests": {"admits": COUNTERS},
    "accounts:real_name_request": {"admits": COUNTERS, "args": _number},
    # What is missing is told on the page.
    "accounts:real_name_confirm": {"admits": COUNTERS, "args": _number, "post": {}},
    "accounts:real_name_refuse": {"admits": COUNTERS, "args": _number, "post": {}},
}
