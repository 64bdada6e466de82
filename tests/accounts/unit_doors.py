"""Who gets in at the addresses of units: their users, the persons who work for them, their changes."""

from typing import Any

UNITS = {"unit", "other_unit"}
PERSONS = {"applicant", "person"}


def _unit_user(land: Any) -> list[Any]:
    return [land.users["unit"].pk]


def _member(land: Any) -> list[Any]:
    return [land.users["applicant"].pk]


def _number(land: Any) -> list[Any]:
    return [land.users["applicant"].pk, "number"]


def _another_case(land: Any) -> list[Any]:
    """Nobody of the landscape changes anything that is registered."""
    return [land.waiting.pk]


# The units of the landscape have handlers and no administrator.
_MANAGER: dict[str, Any] = {"admits": set()}
_KEEPER: dict[str, Any] = {"admits": {"unit"}, "also": {"other_unit": 404}}
_NOWHERE: dict[str, Any] = {"admits": set(), "args": _another_case, "shut": 404}

UNIT_DOORS: dict[str, dict[str, Any]] = {
    # It sends on: approved accounts home, whoever registered with everything at once to the status.
    "accounts:system": {"admits": {"pending"}, "ok": 302, "shut": 302},
    "accounts:unit_users": _MANAGER,
    "accounts:unit_user_add": _MANAGER,
    "accounts:unit_user_edit": _MANAGER | {"args": _unit_user},
    "accounts:unit_user_reset": _MANAGER | {"args": _unit_user},
    "accounts:unit_user_stop": _MANAGER | {"args": _unit_user},
    "accounts:unit_user_start": _MANAGER | {"args": _unit_user},
    "accounts:members": {"admits": UNITS},
    "accounts:member": _KEEPER | {"args": _member},
    "accounts:member_edit": _KEEPER | {"args": _member},
    "accounts:member_close": _KEEPER | {"args": _member},
    "accounts:member_reopen": _KEEPER | {"args": _member},
    "accounts:member_password": _KEEPER | {"args": _member},
    "accounts:member_reveal": _KEEPER | {"args": _number},
    "accounts:unit_details": {"admits": UNITS},
    "accounts:unit_change": {"admits": UNITS},
    "accounts:unit_change_edit": _NOWHERE,
    "accounts:unit_change_submit": _NOWHERE | {"post": {}},
    "accounts:unit_change_withdraw": _NOWHERE | {"post": {}},
    "accounts:unit_transfer": {"admits": PERSONS},
    "accounts:unit_transfer_edit": _NOWHERE,
    "accounts:unit_transfer_submit": _NOWHERE | {"post": {}},
    "accounts:unit_transfer_withdraw": _NOWHERE | {"post": {}},
}
