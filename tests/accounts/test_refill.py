"""A page and what was typed into it before: the page filled in, and nothing else in it changed."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.refill import refill

OTHER = '<form method="post" action="/other/"><input name="note" value="old"></form>'


def filled(form: str, values: dict[str, list[str]], address: str = "/page/") -> str:
    """The form's inside after the filling; everything around it must come back as it was."""
    head, tail = f'<main id="main">{OTHER}<form method="post" id="f">', f"</form>{OTHER}</main><p>&nbsp;<b>x</p>"
    found = refill(head + form + tail, values, path="/page/", address=address).page
    assert found.startswith(head)
    assert found.endswith(tail)
    return found[len(head) : -len(tail)]


@pytest.mark.parametrize(
    ("form", "values", "after"),
    [
        ('<input name="a">', {"a": ["x"]}, '<input name="a" value="x">'),
        ('<input type=date name="a" value="2020-01-01" required/>', {"a": ["2021-02-03"]},
         '<input type="date" name="a" value="2021-02-03" required>'),
        ('<input name="a" value="old">', {"a": [""]}, '<input name="a" value="">'),
        ('<input name="a"><input name="a">', {"a": ["1", "2"]}, '<input name="a" value="1"><input name="a" value="2">'),
        ('<textarea name="a" rows="2">old &amp; worn</textarea>', {"a": ["x</textarea><b>"]},
         '<textarea name="a" rows="2">\nx&lt;/textarea&gt;&lt;b&gt;</textarea>'),
        ('<select name="a"><option value="1" selected><optgroup><option value="2"></optgroup></select>', {"a": ["2"]},
         '<select name="a"><option value="1"><optgroup><option value="2" selected></optgroup></select>'),
        ('<input type="checkbox" name="a" value="1" checked><input type="checkbox" name="a" value="2">', {"a": ["2"]},
         '<input type="checkbox" name="a" value="1"><input type="checkbox" name="a" value="2" checked>'),
        ('<input type="checkbox" name="a" checked>', {"b": ["on"]}, '<input type="checkbox" name="a">'),
        ('<input type="radio" name="a" value="1"><input type="radio" name="a" value="2">', {"a": ["2"]},
         '<input type="radio" name="a" value="1"><input type="radio" name="a" value="2" checked>'),
    ],
)  # fmt: skip
def test_fields_are_filled_in(form: str, values: dict[str, list[str]], after: str) -> None:
    assert filled(form, values) == after


@pytest.mark.parametrize(
    "field",
    [
        '<input type="hidden" name="a" value="1">',
        '<input type="password" name="a">',
        '<input type="file" name="a">',
        '<input name="a" value="1" readonly>',
        '<input name="a" value="1" disabled>',
        '<input type="checkbox" name="agreed">',
        '<button name="a" value="1">go</button>',
    ],
)
def test_what_nobody_types_stays(field: str) -> None:
    assert filled(field, {"a": ["2"], "agreed": ["on"]}) == field


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ('<form method="post"><input name="a"></form>', "/page/"),
        ('<form method="POST" action="/page/save/?x=1"><input name="a"></form>', "/page/save/"),
        ('<form method="post" action="save/"><input name="a"></form>', "/page/save/"),
        ('<form method="post" id="f"><input name="a"></form><button form="f" formaction="/go/">x</button>', "/go/"),
        ('<form id="f"><div hx-post="/autosave/"><input name="a"></div></form>', "/autosave/"),
        ('<form method="post" id="f"></form><p><input form="f" name="a"></p>', "/page/"),
    ],
)
def test_form_is_known_by_where_it_was_sent(page: str, address: str) -> None:
    found = refill(OTHER + page, {"a": ["typed"]}, path="/page/", address=address)

    assert 'name="a" value="typed"' in found.page
    assert (found.left, OTHER in found.page) == ([], True)
    assert found.page[: found.start].endswith(">")


def test_values_without_a_field_are_told() -> None:
    form = '<main><form method="post"><input type="hidden" name="token" value="1"><input name="a"></form></main>'

    found = refill(form, {"a": ["x"], "token": ["0"], "gone": ["an opinion", ""]}, path="/", address="/")

    assert found.left == ["an opinion"]


def test_page_without_the_form_stays_and_tells_all() -> None:
    page = f'<p></p><main id="main">{OTHER}</main>'

    found = refill(page, {"opinion": ["agreed in part"]}, path="/", address="/gone/")

    assert (found.page, found.left) == (page, ["agreed in part"])
    assert page[: found.start] == '<p></p><main id="main">'


@given(st.text(st.characters(exclude_characters="\r\0")))
def test_whatever_was_typed_stands_in_the_field(text: str) -> None:
    field = filled('<input name="a">', {"a": [text]}) if text else '<input name="a" value="">'

    assert unescape(field.removeprefix('<input name="a" value="').removesuffix('">')) == text
    assert field.count("<") == 1
