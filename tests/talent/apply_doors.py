"""Who gets in at the pages of the application for the card, as the table of all doors (tests/doors.py) wants."""

from typing import Any

PERSONS = {"applicant", "person"}
EVERYBODY_MAY_LOOK = {"anonymous": 200, "pending": 200}


def _draft(land: Any) -> list[Any]:
    return [land.card_draft.pk]


def _waiting(land: Any) -> list[Any]:
    return [land.card_waiting.pk]


def _withdrawn(land: Any) -> list[Any]:
    return [land.card_withdrawn.pk]


OWN: dict[str, Any] = {"admits": {"applicant"}, "args": _draft, "also": {"person": 404}}
APPLY_DOORS: dict[str, dict[str, Any]] = {
    "talent:apply_create": {"admits": PERSONS, "post": {}, "ok": 302},
    "talent:apply_list": {"admits": PERSONS},
    "talent:apply_edit": OWN,
    "talent:apply_autosave": OWN | {"post": {}},
    "talent:apply_materials": OWN,
    "talent:apply_check": OWN,
    "talent:apply_submitted": OWN | {"args": _waiting},
    # The case waits for the employer: its county bureau may choose another specialist already.
    "talent:specialist": {
        "admits": {"county_hr"},
        "args": _waiting,
        "also": dict.fromkeys(
            (
                "other_county_hr",
                "county_org",
                "county_fin",
                "city_org",
                "city_fin",
                "person",
                "other_unit",
                "admin",
                "counter",
                "other_counter",
            ),
            404,
        ),
    },
    "talent:apply_copy": OWN | {"args": _withdrawn, "post": {}, "ok": 302},
}
