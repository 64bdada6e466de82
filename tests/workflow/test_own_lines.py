"""Which of an applicant's own papers go with a case, and under which line."""

from dataclasses import replace

import pytest

from workflow.models import Material
from workflow.registry import MaterialRule, OwnPaper
from workflow.services.own_lines import papers_going

RULES = [MaterialRule("id_card", "身份证", required=True), MaterialRule("contract", "劳动合同", required=True)]
CARD = OwnPaper(Material(kind="id_card", sha256="aa"), "身份证明", ("id_card",), "/wallet/")


def going(paper: OwnPaper, *uploaded: Material) -> list[str]:
    return [one.line for one in papers_going(RULES, uploaded, [paper])]


def test_paper_fills_the_line_that_asks_for_it() -> None:
    assert going(CARD) == ["id_card"]


def test_paper_fills_the_first_of_its_lines_that_is_asked_for() -> None:
    assert going(replace(CARD, lines=("diploma", "contract", "id_card"))) == ["contract"]


@pytest.mark.parametrize("lines", [(), ("bank_card",)])
def test_paper_that_no_line_asks_for_stays_at_home(lines: tuple[str, ...]) -> None:
    assert going(replace(CARD, lines=lines)) == []


def test_what_the_form_states_goes_beside_the_list() -> None:
    assert going(replace(CARD, lines=(), stated=True)) == [""]


def test_upload_takes_the_place_of_a_paper() -> None:
    assert going(CARD, Material(kind="id_card", sha256="bb")) == []
    assert going(CARD, Material(kind="contract", sha256="bb")) == ["id_card"]


def test_upload_leaves_what_proves_the_form_in_place() -> None:
    assert going(replace(CARD, stated=True), Material(kind="id_card", sha256="bb")) == ["id_card"]


def test_same_file_is_not_filed_twice() -> None:
    assert going(replace(CARD, stated=True), Material(kind="id_card", sha256="aa")) == []


def test_expired_paper_never_goes() -> None:
    assert going(replace(CARD, expired=True)) == going(replace(CARD, expired=True, stated=True)) == []
