"""Who gets in where card holders ask for changes and services, as the table of all doors (tests/doors.py) wants."""

from typing import Any

HOLDERS = {"applicant", "person"}
BUREAUS = {"county_hr", "other_county_hr", "city_hr"}


def _case(_land: Any) -> list[Any]:
    return [1]


# Nobody of the landscape holds a card, so nobody has asked for anything with one.
OWN: dict[str, Any] = {"admits": HOLDERS, "ok": 404, "args": _case}
REQUEST_DOORS: dict[str, dict[str, Any]] = {
    "talent:changes": {"admits": HOLDERS},
    "talent:change_create": {"admits": HOLDERS, "ok": 404, "post": {"kind": "renew"}},
    "talent:change_edit": OWN,
    "talent:change_check": OWN,
    "talent:change_submitted": OWN,
    "talent:request_create": {"admits": HOLDERS, "ok": 404, "post": {"service": "1"}},
    "talent:request_edit": OWN,
    "talent:request_check": OWN,
    "talent:request_evaluate": OWN | {"post": {}},
    "talent:request_state": {"admits": set(), "args": _case, "shut": 404},
    "talent:service_statistics": {"admits": BUREAUS},
}
# Anybody at all.
PUBLIC_REQUEST_DOORS: dict[str, dict[str, Any]] = {"talent:services": {}}
