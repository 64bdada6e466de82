import re

import pytest
from django import forms
from django.utils.translation import override

from workflow import codelists
from workflow.codelists import (
    CONTRACT_KIND,
    DOCUMENT_KINDS,
    EDUCATION,
    ETHNIC,
    INDUSTRY,
    NATIONALITY,
    POLITICAL,
    SEX,
    CodeList,
    read_code_lists,
)

ALL = {name: value for name, value in vars(codelists).items() if isinstance(value, CodeList)}


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_list_names_its_standard_and_both_languages(name):
    code_list = ALL[name]

    assert code_list.standard
    assert code_list.version
    assert all(re.search("[一-鿿]", zh) and re.search("[A-Za-z]", en) for zh, en in code_list.codes.values())
    for language in (0, 1):
        names = [pair[language] for pair in code_list.codes.values()]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("code_list", "count"),
    [(ETHNIC, 58), (INDUSTRY, 20), (POLITICAL, 13), (DOCUMENT_KINDS, 8), (EDUCATION, 40), (NATIONALITY, 249)],
)
def test_lists_are_whole(code_list, count):
    assert len(code_list.codes) == count


def test_labels_follow_the_language():
    with override("zh-hans"):
        assert EDUCATION.label("21") == "大学本科毕业"
    with override("en"):
        assert EDUCATION.label("21") == "Bachelor's study, graduated"
        assert EDUCATION.label_zh("21") == "大学本科毕业"
    with override(None):
        assert SEX.label("2") == "女"


def test_unknown_codes_are_shown_as_they_are():
    assert SEX.label("X") == "X"
    assert SEX.label_zh("") == ""
    assert "X" not in SEX
    assert "1" in SEX


def test_choices_made_once_serve_both_languages():
    field = forms.ChoiceField(choices=CONTRACT_KIND.choices)

    with override("zh-hans"):
        assert "无固定期限" in field.widget.render("kind", "2")
    with override("en"):
        assert "Open-ended" in field.widget.render("kind", "2")
    assert field.clean("2") == "2"


def test_a_form_may_offer_part_of_a_list():
    part = EDUCATION.only("21", "11")

    assert list(part.codes) == ["21", "11"]
    assert part.standard == "GB/T 4658"
    with pytest.raises(KeyError):
        EDUCATION.only("77")


def test_codes_that_lose_their_leading_zero_are_refused():
    with pytest.raises(ValueError, match="sex: every code"):
        read_code_lists('sex: {standard: x, version: "1", codes: {01: [男, Male]}}')
