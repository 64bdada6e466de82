"""Who gets into 我的信息: persons and employers about whom something is held, a registration that waits included."""

from typing import Any

OWNERS = {"unit", "other_unit", "applicant", "person", "pending"}
PAGES = ("my_data", "my_data_looks", "data_correction", "data_deletion")
# Nobody else finds what somebody has asked for or agreed to.
OTHERS = dict.fromkeys(OWNERS - {"applicant"}, 404)


def asked(land: Any) -> list[Any]:
    return [land.asked.pk]


def consent(land: Any) -> list[Any]:
    return [land.consent.pk]


OWN_DOORS: dict[str, dict[str, Any]] = {f"accounts:{name}": {"admits": OWNERS} for name in PAGES} | {
    "accounts:my_data_section": {"admits": OWNERS, "args": lambda land: ["account"]},
    "accounts:my_data_export": {"admits": OWNERS, "post": {}, "ok": 302},
    "accounts:data_request_take_back": {"admits": {"applicant"}, "args": asked, "post": {}, "ok": 302, "also": OTHERS},
    "accounts:consent_withdraw": {"admits": {"applicant"}, "args": consent, "also": OTHERS},
    "accounts:data_requests": {"admits": {"admin"}},
    "accounts:data_request": {"admits": {"admin"}, "args": asked},
}
