from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from workflow.numbers import (
    ALPHABET,
    CaseNumber,
    InternalNo,
    ItemCode,
    check_character,
    parse_case_number,
    parse_internal_number,
    parse_item_code,
    validate_case_number,
    validate_item_code,
)

NUMBERS = st.builds(
    CaseNumber,
    region=st.from_regex(r"[1-9][0-9]{5}", fullmatch=True),
    code=st.from_regex(r"[A-Z]{3}", fullmatch=True),
    day=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    sequence=st.integers(1, 999_999),
)


def test_check_character_of_the_published_example():
    # The Global Release Identifier uses the same system; A1-2425G-ABC1234002-M is its standard's own example.
    assert check_character("A12425GABC1234002") == "M"


def test_case_number_has_24_characters():
    number = str(CaseNumber("130902", "ZFB", date(2026, 11, 21), 7))

    assert number[:-1] == "130902ZFB20261121000007"
    assert len(number) == 24


@given(NUMBERS)
def test_case_number_is_read_back(number):
    assert parse_case_number(str(number)) == number


def test_case_number_is_read_as_people_type_it():
    number = CaseNumber("130902", "ZFB", date(2026, 11, 21), 7)
    text = str(number)
    typed = f" {text[:6]}-{text[6:9].lower()} １{text[10:]} "

    assert text[9] == "2"
    assert parse_case_number(typed.replace("１", "２")) == number


@given(NUMBERS, st.integers(0, 23), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_noticed(number, position, character):
    text = str(number)
    assume(text[position] != character)

    with pytest.raises(ValueError):  # noqa: PT011
        parse_case_number(text[:position] + character + text[position + 1 :])


@pytest.mark.parametrize("sequence", [0, -1, 1_000_000])
def test_a_sequence_that_does_not_fit_is_refused(sequence):
    with pytest.raises(ValueError, match="does not fit"):
        CaseNumber("130902", "ZFB", date(2026, 11, 21), sequence)


@pytest.mark.parametrize(("region", "code"), [("13090", "ZFB"), ("130902", "zfb"), ("130902", "ZF"), ("13090x", "ZFB")])
def test_a_wrong_region_or_code_is_refused(region, code):
    with pytest.raises(ValueError, match="not the body"):
        CaseNumber(region, code, date(2026, 11, 21), 1)


@pytest.mark.parametrize("text", ["", "130902ZFB2026112100000", "130902ZFB202613320000070"])
def test_the_validator_names_the_mend(text):
    with pytest.raises(ValidationError) as caught:
        validate_case_number(text)

    assert caught.value.code == "case_number"


def test_the_validator_accepts_a_number_given_out():
    validate_case_number(str(CaseNumber("130902", "ZFB", date(2026, 11, 21), 7)))


# The example of spec 8.2: a body of 汕尾市, therefore of level 3 (市).
EXAMPLE = "12441500196720244T" + "3" + "442199806003"
ITEMS = st.builds(
    ItemCode,
    uscc=st.sampled_from(["12441500196720244T", "111309000006312320", "12460000401234561Y"]),
    level=st.integers(1, 6),
    basic=st.from_regex(r"(00|13|44|46)[0-9]{10}", fullmatch=True),
)
INTERNAL = st.builds(
    InternalNo, item=ITEMS, day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), sequence=st.integers(1, 9_999)
)


def test_item_code_of_the_published_example():
    item = parse_item_code(EXAMPLE)

    assert item == ItemCode("12441500196720244T", 3, "442199806003")
    assert str(item) == EXAMPLE


def test_internal_number_of_the_published_example():
    number = InternalNo(parse_item_code(EXAMPLE), date(2026, 11, 21), 7)

    assert str(number) == "12441500196720244T3442199806003202611210007"
    assert len(str(number)) == 43


@given(INTERNAL)
def test_internal_number_has_43_characters_and_is_read_back(number):
    assert len(str(number)) == 43
    assert parse_internal_number(str(number)) == number


@given(INTERNAL, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_internal_number_with_another_character_in_the_credit_code_is_refused(number, place, character):
    text = str(number)
    assume(text[place] != character)

    with pytest.raises(ValueError, match=r"credit code|characters"):
        parse_internal_number(text[:place] + character + text[place + 1 :])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (EXAMPLE + "202611210000", "four digits"),
        (EXAMPLE + "202602290001", "day is out of range"),
        (EXAMPLE + "2026112100010", "43 characters"),
        (EXAMPLE + "20261121001", "43 characters"),
        (EXAMPLE[:18] + "7" + EXAMPLE[19:] + "202611210001", "level"),
        (EXAMPLE[:19] + "99" + EXAMPLE[21:] + "202611210001", "province"),
    ],
    ids=["sequence 0", "no such day", "too long", "too short", "no such level", "no such province"],
)
def test_internal_number_that_could_not_have_been_given_is_refused(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_internal_number(text)


def test_four_digits_hold_9999_of_one_item_and_day():
    item = parse_item_code(EXAMPLE)

    assert str(InternalNo(item, date(2026, 11, 21), 9_999)).endswith("202611219999")
    with pytest.raises(ValueError, match="four digits"):
        InternalNo(item, date(2026, 11, 21), 10_000)


def test_item_code_is_asked_for_in_words():
    with pytest.raises(ValidationError, match=r"31|18"):
        validate_item_code(EXAMPLE[:-1])
