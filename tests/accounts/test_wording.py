import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.message_kinds import all_kinds
from accounts.wording import MissingFact, fill, find_faults, names_in

ALLOWED = ("office", "case")


class Case:
    secret = "秘密"


@pytest.mark.parametrize(
    "text",
    [
        "{case.__class__}",
        "{case.secret}",
        "{case[secret]}",
        "{case!r}",
        "{case:>9}",
        "{0}",
        "{}",
        "{{office}}",
        "${office}",
        "$ {office}",
        "{% load i18n %}",
        "{{ office }}",
        "{ office }",
        "{Office}",
        "{office",
        "office}",
        "{unknown}",
    ],
)
def test_everything_but_a_known_name_in_braces_is_a_fault(text: str) -> None:
    assert list(find_faults(text, ALLOWED)) != []


@pytest.mark.parametrize("text", ["", "{office}退回{case}", "100$，%(office)s，%s，<b>&amp;</b>", "{case}{case}"])
def test_plain_text_with_known_names_has_no_fault(text: str) -> None:
    assert list(find_faults(text, ALLOWED)) == []


def test_fault_names_the_placeholder_and_those_that_exist() -> None:
    (fault,) = find_faults("{phone}", ALLOWED)

    assert "{phone}" in fault
    assert "{office} {case}" in fault


def test_facts_are_not_read_as_placeholders() -> None:
    assert fill("{office}：{case}", {"office": "{case}", "case": "{office.__class__}"}) == "{case}：{office.__class__}"


def test_attributes_are_out_of_reach_even_of_texts_that_were_never_checked() -> None:
    assert "秘密" not in fill("{case.secret} {case[secret]} {case!s}", {"case": Case()})  # type: ignore[dict-item]


def test_missing_fact_is_named() -> None:
    with pytest.raises(MissingFact, match="office"):
        fill("{office}", {})


@given(st.text(alphabet="{}$%a_.[]! officecas"))
def test_faultless_texts_keep_no_brace_of_their_own(text: str) -> None:
    if not list(find_faults(text, ALLOWED)):
        filled = fill(text, dict.fromkeys(ALLOWED, "x"))

        assert "{" not in filled
        assert "}" not in filled


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.key)
def test_every_kind_uses_only_its_own_placeholders(kind) -> None:
    texts = [text for words in kind.words.values() for text in (words.title, words.body)]

    assert [fault for text in texts for fault in find_faults(text, kind.samples)] == []
    assert set(kind.preset) <= set(kind.channels)
    assert set(names_in(kind.words["zh"].body)) == set(names_in(kind.words["en"].body))
