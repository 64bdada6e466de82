"""Who gets into 我的信息: persons and employers about whom something is held, a registration that waits included."""

from typing import Any

OWNERS = {"unit", "other_unit", "applicant", "person", "pending"}
PAGES = ("my_data", "my_data_looks", "data_correction", "data_deletion")
# Of those who have asked for nothing, and whose consents are others'.
NOTHING_THERE = dict.fromkeys(OWNERS, 404)


def first(_land: Any) -> list[Any]:
    return [1]


OWN_DOORS: dict[str, dict[str, Any]] = {f"accounts:{name}": {"admits": OWNERS} for name in PAGES} | {
    "accounts:my_data_section": {"admits": OWNERS, "args": lambda land: ["account"]},
    "accounts:my_data_export": {"admits": OWNERS, "post": {}, "ok": 302},
    "accounts:data_request_take_back": {"admits": set(), "args": first, "post": {}, "also": NOTHING_THERE},
    "accounts:consent_withdraw": {"admits": set(), "args": lambda land: [10_000_000], "also": NOTHING_THERE},
    "accounts:data_requests": {"admits": {"admin"}},
    "accounts:data_request": {"admits": set(), "args": first, "also": {"admin": 404}},
}
