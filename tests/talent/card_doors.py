"""Who gets in at the addresses of issued cards, as the table of all doors (tests/doors.py) wants.

The bureau of the landscape acts as a handler: its specialists and heads alone keep cards (test_card_scopes.py).
"""

from typing import Any

from talent.services.signing import card_code

HOLDERS = {"applicant", "person"}


def _number(land: Any) -> list[Any]:
    return [land.card.number]


def _card(land: Any) -> list[Any]:
    return [land.card.pk]


def _run(land: Any) -> list[Any]:
    return [land.run.token]


# Whoever holds another card, or none, finds no such card.
OWN: dict[str, Any] = {"admits": {"applicant"}, "args": _number, "also": {"person": 404}}
NOBODY: dict[str, Any] = {"admits": set()}
CARD_DOORS: dict[str, dict[str, Any]] = {
    "talent:cards": {"admits": HOLDERS},
    "talent:card_lost": OWN,
    "talent:card_found": OWN,
    "talent:card_pdf": OWN,
    "talent:card_image": OWN,
    "talent:cards_manage": NOBODY,
    "talent:cards_export": NOBODY | {"post": {}},
    "talent:cards_print_again": NOBODY | {"post": {}},
    "talent:card_manage": NOBODY | {"args": _card},
    "talent:card_hand_out": NOBODY | {"args": _card},
    "talent:card_decide": NOBODY | {"args": lambda land: [land.card.pk, "freeze"]},
    "talent:print_runs": NOBODY,
    "talent:print_run": NOBODY | {"args": _run},
    "talent:print_run_pdf": NOBODY | {"args": _run, "post": {}},
    "talent:print_run_register": NOBODY | {"args": _run},
}
# Anybody at all.
PUBLIC_CARD_DOORS: dict[str, dict[str, Any]] = {
    "talent:card_verify_start": {},
    "talent:card_verify": {"args": lambda land: [card_code(land.card)]},
}
