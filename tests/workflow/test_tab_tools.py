"""Further buttons of a service below a tab of decided cases: rows are ticked there only where there are any."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.workflow.toy import TOY, Town
from workflow import registry
from workflow.enums import Action
from workflow.queue import APPROVED, RETURNED
from workflow.registry import TabTool, TabTools

TOOLS = TabTools((TabTool("Make a list", "workflow:jobs"),), hint="Tick and press.")


@pytest.fixture(autouse=True)
def _tool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.tab_tools, (TOY, "unit", APPROVED), TOOLS)


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
