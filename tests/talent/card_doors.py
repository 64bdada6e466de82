"""Who gets in at the addresses of issued cards, as the table of all doors (tests/doors.py) wants.

The bureau of the landscape acts as a handler: its specialists and heads alone keep cards (test_card_desk.py).
"""

import uuid
from typing import Any

HOLDERS = {"applicant", "person"}
NUMBER = "BHYCB202600001"


def _number(_land: Any) -> list[Any]:
    return [NUMBER]


def _card(_land: Any) -> list[Any]:
    return [1]


def _run(_land: Any) -> list[Any]:
    return [uuid.UUID(int=1)]


# Nobody of the landscape holds a card: whoever may hold one finds none.
OWN = {"admits": HOLDERS, "ok": 404, "args": _number}
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
    "talent:card_decide": NOBODY | {"args": lambda land: [1, "freeze"]},
    "talent:print_runs": NOBODY,
    "talent:print_run": NOBODY | {"args": _run},
    "talent:print_run_pdf": NOBODY | {"args": _run, "post": {}},
    "talent:print_run_register": NOBODY | {"args": _run},
}
# Anybody at all.
PUBLIC_CARD_DOORS: dict[str, dict[str, Any]] = {
    "talent:card_verify_start": {},
    "talent:card_verify": {"args": lambda land: ["forged"]},
}
