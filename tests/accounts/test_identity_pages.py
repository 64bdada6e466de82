"""After the identity service: the same locks as behind every other way in, and a password of one's own."""

import time

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from django.urls import reverse

from accounts import identity_service
from accounts.enums import CodePurpose, RealNameLevel, SignInOutcome, SignInWay
from accounts.models import SignIn, TextMessage, User
from accounts.services.consents import give_consents, texts_due
from accounts.services.entering import PENDING
from accounts.services.identity_links import link_of
from tests.accounts import signing
from tests.accounts.factories import PASSWORD, PersonFactory, UnitFactory, credit_code, id_number, phone_number
from tests.accounts.filling import proved
from tests.accounts.identity import come_back, leave, legal, natural, service_running, sign_in, verified_person
from tools.identity_provider.citizens import PASSWORD as NATIONAL_PASSWORD

pytestmark = pytest.mark.django_db

NUMBER, PHONE = id_number(7), phone_number(5)
NEW = "Bohai-2027"
PAGE, LINK = "/account/password/", "/account/identity-service/"


@pytest.fixture
def service(settings):
    identity_service._configurations.clear()
    with service_running(settings) as running:
        running.facts = natural(name="沈知远", id_number=NUMBER, phone_number=PHONE)
        yield running


@pytest.fixture
def person(service):
    return verified_person(number=NUMBER).users.get()


@pytest.fixture
def newcomer(client, service):
    """Opened by the service, signed in, agreed to everything."""
    sign_in(client, service)
    user = User.objects.get()
    give_consents(user, texts_due(user))
    return user


def new_password(**more):
    return {"password": NEW, "password_again": NEW} | more


def has_new_password(user):
    return check_password(NEW, User.objects.get(pk=user.pk).password)


def forget_the_service(client):
    session = client.session
    del session["identity_service"]
    session.save()


def test_page_that_was_asked_for_comes_next(client, service, person):
    response = sign_in(client, service, target="/messages/?before=9")

    assert response.url == "/messages/?before=9"
    entry = SignIn.objects.get()
    assert (entry.user, entry.way, entry.outcome) == (person, SignInWay.IDENTITY_SERVICE, SignInOutcome.ENTERED)


def test_second_factor_is_asked_for(client, service, person):
    signing.add_app(person)

    response = sign_in(client, service, target="/messages/")

    assert response.url == signing.SECOND
    assert SESSION_KEY not in client.session
    assert client.session[PENDING]["way"] == SignInWay.IDENTITY_SERVICE
    assert client.get("/messages/").url == signing.SECOND


def test_second_factor_leads_on_to_the_page_that_was_asked_for(client, service, person):
    secret = signing.add_app(person)
    sign_in(client, service, target="/messages/")

    response = client.post(signing.SECOND, {"code": signing.code(secret)})

    assert response.url == "/messages/"
    assert SignIn.objects.get().way == SignInWay.IDENTITY_SERVICE


def test_password_that_must_be_changed_comes_first(client, service, person):
    User.objects.filter(pk=person.pk).update(must_change_password=True)

    assert sign_in(client, service, target="/messages/").url == PAGE


def test_newcomer_is_asked_for_the_terms_first(client, service):
    response = sign_in(client, service, target="/messages/")

    assert response.url not in ("/messages/", "/home/")
    assert client.get("/messages/").url == response.url


def test_closed_account_stays_out(client, service, person):
    sign_in(client, service)
    client.post(reverse("accounts:sign_out"))
    User.objects.filter(pk=person.pk).update(is_active=False)

    response = sign_in(client, service)

    assert response.status_code == 403
    assert "注销" in response.text
    assert SESSION_KEY not in client.session
    assert SignIn.objects.first().outcome == SignInOutcome.INACTIVE


@pytest.mark.parametrize(("facts", "entry", "way"), [(natural, "unit", "person"), (legal, "person", "unit")])
def test_wrong_door_says_which_is_right(client, service, facts, entry, way):
    unit = UnitFactory(handler__real_name_level=RealNameLevel.MIDDLE)
    service.facts = facts(name="沈知远", id_number=NUMBER, uscc=unit.code, unit_name=unit.name)

    response = sign_in(client, service, entry=entry)

    assert response.status_code == 403
    assert f'href="/sign-in/{way}/"' in response.text
    assert SESSION_KEY not in client.session
    assert SignIn.objects.get().outcome == SignInOutcome.WRONG_ENTRY


def test_employer_comes_in_by_its_door(client, service):
    unit = UnitFactory(handler__real_name_level=RealNameLevel.MIDDLE)
    service.facts = legal(name="王人事", id_number=NUMBER, uscc=unit.code, unit_name=unit.name)

    sign_in(client, service, entry="unit")

    assert client.session[SESSION_KEY] == str(unit.duties.get().user_id)


def test_employer_that_is_unknown_is_shown_the_registration(client, service):
    service.facts = legal(name="王人事", id_number=NUMBER, uscc=credit_code(77), unit_name="某某有限公司")

    response = sign_in(client, service, entry="unit")

    assert "某某有限公司" in response.text
    assert reverse("accounts:register_unit") in response.text
    assert not User.objects.exists()


def test_whoever_comes_back_as_somebody_else_takes_nothing_of_the_first_session(client, service, person):
    client.force_login(PersonFactory().users.get())
    request = leave(client)

    come_back(client, code=service.agree(request), state=request["state"])

    assert client.session[SESSION_KEY] == str(person.pk)


def test_signed_in_people_are_asked_anew_by_the_service(client, service, person):
    assert "prompt" not in leave(client)
    client.force_login(person)

    assert leave(client)["prompt"] == "login"


@pytest.mark.parametrize("password", [NATIONAL_PASSWORD, "", "!", "None"])
def test_national_password_opens_nothing_here(client, newcomer, password):
    stranger = Client()

    response = signing.sign_in(stranger, newcomer, password=password)

    assert response.status_code == 200
    assert SESSION_KEY not in stranger.session


def test_first_password_after_the_service_needs_no_other(client, newcomer):
    other = Client()
    other.force_login(newcomer)

    response = client.post(PAGE, new_password())

    assert response.url == "/account/"
    assert has_new_password(newcomer)
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert TextMessage.objects.filter(template="password_renewed").count() == 1
    assert signing.sign_in(Client(), newcomer, password=NEW).status_code == 302


def test_first_password_holds_to_the_policy(client, newcomer):
    response = client.post(PAGE, new_password(password="abc", password_again="abc"))

    assert response.status_code == 200
    assert not User.objects.get().has_usable_password()


def test_vouching_is_over_after_ten_minutes(client, newcomer):
    with time_machine.travel(time.time() + 601):
        response = client.post(PAGE, new_password())

    assert "短信验证码" in response.text
    assert not User.objects.get().has_usable_password()


def test_vouching_is_for_one_password(client, newcomer):
    client.post(PAGE, new_password())

    assert "identity_service" not in client.session


def test_vouching_for_somebody_else_proves_nothing(client, newcomer):
    session = client.session
    session["identity_service"] |= {"user": newcomer.pk + 1}
    session.save()

    client.post(PAGE, new_password())

    assert not User.objects.get().has_usable_password()


def test_first_password_by_a_code_to_the_phone(client, newcomer):
    forget_the_service(client)
    asked = client.post(PAGE, {"send_code": "code"} | new_password())
    assert "139****0005" in asked.text
    code = TextMessage.objects.get(template="code").params["code"]

    response = client.post(PAGE, new_password(code=code))

    assert response.url == "/account/"
    assert has_new_password(newcomer)


@pytest.mark.parametrize("purpose", [CodePurpose.SIGN_IN, CodePurpose.NEW_PHONE])
def test_code_for_something_else_sets_no_password(client, newcomer, purpose):
    forget_the_service(client)

    client.post(PAGE, new_password(code=proved(client, PHONE, purpose)))

    assert not User.objects.get().has_usable_password()


def test_open_session_alone_sets_no_password(client, newcomer):
    forget_the_service(client)

    client.post(PAGE, new_password())
    client.post(PAGE, new_password(current=""))
    client.post(PAGE, new_password(code="000000"))

    assert not User.objects.get().has_usable_password()


def test_account_without_a_phone_proves_itself_at_the_service_once_more(client, service):
    service.facts = natural(name="沈知远", id_number=NUMBER)
    sign_in(client, service)
    user = User.objects.get()
    give_consents(user, texts_due(user))
    forget_the_service(client)

    page = client.get(PAGE)
    again = sign_in(client, service, target=PAGE)

    assert 'action="/sign-in/identity-service/"' in page.text
    assert again.url == PAGE
    assert client.post(PAGE, new_password()).url == "/account/"


def test_forgotten_password_works_for_it_too(client, newcomer):
    stranger = Client()
    statements = {"kind": "person", "account": NUMBER, "name": "沈知远", "phone": PHONE}

    response = stranger.post(
        "/sign-in/forgotten/", statements | new_password(code=proved(stranger, PHONE, CodePurpose.RESET))
    )

    assert response.url == "/sign-in/person/"
    assert has_new_password(newcomer)


def test_officer_without_a_password_sets_none(client, service):
    officer = PersonFactory(user__officer=True).users.get()
    User.objects.filter(pk=officer.pk).update(password=make_password(None))
    officer.refresh_from_db()
    client.force_login(officer)

    client.post(PAGE, new_password(code=proved(client, officer.phone, CodePurpose.RESET)))

    assert not User.objects.get(pk=officer.pk).has_usable_password()


def test_account_page_shows_the_link_and_ends_it_for_the_password(client, service, person):
    sign_in(client, service)
    assert f'href="{LINK}"' in client.get("/account/").text

    assert client.post(LINK, {"current": "wrong"}).status_code == 200
    assert link_of(person) is not None
    assert client.post(LINK, {"current": PASSWORD}).url == "/account/"
    assert link_of(person) is None
    assert f'href="{LINK}"' not in client.get("/account/").text


def test_only_way_in_is_not_taken_away(client, service):
    service.facts = natural(name="沈知远", id_number=NUMBER)
    sign_in(client, service)
    user = User.objects.get()
    give_consents(user, texts_due(user))

    page = client.post(LINK, {})

    assert "唯一" in page.text
    assert link_of(user) is not None
    assert f'href="{LINK}"' not in client.get("/account/").text
