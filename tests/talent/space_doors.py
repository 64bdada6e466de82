"""Who gets in at the addresses of the talent space and the wallet, as the table of all doors (tests/doors.py) wants."""

from collections.abc import Callable
from typing import Any

PERSONS = {"applicant", "person"}


def _paper(land: Any) -> list[Any]:
    return [land.proof.pk]


def _row_of(kind: str) -> Callable[[Any], list[Any]]:
    return lambda land: [land.space[kind]]


SPACE_DOORS: dict[str, dict[str, Any]] = {
    "talent:wallet": {"admits": PERSONS},
    # Nothing is said of what is to be added: back to the list.
    "talent:wallet_add": {"admits": PERSONS, "ok": 302},
    "talent:wallet_change": {"admits": {"applicant"}, "args": _paper, "shut": 404},
    "talent:profile_autosave": {"admits": PERSONS, "post": {}},
    "talent:wallet_remove": {"admits": {"applicant"}, "args": _paper, "post": {}, "ok": 302, "shut": 404},
}

for _kind in ("honour", "project", "family"):
    _own: dict[str, Any] = {"admits": {"applicant"}, "args": _row_of(_kind), "shut": 404}
    SPACE_DOORS |= {
        f"talent:{_kind}_list": {"admits": PERSONS},
        f"talent:{_kind}_add": {"admits": PERSONS},
        f"talent:{_kind}_change": _own,
        f"talent:{_kind}_remove": _own | {"post": {}, "ok": 302},
    }
