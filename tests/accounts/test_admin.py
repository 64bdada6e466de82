import pytest
from django.test import Client

from accounts.models import Identifier, User
from tests.accounts.factories import OfficeFactory, PersonFactory, UnitFactory, UserFactory, id_number, phone_number
from tests.accounts.filling import register_unit
from workflow.models import Duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory(administrator=True))
    return client


def test_every_list_and_form_opens(admin):
    person, unit = PersonFactory(), UnitFactory()
    register_unit(Client())
    urls = [
        f"/admin/accounts/{model}/" for model in ("user", "person", "unitprofile", "terms", "consent", "sensitiveview")
    ]
    urls += [
        f"/admin/accounts/person/{person.pk}/change/",
        f"/admin/accounts/unitprofile/{unit.pk}/change/",
        f"/admin/accounts/user/{person.users.get().pk}/change/",
        "/admin/accounts/user/add/",
    ]

    pages = {url: admin.get(url) for url in urls}

    assert {url: page.status_code for url, page in pages.items()} == dict.fromkeys(urls, 200)
    secrets = (person.number, person.phone, "0317-1234567")
    assert [url for url, page in pages.items() if any(secret in page.text for secret in secrets)] == []


def test_persons_are_read_only(admin):
    person = PersonFactory()

    assert admin.post(f"/admin/accounts/person/{person.pk}/change/", {"name": "别人"}).status_code == 403
    assert admin.get("/admin/accounts/person/add/").status_code == 403


def test_administrator_sets_up_an_officer_with_a_duty_and_a_phone(admin):
    office = OfficeFactory()
    form = {"username": "officer9", "name": "新经办", "email": "a@example.com", "new_document_number": id_number(9)}
    admin.post("/admin/accounts/user/add/", form)
    user = User.objects.get(username="officer9")
    change = {
        "name": "新经办",
        "email": "",
        "is_active": "on",
        "new_phone": phone_number(9),
        "duties-TOTAL_FORMS": "1",
        "duties-INITIAL_FORMS": "0",
        "duties-0-organisation": str(office.pk),
        "duties-0-role": "handler",
        "duties-0-starts_on": "2026-01-01",
        "consents-TOTAL_FORMS": "0",
        "consents-INITIAL_FORMS": "0",
    }

    response = admin.post(f"/admin/accounts/user/{user.pk}/change/", change)

    assert response.status_code == 302
    user = User.objects.get(pk=user.pk)
    assert (user.kind, user.is_approved, user.phone) == ("officer", True, phone_number(9))
    assert Duty.objects.get(user=user).organisation == office
    assert Identifier.objects.get(user=user).kind == "phone"


def test_phone_of_somebody_else_is_refused_in_the_administration(admin):
    person, officer = PersonFactory(), UserFactory(officer=True)
    change = {"name": "甲", "new_phone": person.phone}
    change |= {f"{prefix}-{key}_FORMS": "0" for prefix in ("duties", "consents") for key in ("TOTAL", "INITIAL")}

    response = admin.post(f"/admin/accounts/user/{officer.pk}/change/", change)

    assert response.status_code == 200
    assert "该手机号码已存在" in response.text


def test_terms_that_somebody_agreed_to_do_not_change(admin):
    register_unit(Client())
    unit_terms = User.objects.get(kind="unit").consents.get(terms__kind="unit_registration").terms

    assert admin.post(f"/admin/accounts/terms/{unit_terms.pk}/change/", {"title": "别的"}).status_code == 403


def test_administration_is_entered_through_the_officers_entry(client):
    response = client.get("/admin/", follow=True)

    assert response.request["PATH_INFO"] == "/sign-in/officer/"
    assert response.request["QUERY_STRING"] == "next=%2Fadmin%2F"


def test_signed_in_people_without_the_right_are_refused(client):
    client.force_login(PersonFactory().users.get())

    assert client.get("/admin/", follow=True).status_code == 403
