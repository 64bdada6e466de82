"""Unusual numbers of spec 9.1 and 9.2: told where they are entered and to the reviewing office, refused nowhere."""

import pytest
from django.test import Client

from tests.accounts.factories import UnitFactory
from tests.accounts.filling import person_form, register_person, register_unit, submit, unit_form
from workflow.identifiers import id_check_character, uscc_check_character
from workflow.models import Case, Duty

pytestmark = pytest.mark.django_db

# Right in its last character, but the organisation code inside fails the check of GB 11714.
USCC = "91130902MA0EXAMP2" + uscc_check_character("91130902MA0EXAMP2")
# Right in its last character, but no province begins with 19.
NUMBER = "19090219990307001" + id_check_character("19090219990307001")
ABOUT_USCC, ABOUT_NUMBER = "统一社会信用代码中的组织机构代码校验位异常", "身份证号码前两位不是已知的省级代码"


def page_of_office(case: Case) -> str:
    officer = Client()
    officer.force_login(Duty.objects.get(organisation=case.holder).user)
    return officer.get(f"/cases/{case.pk}/").text


def test_unusual_credit_code_is_told_and_may_be_submitted(client: Client) -> None:
    case = register_unit(client, uscc=USCC)

    status, form = client.get("/registration/").text, client.get(f"/registration/{case.pk}/edit/").text
    filed = submit(client, case)

    assert (status.count(ABOUT_USCC), form.count(ABOUT_USCC)) == (2, 1)
    assert f'href="/registration/{case.pk}/edit/"' in status
    assert 'id="id_uscc_doubt"' in form
    assert filed.state == "in_review"


def test_reviewing_office_is_told_of_unusual_numbers(client: Client) -> None:
    unit = UnitFactory()
    person = submit(client, register_person(client, unit, number=NUMBER))

    assert page_of_office(person).count(ABOUT_NUMBER) == 1


def test_county_is_told_of_an_unusual_credit_code_and_contact(client: Client) -> None:
    case = submit(client, register_unit(client, uscc=USCC, contact_number=NUMBER))

    row = {row["key"]: row for row in case.filings.get().content["sections"][1]["rows"]}

    assert row["uscc"]["doubt"].startswith(ABOUT_USCC)
    assert row["number"]["doubt"].startswith(ABOUT_NUMBER)
    assert "doubt" not in row["unit_name"]


def test_usual_numbers_raise_no_doubt(client: Client) -> None:
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))

    assert 'class="doubt"' not in client.get("/registration/").text
    assert 'class="doubt"' not in page_of_office(case)


def test_passport_is_not_judged_by_the_rules_of_the_identity_card(client: Client) -> None:
    case = register_person(
        client, UnitFactory(), document_kind="07", number="E12345678", sex="1", birth_date="1999-03-07"
    )

    assert 'class="doubt"' not in client.get(f"/registration/{case.pk}/edit/").text


def test_doubt_stands_beside_the_field_while_something_else_is_wrong(client: Client) -> None:
    client.post("/register/unit/")
    response = client.post("/register/unit/form/", unit_form(uscc=USCC, email="no address"))
    assert 'id="id_uscc_doubt"' in response.text
    assert "uscc" not in response.context["form"].errors

    client.post("/register/person/")
    response = client.post("/register/person/form/", person_form(UnitFactory(), number=NUMBER, email="no address"))
    assert 'aria-describedby="id_number_doubt"' in response.text
