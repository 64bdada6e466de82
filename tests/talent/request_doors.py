"""Who gets in where card holders ask for changes and services, as the table of all doors (tests/doors.py) wants."""

from typing import Any

HOLDERS = {"applicant", "person"}
BUREAUS = {"county_hr", "other_county_hr", "city_hr"}


def _change(land: Any) -> list[Any]:
    return [land.change.pk]


def _request(land: Any) -> list[Any]:
    return [land.request.pk]


# Of the holder alone, whoever else holds one.
CHANGE: dict[str, Any] = {"admits": {"applicant"}, "args": _change, "also": {"person": 404}}
REQUEST: dict[str, Any] = {"admits": {"applicant"}, "args": _request, "also": {"person": 404}}
REQUEST_DOORS: dict[str, dict[str, Any]] = {
    "talent:changes": {"admits": HOLDERS},
    # The time of the renewal has not come; who holds no card has none to change.
    "talent:change_create": {"admits": {"applicant"}, "ok": 302, "post": {"kind": "renew"}, "also": {"person": 404}},
    "talent:change_edit": CHANGE,
    "talent:change_check": CHANGE,
    # It is not filed yet: to the case.
    "talent:change_submitted": CHANGE | {"ok": 302},
    "talent:request_create": {"admits": HOLDERS, "ok": 404, "post": {"service": "0"}},
    # Filed: to where it stands.
    "talent:request_edit": REQUEST | {"ok": 302},
    "talent:request_check": REQUEST | {"ok": 302},
    # Nothing was chosen.
    "talent:request_evaluate": REQUEST | {"ok": 422, "post": {}},
    "talent:request_state": {"admits": {"applicant", "county_hr", "city_hr"}, "args": _request, "shut": 404},
    "talent:service_statistics": {"admits": BUREAUS},
}
# Anybody at all.
PUBLIC_REQUEST_DOORS: dict[str, dict[str, Any]] = {"talent:services": {}}
