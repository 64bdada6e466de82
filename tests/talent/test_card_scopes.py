"""Issued cards × whoever keeps them or would like to: of the own city, and of another one."""

from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from talent.models import Card, PrintRun
from tests.accounts.factories import OfficeFactory, OfficerFactory, PersonFactory, UnitFactory
from tests.talent.cards import holder_of, make_card
from tests.test_urls import ask
from workflow.enums import Role
from workflow.models import Organisation, Region

pytestmark = pytest.mark.django_db
KEEPERS = {"city_specialist", "city_lead"}
# {address: (what is posted, what a keeper gets)}; arguments by what the address is about.
OF_CARD: dict[str, tuple[dict[str, str] | None, int]] = {
    "talent:card_manage": (None, 200),
    "talent:card_hand_out": (None, 200),
    "talent:card_decide": (None, 200),
}
OF_RUN: dict[str, tuple[dict[str, str] | None, int]] = {
    "talent:print_run": (None, 200),
    "talent:print_run_pdf": ({}, 200),
    "talent:print_run_register": (None, 200),
}


def another_city() -> Organisation:
    """The bureau of a city whose counties are none of ours."""
    ours = Region.objects.get(pk="130900")
    city = Region.objects.create(
        code="139900", name="海东市", level=2, parent=ours.parent, lineage=ours.lineage.replace("130900", "139900")
    )
    bureau: Organisation = OfficeFactory(kind="city_hr", region=city)
    return bureau


def officers(bureau: Organisation, prefix: str) -> dict[str, Any]:
    roles = {"specialist": Role.SPECIALIST, "lead": Role.LEADER, "handler": Role.HANDLER}
    return {f"{prefix}_{name}": OfficerFactory(office=bureau, office__role=role) for name, role in roles.items()}


def run_of(card: Card, officer: Any) -> PrintRun:
    client = Client()
    client.force_login(officer)
    form = {"card": [card.pk], "reason": "首次打印", "token": "00000000-0000-4000-8000-0000000000aa"}
    client.post(reverse("talent:cards_print_again"), form)
    return PrintRun.objects.get()


def test_cards_are_kept_by_the_specialists_and_heads_of_their_own_city_alone() -> None:
    card = make_card(PersonFactory(unit=UnitFactory()))
    bureau = OfficeFactory(kind="city_hr")
    people = officers(bureau, "city") | officers(card.supervisor, "county") | officers(another_city(), "other")
    run = run_of(card, people["city_specialist"])
    people |= {"unit": card.unit.duties.first().user, "holder": holder_of(card), "person": _colleague(card)}
    wrong, cells = {}, Counter[str]()

    for name, (posted, ok) in (OF_CARD | OF_RUN).items():
        place = [run.token] if name in OF_RUN else [card.pk, "freeze"] if name.endswith("decide") else [card.pk]
        for role, user in people.items():
            client = Client(raise_request_exception=False)
            client.force_login(user)
            due = ok if role in KEEPERS else 404 if role in ("other_specialist", "other_lead") else 403
            status = ask(client, reverse(name, args=place), posted)
            cells[role] += 1
            if status != due:
                wrong[name, role] = f"{status}, not {due}"

    assert wrong == {}
    assert cells.total() == len(OF_CARD | OF_RUN) * len(people)


def test_list_of_another_city_has_none_of_ours() -> None:
    card = make_card()
    other = OfficerFactory(office=another_city(), office__role=Role.SPECIALIST)
    own = OfficerFactory(office=OfficeFactory(kind="city_hr"), office__role=Role.SPECIALIST)
    rows = {}

    for name, user in (("own", own), ("other", other)):
        client = Client()
        client.force_login(user)
        page = client.get(reverse("talent:cards_manage")).context["page"]
        again = client.post(
            reverse("talent:cards_print_again"), {"card": [card.pk], "reason": "打印不清", "token": _token(name)}
        )
        rows[name] = [row.number for row in page.rows], "runs" in again["Location"]

    assert rows == {"own": ([card.number], True), "other": ([], False)}


def _token(name: str) -> str:
    return f"00000000-0000-4000-8000-00000000000{len(name)}"


def _colleague(card: Card) -> Any:
    return PersonFactory(unit=card.unit).users.get()
