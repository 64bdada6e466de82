from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import assume, given
from hypothesis import strategies as st

from workflow.identifiers import (
    FEMALE,
    MALE,
    USCC_ALPHABET,
    ResidentId,
    bank_account_warning,
    document_warning,
    id_check_character,
    normalise_account,
    normalise_code,
    normalise_landline,
    normalise_mobile,
    normalise_name,
    parse_resident_id,
    read_document,
    resident_id_warning,
    uscc_check_character,
    uscc_warning,
    validate_bank_account,
    validate_document_number,
    validate_landline,
    validate_mobile,
    validate_person_name,
    validate_phone,
    validate_postcode,
    validate_resident_id,
    validate_uscc,
)

USCCS = [
    "91130900MA07ABCD0Q",
    "91460000MA5T00002J",
    "92460100MA5T123459",
    "111309000006312320",
    "12460000401234561Y",
    "52130900MJ0000018K",
]
TODAY = date(2026, 11, 21)


@st.composite
def resident_ids(draw):
    region = draw(st.from_regex(r"[1-6][1-5][0-9]{4}", fullmatch=True))
    born = draw(st.dates(date(1900, 1, 1), TODAY))
    body = f"{region}{born:%Y%m%d}{draw(st.integers(1, 999)):03}"
    return body + id_check_character(body)


@st.composite
def usccs(draw):
    body = draw(st.text(USCC_ALPHABET, min_size=17, max_size=17))
    return body + uscc_check_character(body)


def code_of(validator, *arguments: str) -> str:
    with pytest.raises(ValidationError) as caught:
        validator(*arguments)
    assert caught.value.messages
    return caught.value.code


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("130902199003070015", date(1990, 3, 7), MALE),
        ("460106198808081233", date(1988, 8, 8), MALE),
        ("130981199502280020", date(1995, 2, 28), FEMALE),
        ("469028200001018883", date(2000, 1, 1), FEMALE),
        ("830000199001010012", date(1990, 1, 1), MALE),
        ("810000198506150020", date(1985, 6, 15), FEMALE),
    ],
)
def test_resident_id_gives_birth_date_and_sex(number, born, sex):
    assert parse_resident_id(number) == ResidentId(number, born, sex)
    assert resident_id_warning(number) is None


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("130902199003070016", "id_check"),
        ("130981199502290018", "id_date"),
        ("130902199013010014", "id_date"),
        ("130902299003070015", "id_future"),
        ("130902187003070015", "id_age"),
        ("130902900307001", "id_15_digits"),
        ("13090219900307001", "id_length"),
        ("", "id_length"),
        ("13090219900307001A", "id_characters"),
        ("X30902199003070015", "id_characters"),
        ("١٣٠٩٠٢199003070015", "id_characters"),
    ],
)
def test_resident_id_names_what_is_wrong(number, code):
    assert code_of(validate_resident_id, number) == code


def test_resident_id_born_tomorrow_is_refused_and_today_is_not():
    body = "13090220261121001"
    number = body + id_check_character(body)

    assert parse_resident_id(number, today=TODAY).birth_date == TODAY
    with pytest.raises(ValidationError):
        parse_resident_id(number, today=date(2026, 11, 20))


def test_resident_id_is_read_as_people_type_it():
    body = "13090219900307004"
    assert id_check_character(body) == "X"

    assert parse_resident_id("１３０９０２ 19900307 004x\u200b").number == "13090219900307004X"


@given(resident_ids(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_resident_id_notices_every_single_wrong_character(number, position, character):
    assume(number[position] != character)
    parse_resident_id(number, today=TODAY)

    with pytest.raises(ValidationError):
        parse_resident_id(number[:position] + character + number[position + 1 :], today=TODAY)


@given(resident_ids(), st.integers(0, 16))
def test_resident_id_notices_every_swap_of_neighbours(number, position):
    one, other = number[position], number[position + 1]
    assume(one != other)

    with pytest.raises(ValidationError):
        parse_resident_id(number[:position] + other + one + number[position + 2 :], today=TODAY)


@given(st.text(max_size=25))
def test_resident_id_answers_any_text_with_a_message(text):
    with pytest.raises(ValidationError) as caught:
        parse_resident_id(text + "?")

    assert caught.value.messages


def test_an_unknown_province_is_only_a_warning():
    body = "99090219900307001"
    number = body + id_check_character(body)

    assert parse_resident_id(number).number == number
    assert resident_id_warning(number)


def test_messages_of_vectors_in_chinese():
    with override("zh-hans"), pytest.raises(ValidationError) as caught:
        parse_resident_id("130981199502290018")

    assert caught.value.messages == ["身份证号码第7至14位19950229不是有效日期，请与证件核对"]


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("01", "130902199003070015"),
        ("02", "H12345678"),
        ("02", "m1234567890"),
        ("03", "12345678"),
        ("03", "1234567890B"),
        ("04", "830000199001010012"),
        ("05", "FRA110012345678"),
        ("05", "ｆｒａ 1100 12345678"),
        ("06", "EA1234567"),
        ("07", "E12345678"),
        ("99", "AB-12/3"),
    ],
)
def test_document_numbers_of_every_kind(kind, number):
    validate_document_number(kind, number)


def test_permanent_residence_card_of_2023_has_the_check_of_identity_numbers():
    body = "91100119900307001"
    number = body + id_check_character(body)

    validate_document_number("05", number)
    assert code_of(validate_document_number, "05", number[:-1] + ("0" if number[-1] != "0" else "1")) == "id_check"
    assert code_of(validate_document_number, "01", number) == "document_kind"


def test_permanent_residence_cards_tell_birth_and_sex_since_2023_alone():
    body = "91325019880315002"
    new = body + id_check_character(body)

    assert read_document("05", new) == ResidentId(new, date(1988, 3, 15), FEMALE)
    assert read_document("05", "FRA110088031501") is None
    assert read_document("06", "EA1234567") is None
    assert read_document("01", "130902199003070015") is not None


@pytest.mark.parametrize(
    ("number", "is_usual"),
    [
        ("FRA110088031501", True),
        ("FRA110088133201", False),
        # Hebei in the second and third place; no province.
        ("91325019880315002", True),
        ("99925019880315002", False),
    ],
)
def test_unusual_permanent_residence_number_is_doubted_and_not_refused(number, is_usual):
    number += id_check_character(number) if number[0] == "9" else ""

    validate_document_number("05", number)
    assert (document_warning("05", number) is None) is is_usual


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        ("01", "830000199001010012", "document_kind"),
        ("04", "130902199003070015", "document_form"),
        ("05", "130902199003070015", "document_form"),
        ("05", "FR1110012345678", "document_form"),
        ("05", "FRA11001234567", "document_form"),
        ("05", "913250198803150", "document_form"),
        ("02", "A12345678", "document_form"),
        ("03", "1234567", "document_form"),
        ("06", "AB1", "document_form"),
        ("07", "护照123456", "document_form"),
        ("99", "x", "document_form"),
    ],
)
def test_document_numbers_of_another_form_are_refused(kind, number, code):
    assert code_of(validate_document_number, kind, number) == code


@pytest.mark.parametrize("number", USCCS)
def test_uscc_of_the_standard_is_accepted(number):
    validate_uscc(number.lower())


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("91130900MA07ABCD0", "uscc_length"),
        ("91130900MAO7ABCD0Q", "uscc_characters"),
        ("91130900MA07ABCD1Q", "uscc_check"),
        ("91130900MA07ABCD0?", "uscc_characters"),
    ],
)
def test_uscc_names_what_is_wrong(number, code):
    assert code_of(validate_uscc, number) == code


@given(usccs(), st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_uscc_notices_every_single_wrong_character(number, position, character):
    assume(number[position] != character)
    validate_uscc(number)

    with pytest.raises(ValidationError):
        validate_uscc(number[:position] + character + number[position + 1 :])


def test_uscc_with_an_unusual_organisation_code_is_only_a_warning():
    body = "91130900MA07ABCD1"
    number = body + uscc_check_character(body)

    validate_uscc(number)
    assert uscc_warning(number)
    assert uscc_warning("91130900MA07ABCD0Q") is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800001234", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("008613800001234", "13800001234"),
        ("8613800001234", "13800001234"),
        ("１３８ ０００ ０１２３４", "13800001234"),
    ],
)
def test_mobile_is_read_as_people_type_it(typed, number):
    assert normalise_mobile(typed) == number
    validate_mobile(typed)
    validate_phone(typed)


@pytest.mark.parametrize("text", ["12800001234", "1380000123", "138000012345", "0317-1234567", "", "1380000123a"])
def test_other_mobiles_are_refused(text):
    assert code_of(validate_mobile, text) == "mobile"


@pytest.mark.parametrize(
    "text", ["0317-1234567", "03171234567", "010-12345678-801", "1234567", "（0317）1234567", "0317—1234567"]
)
def test_landlines_are_accepted(text):
    validate_landline(text)
    validate_phone(text)
    assert set(normalise_landline(text)) <= set("0123456789-")


@pytest.mark.parametrize("text", ["123456", "317-1234567", "0317-1234567-", "电话"])
def test_other_landlines_are_refused(text):
    assert code_of(validate_landline, text) == "landline"
    assert code_of(validate_phone, text) == "phone"


def test_postcodes_have_six_digits():
    validate_postcode("０61000")
    assert code_of(validate_postcode, "61000") == "postcode"


@pytest.mark.parametrize("number", ["6217000010001234569", "6222020400001234568", "622848012345678900"])
def test_bank_accounts_of_the_vectors_have_no_warning(number):
    validate_bank_account(number)
    assert normalise_account(f"{number[:4]} {number[4:8]}-{number[8:]}") == number
    assert bank_account_warning(number) is None


def test_a_bank_account_that_fails_luhn_is_accepted_with_a_warning():
    validate_bank_account("6217000010001234568")

    assert bank_account_warning("6217000010001234568")


@pytest.mark.parametrize("text", ["", "123456789012345", "12345678901234567890", "62170000100012345x9"])
def test_other_bank_accounts_are_refused(text):
    assert code_of(validate_bank_account, text) == "bank_account"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张 三", "张三"),
        ("\u3000张三\u200b", "张三"),
        ("阿不都•热合曼", "阿不都·热合曼"),
        ("阿不都．热合曼", "阿不都·热合曼"),
        ("ＪＯＨＮ　 Smith", "JOHN Smith"),
        ("䶮㛃", "䶮㛃"),
        ("王𬎆", "王𬎆"),
    ],
)
def test_names_are_normalised_and_accepted(typed, name):
    assert normalise_name(typed) == name
    validate_person_name(typed)


@pytest.mark.parametrize(
    "name",
    [
        "Jean-Paul O'Neil",
        "Müller",
        "Nguyễn Văn An",
        "SMITH, JOHN",
        "Kealiʻi Ōpūnui",
        "J\u030cana",
        "John A. Smith Jr.",
        "〇八",
        "𠮷田太郎",
    ],
)
def test_other_real_names_are_accepted(name):
    validate_person_name(name)


@pytest.mark.parametrize(
    "name", ["", "张", "张3", "张三!", "·张三", "张··三", "<b>", "张Three", "A × B", ", John", "王" * 51, "=cmd()"]
)
def test_what_is_no_name_is_refused(name):
    assert code_of(validate_person_name, name) == "name"


def test_a_private_character_in_a_name_is_explained():
    assert code_of(validate_person_name, "王\ue863") == "name_private"


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text):
    for normalise in (normalise_code, normalise_name, normalise_mobile, normalise_landline, normalise_account):
        assert normalise(normalise(text)) == normalise(text)
