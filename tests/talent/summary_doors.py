"""Who gets in at the summary tables and at 单位端申报信息查询, as the table of all doors (tests/doors.py) wants."""

from typing import Any

UNITS = {"unit", "other_unit"}
# The landscape's officer of the county bureau is neither 服务专员 nor 负责人: reads it like the city, returns nothing.
READERS = {"unit", "county_hr", "city_hr"}


def _table(land: Any) -> list[Any]:
    return [land.summary.pk]


SUMMARY_DOORS: dict[str, dict[str, Any]] = {
    "talent:summaries": {"admits": UNITS},
    "talent:summary_export": {"admits": UNITS, "post": {}, "ok": 302},
    "talent:summary_upload": {"admits": UNITS, "post": {}, "ok": 302},
    "talent:summary": {"admits": READERS, "args": _table, "shut": 404},
    # No file is chosen: the page says so.
    "talent:summary_scan": {"admits": {"unit"}, "args": _table, "post": {}, "also": {"other_unit": 404}},
    "talent:summary_return": {"admits": set(), "args": _table, "post": {}},
    "talent:unit_applications": {"admits": UNITS},
    "talent:export_applications": {"admits": UNITS, "post": {}, "ok": 302},
}
