"""Further buttons of a service below a tab of decided cases: rows are ticked there only where there are any."""

from collections.abc import Sequence

import pytest
from django.test import Client
from django.urls import reverse

from tests.workflow.toy import TOY, Town
from workflow.enums import Action
from workflow.queue import APPROVED, RETURNED
from workflow.seats import Seat
from workflow.tab_tools import RowNote, TabTool, TabTools, tab_tools

TOOLS = TabTools((TabTool("Make a list", "workflow:jobs"),), hint="Tick and press.")


@pytest.fixture(autouse=True)
def _tool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tab_tools, (TOY, "unit", APPROVED), TOOLS)


def page_of(town: Town, tab: str) -> str:
    client = Client()
    client.force_login(town.unit.user)
    return client.get(reverse("workflow:queue", args=[TOY, "unit"]), {"tab": tab}).content.decode()


def test_tool_posts_the_ticked_rows_of_its_tab(town: Town) -> None:
    case = town.at("county")

    html = page_of(town, APPROVED)

    assert f'value="{case.pk}:{case.revision}" data-row' in html
    assert f'formaction="{reverse("workflow:jobs")}">Make a list</button>' in html
    assert "Tick and press." in html


def test_tab_without_tools_has_nothing_to_tick(town: Town) -> None:
    town.move(town.at("unit"), Action.SEND_BACK)

    html = page_of(town, RETURNED)

    assert "data-row" not in html
    assert "Make a list" not in html


def test_note_stands_beneath_the_name_of_its_row_alone(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    noted, plain = town.at("county"), town.at("county")
    asked = []

    def notes(_seat: Seat, keys: Sequence[int]) -> dict[int, RowNote]:
        asked.append(set(keys))
        return {noted.pk: RowNote("on <list> 7", "/lists/7/")}

    monkeypatch.setitem(tab_tools, (TOY, "unit", APPROVED), TabTools((), notes=notes))

    html = page_of(town, APPROVED)

    assert asked == [{noted.pk, plain.pk}]
    assert html.count('<a class="row-note" href="/lists/7/">on &lt;list&gt; 7</a>') == 1
