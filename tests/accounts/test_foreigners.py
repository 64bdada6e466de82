"""Foreigners register: passports, permanent resident cards of both formats, names in Latin letters."""

import pytest
from django.test import Client

from accounts.models import Person, PersonRegistration
from tests.accounts.factories import UnitFactory
from tests.accounts.filling import person_form, register_person, send, submit
from workflow.identifiers import id_check_character
from workflow.models import Case, Duty, Filing, Organisation, OutboxMessage

pytestmark = pytest.mark.django_db

PASSPORT = {
    "name": "SMITH, JOHN PAUL", "document_kind": "06", "number": "ea 1234567", "sex": "1", "birth_date": "1988-03-15",
    "ethnic": "", "political": "", "household": "",
}  # fmt: skip
OLD_CARD = PASSPORT | {"document_kind": "05", "number": "FRA110088031501"}
NEW_CARD = PASSPORT | {
    "document_kind": "05", "number": "91325019880315002" + id_check_character("91325019880315002"), "sex": "",
    "birth_date": "",
}  # fmt: skip


@pytest.fixture
def unit() -> Organisation:
    return UnitFactory()


def decide_ticked(client: Client, action: str, *ticked: Case, **fields: str) -> None:
    """Tick, 【审核】, and the page that asks once more."""
    data = {"action": action, "case": [f"{case.pk}:{case.revision}" for case in ticked]}
    url = client.post("/queue/person_registration/unit/select/", data).url
    form = client.get(url).context["form"]
    answer = {"token": str(form["token"].initial), "target": form["target"].value() or "", "opinion": ""} | fields
    result = client.post(url, answer)
    assert result.status_code == 302, result.context["form"].errors


def states_of(cases: list[Case]) -> list[str]:
    states = dict(Case.objects.filter(pk__in=[case.pk for case in cases]).values_list("pk", "state"))
    return [states[case.pk] for case in cases]


def errors_of(client: Client, unit: Organisation, **changes: object) -> dict[str, list[str]]:
    client.post("/register/person/")
    response = send(client, "person", person_form(unit, **changes))
    assert response.status_code == 200
    return dict(response.context["form"].errors)


@pytest.mark.parametrize(
    ("document", "sex"), [(PASSPORT, "1"), (OLD_CARD, "1"), (NEW_CARD, "2")], ids=["passport", "old card", "new card"]
)
def test_every_document_of_foreigners_registers(client, unit, document, sex):
    case = register_person(client, unit, **document)

    registration = PersonRegistration.objects.get(case=case)
    assert registration.number == document["number"].replace(" ", "").upper()
    assert (registration.sex, registration.birth_date.isoformat()) == (sex, "1988-03-15")
    assert (registration.name, registration.foreign_name) == ("SMITH, JOHN PAUL", "SMITH, JOHN PAUL")


def test_chinese_name_stands_beside_the_foreign_one(client, unit):
    case = register_person(client, unit, **PASSPORT | {"name": "史密斯", "foreign_name": " Smith  John "})

    registration = PersonRegistration.objects.get(case=case)
    assert (registration.name, registration.foreign_name) == ("史密斯", "Smith John")


@pytest.mark.parametrize("document", [PASSPORT, OLD_CARD, NEW_CARD])
def test_foreigner_with_a_chinese_name_alone_is_asked_for_the_other(client, unit, document):
    errors = errors_of(client, unit, **document | {"name": "史密斯"})

    assert set(errors) == {"foreign_name"}
    assert "拉丁字母" in errors["foreign_name"][0]


def test_foreign_name_of_a_citizen_may_stay_empty_and_is_in_latin_letters(client, unit):
    assert set(errors_of(client, unit, foreign_name="ジョン")) == {"foreign_name"}
    assert register_person(Client(), unit, foreign_name="").person_registration.foreign_name == ""


@pytest.mark.parametrize("document", [PASSPORT, OLD_CARD])
def test_documents_that_do_not_tell_sex_and_birth_ask_for_them(client, unit, document):
    assert set(errors_of(client, unit, **document | {"sex": "", "birth_date": ""})) == {"sex", "birth_date"}


def test_wrong_last_character_of_a_new_card_is_found(client, unit):
    number = NEW_CARD["number"]
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")

    assert set(errors_of(client, unit, **NEW_CARD | {"number": wrong})) == {"number"}


def test_number_of_a_foreigner_is_no_identity_card(client, unit):
    errors = errors_of(client, unit, **NEW_CARD | {"document_kind": "01"})

    assert "外国人永久居留身份证" in errors["number"][0]


def test_number_is_taken_in_whatever_spelling(client, unit):
    register_person(Client(), unit, **PASSPORT)

    errors = errors_of(client, unit, n=501, **PASSPORT | {"number": "ＥＡ1234567"})

    assert set(errors) == {"number"}


def test_papers_and_filing_speak_of_the_document(client, unit):
    case = submit(client, register_person(client, unit, **PASSPORT))

    page = client.get("/registration/").text
    rows = {row["key"]: row["value"] for section in Filing.objects.get().content["sections"] for row in section["rows"]}
    assert case.state == "in_review"
    assert "身份证明" in page
    assert "护照" in page
    assert (rows["foreign_name"], rows["document_kind"]) == ("SMITH, JOHN PAUL", "外国护照")


def test_employer_approves_several_registrations_at_once(client, unit):
    """【个人注册审核】: tick, 【审核】; account, kind and number of the document stand in the list."""
    cases = [
        submit(one, register_person(one, unit, n=n, **document))
        for n, document in ((501, PASSPORT), (502, NEW_CARD), (503, {}))
        for one in [Client()]
    ]
    client.force_login(Duty.objects.get(organisation=unit).user)
    queue = client.get("/queue/person_registration/unit/").text
    for text in ("person-501", "外国护照", "SMITH, JOHN PAUL", "外国人永久居留身份证"):
        assert text in queue

    decide_ticked(client, "approve", *cases[:2])

    assert states_of(cases) == ["approved", "approved", "in_review"]
    assert Person.objects.get(document_kind="06").foreign_name == "SMITH, JOHN PAUL"


def test_employer_returns_several_registrations_at_once(client, unit):
    cases = [
        submit(one, register_person(one, unit, n=n, name=name))
        for n, name in ((501, "李一"), (502, "李二"), (503, "李三"))
        for one in [Client()]
    ]
    client.force_login(Duty.objects.get(organisation=unit).user)

    decide_ticked(client, "send_back:person", *cases[:2], opinion="请补充劳动合同盖章页")

    assert states_of(cases) == ["returned", "returned", "in_review"]
    texts = OutboxMessage.objects.filter(case__in=cases[:2])
    assert {message.recipient_id for message in texts} >= {case.applicant_id for case in cases[:2]}
