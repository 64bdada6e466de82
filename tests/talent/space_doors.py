"""Who gets in at the addresses of the talent space and the wallet, as the table of all doors (tests/doors.py) wants."""

from typing import Any

PERSONS = {"applicant", "person"}


def _paper(land: Any) -> list[Any]:
    return [land.proof.pk]


SPACE_DOORS: dict[str, dict[str, Any]] = {
    "talent:wallet": {"admits": PERSONS},
    # Nothing is said of what is to be added: back to the list.
    "talent:wallet_add": {"admits": PERSONS, "ok": 302},
    "talent:wallet_change": {"admits": {"applicant"}, "args": _paper, "shut": 404},
    "talent:wallet_remove": {"admits": {"applicant"}, "args": _paper, "post": {}, "ok": 302, "shut": 404},
}
