from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from workflow.numbers import ALPHABET, CaseNumber, check_character, parse_case_number, validate_case_number

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
