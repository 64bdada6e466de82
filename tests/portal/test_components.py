from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.utils import translation


@pytest.mark.parametrize(
    ("state", "word", "current"),
    [
        ("done", "Done", False),
        ("here", "Now here", True),
        ("returned", "Sent back", False),
        ("stopped", "Ended here", False),
        ("todo", "Still to come", False),
    ],
)
def test_chain_says_each_state_in_words(state: str, word: str, current: bool) -> None:
    step = {"label": "County review", "state": state, "who": "", "when": "", "due": ""}

    with translation.override("en"):
        page = render_to_string("_chain.html", {"steps": [step]})

    assert word in page
    assert ('aria-current="step"' in page) is current


def test_timeline_shows_the_opinion_and_leaves_out_what_is_empty() -> None:
    event = {
        "when": "2026-11-06 16:20",
        "who": "",
        "organisation": "County",
        "action": "Return",
        "stage": "",
        "took": "",
    }

    page = render_to_string(
        "_timeline.html", {"events": [event | {"opinion": "The <lease> is unsigned.", "tone": "back"}]}
    )

    assert "2026-11-06 16:20 · County</p>" in page
    assert "The &lt;lease&gt; is unsigned." in page


def test_pager_links_only_the_pages_that_exist() -> None:
    pager = {"first": "?", "previous": "", "next": "?after=50", "text": "1–50"}

    page = render_to_string("_pager.html", {"pager": pager})

    assert 'rel="next"' in page
    assert 'rel="prev"' not in page
    assert 'href="?"' not in page


def test_rail_counts_what_is_overdue() -> None:
    todo = SimpleNamespace(text="您有【3】个个人注册账号待审核", url="/queue/", count=3, overdue=2)
    request = SimpleNamespace(path="/queue/")

    with translation.override("zh-hans"):
        page = render_to_string("_rail.html", {"rail": SimpleNamespace(todos=[todo], menu=[]), "request": request})

    assert "您有【3】个个人注册账号待审核" in page
    assert "2 件已超期" in page
    assert 'aria-current="page"' in page
