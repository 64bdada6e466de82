"""What comes back from the identity service is believed only where nothing about it is wrong."""

import base64
import hmac
import json
import logging
import time
from urllib.parse import urlsplit

import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from django.contrib.auth import SESSION_KEY
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from accounts import identity_service
from accounts.models import SignIn, User
from portal.mode import find_conflicts
from tests.accounts.factories import id_number
from tests.accounts.identity import (
    KEY,
    OTHER_KEY,
    PUBLIC,
    come_back,
    leave,
    natural,
    service_running,
    sign_in,
    verified_person,
)

pytestmark = pytest.mark.django_db

START, BACK = "/sign-in/identity-service/", "/sign-in/identity-service/return/"
PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
NUMBER = id_number(7)


@pytest.fixture
def service(settings):
    identity_service._configurations.clear()
    with service_running(settings) as running:
        running.facts = natural(name="沈知远", id_number=NUMBER, phone_number="13912345678")
        yield running


def is_nobody(client):
    return SESSION_KEY not in client.session and not User.objects.exists() and not SignIn.objects.exists()


def test_request_carries_state_nonce_and_challenge_and_names_our_own_return(client, service):
    first, second = leave(client), leave(client)

    assert first["response_type"] == "code"
    assert first["code_challenge_method"] == "S256"
    assert first["redirect_uri"] == f"http://testserver{BACK}"
    assert set(first["scope"].split()) == {"openid", "profile"}
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))
    assert "code_verifier" not in first


def test_honest_answer_signs_in(client, service):
    response = sign_in(client, service)

    assert response.status_code == 302
    assert client.session[SESSION_KEY] == str(User.objects.get().pk)


NOW = int(time.time())
LIES = {
    "another issuer": {"token": {"iss": "https://elsewhere.example"}},
    "another audience": {"token": {"aud": "somebody-else"}},
    "several audiences and no party": {"token": {"aud": ["tongban", "somebody-else"]}},
    "another authorised party": {"token": {"azp": "somebody-else"}},
    "another nonce": {"token": {"nonce": "another"}},
    "no nonce": {"token": {"nonce": None}},
    "expired": {"token": {"iat": NOW - 900, "exp": NOW - 600}},
    "no expiry": {"token": {"exp": None}},
    "issued in the future": {"token": {"iat": NOW + 3600, "exp": NOW + 7200}},
    "no subject": {"token": {"sub": None}},
    "empty subject": {"token": {"sub": ""}, "subject": ""},
    "endless subject": {"token": {"sub": "s" * 256}, "subject": "s" * 256},
    "signed by another key": {"key": OTHER_KEY},
    "a key that is not published": {"header": {"kid": "two"}},
    "no published key": {"keys": []},
    "keys of another kind": {"keys": [PUBLIC | {"use": "enc"}]},
    "a shared secret": {"key": "x" * 64, "algorithm": "HS256"},
    "a stronger hash that was not agreed on": {"algorithm": "RS512"},
    "facts about another subject": {"facts": natural(sub="subject-2", name="别人", id_number=NUMBER)},
    "facts that are a list": {"answers": {"/facts": (200, b"[]")}},
    "facts that are no JSON": {"answers": {"/facts": (200, b"<html>")}},
    "keys that are no JSON": {"answers": {"/keys": (200, b"<html>")}},
    "token answer that is a list": {"answers": {"/token": (200, b"[]")}},
    "token answer without tokens": {"answers": {"/token": (200, b"{}")}},
    "no ID token": {"answers": {"/token": (200, b'{"access_token": "a"}')}},
    "an ID token that is none": {"answers": {"/token": (200, b'{"access_token": "a", "id_token": "a.b.c"}')}},
    "a refusal": {"answers": {"/token": (400, b'{"error": "invalid_grant"}')}},
    "no number": {"facts": natural(name="沈知远")},
    "an impossible number": {"facts": natural(name="沈知远", id_number="110101199901011234")},
    "no name": {"facts": natural(id_number=NUMBER)},
    "a kind that nobody knows": {"facts": natural(name="沈知远", id_number=NUMBER, user_kind="robot")},
}


@pytest.mark.parametrize("lie", LIES)
def test_lies_sign_nobody_in_and_end_on_a_page_that_says_so(client, service, lie, caplog):
    for name, value in LIES[lie].items():
        setattr(service, name, value)

    with caplog.at_level(logging.DEBUG):
        response = sign_in(client, service)

    assert response.status_code == 403
    assert "答复" in response.text
    assert is_nobody(client)
    assert NUMBER not in caplog.text
    assert "Identity service: " in caplog.text


def part(value):
    return (
        base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode())
        .rstrip(b"=")
        .decode()
    )


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256"])
def test_header_of_the_token_does_not_choose_how_it_is_checked(client, service, algorithm):
    """Unsigned, or signed with the text of the published key as if it were a shared secret."""
    request = leave(client)
    signed = f"{part({'alg': algorithm, 'kid': 'one'})}.{service.id_token(request).split('.')[1]}"
    proof = part(hmac.digest(PEM, signed.encode(), "sha256")) if algorithm == "HS256" else ""
    answer = {"access_token": "a", "id_token": f"{signed}.{proof}"}
    service.answers["/token"] = (200, json.dumps(answer).encode())

    response = come_back(client, code="code", state=request["state"])

    assert response.status_code == 403
    assert is_nobody(client)


def test_state_is_good_once(client, service):
    request = leave(client)
    code = service.agree(request)
    assert come_back(client, code=code, state=request["state"]).status_code == 302
    client.post(reverse("accounts:sign_out"))
    service.asked.clear()

    response = come_back(client, code=code, state=request["state"])

    assert response.status_code == 403
    assert SESSION_KEY not in client.session
    assert service.asked == []


def test_code_is_good_once(client, service):
    request = leave(client)
    code = service.agree(request)
    come_back(client, code=code, state=request["state"])
    client.post(reverse("accounts:sign_out"))

    response = come_back(client, code=code, state=leave(client)["state"])

    assert response.status_code == 403
    assert SESSION_KEY not in client.session


def test_code_of_another_start_is_refused(client, service):
    """Somebody's code brought into a browser that has a state of its own: the challenge was another one."""
    stolen = service.agree(leave(Client()))

    response = come_back(client, code=stolen, state=leave(client)["state"])

    assert response.status_code == 403
    assert is_nobody(client)


@pytest.mark.parametrize("state", ["", "forged", "of another browser"])
def test_state_belongs_to_this_browser(client, service, state):
    request = leave(client)
    code = service.agree(request)
    if state == "of another browser":
        client, state = Client(), request["state"]
    service.asked.clear()

    response = come_back(client, code=code, state=state)

    assert response.status_code == 403
    assert is_nobody(client)
    assert service.asked == []


def test_state_lasts_ten_minutes(client, service):
    with time_machine.travel("2026-11-23 09:00 +0800", tick=False) as clock:
        request = leave(client)
        code = service.agree(request)
        clock.shift(601)

        response = come_back(client, code=code, state=request["state"])

    assert response.status_code == 403
    assert is_nobody(client)


def test_answer_of_another_issuer_is_refused_before_its_code_is_used(client, service):
    request = leave(client)
    code = service.agree(request)
    service.asked.clear()

    response = come_back(client, code=code, state=request["state"], iss="https://elsewhere.example")

    assert response.status_code == 403
    assert service.asked == []


def test_leaving_without_agreeing_is_said(client, service):
    request = leave(client)

    response = come_back(client, error="access_denied", state=request["state"])

    assert response.status_code == 403
    assert "没有同意" in response.text
    assert is_nobody(client)


@pytest.mark.parametrize("parameters", [{}, {"error": "server_error"}, {"code": ""}])
def test_return_without_a_code_is_refused(client, service, parameters):
    response = come_back(client, state=leave(client)["state"], **parameters)

    assert response.status_code == 403


ILL = {
    "500": lambda service, path: service.answers.update({path: (500, b"oops")}),
    "404": lambda service, path: service.answers.update({path: (404, b"{}")}),
    "slow": lambda service, path: service.pauses.update({path: 0.5}),
    "nonsense": lambda service, path: service.answers.update({path: (200, b"\xff\x00")}),
    "elsewhere": lambda service, path: service.moved.update({path: service.issuer + "/trap"}),
}


@pytest.mark.parametrize("ill", ILL)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys", "/facts"])
def test_service_that_is_ill_ends_on_a_clear_page(client, service, settings, ill, path):
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.1
    ILL[ill](service, path)

    if path.endswith("configuration"):
        response = client.post(START, {"entry": "person", "next": "/home/"})
        assert response.status_code == 503
        assert "/sign-in/?next=/home/" in response.text
    else:
        response = sign_in(client, service)
        assert response.status_code in (403, 503)

    assert "未登录" in response.text
    assert is_nobody(client)
    # Nobody is sent on by what the service says: neither secret nor token went there.
    assert "/trap" not in service.asked


def test_service_that_is_down_ends_on_a_clear_page(client, service):
    request = leave(client)
    identity_service._configurations.clear()
    service.issuer = "http://127.0.0.1:9"

    response = come_back(client, code="code", state=request["state"])

    assert response.status_code in (403, 503)


def test_service_that_names_another_issuer_is_not_used(client, service):
    service.named = {"issuer": "https://elsewhere.example"}

    assert client.post(START, {"entry": "person"}).status_code == 503


def test_secure_service_leads_nobody_out_of_https():
    named = {"issuer": "https://id.example", "authorization_endpoint": "https://id.example/go"}
    named |= {"token_endpoint": "http://id.example/token", "jwks_uri": "https://id.example/keys"}

    with pytest.raises(identity_service.Disbelieved):
        identity_service._check_configuration(named, "https://id.example")

    identity_service._check_configuration(named | {"token_endpoint": "https://id.example/t"}, "https://id.example")


def test_start_is_a_press_and_takes_nothing_else_from_whoever_asks(client, service):
    strict = Client(enforce_csrf_checks=True)

    assert client.get(START).status_code == 405
    assert strict.post(START, {"entry": "person"}).status_code == 403
    assert client.post(START, {"entry": "officer"}).status_code == 404
    request = leave(client, scope="all", auth_params="redirect_uri=https://evil.example", process="connect")
    assert request["redirect_uri"] == f"http://testserver{BACK}"
    assert set(request["scope"].split()) == {"openid", "profile"}
    assert client.post(BACK, {"code": "c"}).status_code == 405


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_elsewhere_afterwards(client, service, target):
    response = sign_in(client, service, target=target)

    assert response.status_code == 302
    assert urlsplit(response.headers["Location"]).netloc == ""
    assert "evil" not in response.headers["Location"]


def test_session_of_before_is_not_the_session_of_after(client, service):
    request = leave(client)
    before = client.session.session_key

    come_back(client, code=service.agree(request), state=request["state"])

    assert client.session.session_key != before


PAGES = ["accounts:sign_in", "accounts:sign_in_person", "accounts:sign_in_unit"]


def test_button_stands_at_the_doors_of_persons_and_employers(client, service):
    pages = {name: client.get(reverse(name)).text for name in [*PAGES, "accounts:sign_in_officer"]}

    with_button = [name for name, text in pages.items() if ">中国政务服务平台</button>" in text]
    assert with_button == PAGES


def test_without_a_service_there_is_no_button_and_no_address(client):
    pages = [client.get(reverse(name)).text for name in PAGES]

    assert [text for text in pages if "中国政务服务平台" in text] == []
    assert client.post(START, {"entry": "person"}).status_code == 404
    assert client.get(BACK).status_code == 404


def test_half_a_service_is_an_error(settings):
    settings.IDENTITY_SERVICE = settings.IDENTITY_SERVICE | {"issuer": "https://id.example"}

    faults = [fault for fault in run_checks() if fault.id == "portal.E003"]

    assert [fault.msg for fault in faults] == [
        "The identity service lacks IDENTITY_SERVICE_CLIENT_ID and IDENTITY_SERVICE_CLIENT_SECRET."
    ]


def test_modes_take_the_services_that_are_theirs():
    def about_issuer(mode, issuer):
        return [text for text in find_conflicts(mode, {"IDENTITY_SERVICE_ISSUER": issuer}) if "ISSUER" in text]

    assert about_issuer("production", "http://id.example") != []
    assert about_issuer("production", "https://id.example") == []
    assert about_issuer("demo", "https://id.example") != []
    assert about_issuer("demo", "http://127.0.0.1:8001") == []


def test_linked_person_is_found_by_the_subject_alone(client, service):
    """The number is asked for again, the phone and the name may be others by now."""
    person = verified_person(number=NUMBER)
    sign_in(client, service)
    client.post(reverse("accounts:sign_out"))
    service.facts |= {"phone_number": "13800000000"}

    sign_in(client, service)

    assert client.session[SESSION_KEY] == str(person.users.get().pk)
    assert User.objects.count() == 1
