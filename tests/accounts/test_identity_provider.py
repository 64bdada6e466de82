"""The whole way with a real provider in a process of its own: the one that `make run` starts for the demo."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.contrib.auth import SESSION_KEY
from django.urls import reverse

from accounts import identity_service
from accounts.models import User
from accounts.services.identity_links import link_of
from tests.accounts.factories import PersonFactory, UnitFactory, UserFactory, id_number, phone_number
from tests.accounts.identity import CLIENT_ID, SECRET, come_back, configure, natural, verified_person
from tools.demo_identity import demo_citizens
from tools.identity_provider import Citizen, ProviderProcess
from tools.identity_provider.citizens import PASSWORD
from workflow.identifiers import validate_resident_id

BACK = "/sign-in/identity-service/return/"
NUMBER, PHONE = id_number(7), phone_number(5)
CITIZENS = [Citizen("someone", "沈知远", natural(name="沈知远", id_number=NUMBER, phone_number=PHONE))]


@pytest.fixture(scope="module")
def provider():
    process = ProviderProcess()
    process.serve(
        host="127.0.0.1",
        port=0,
        client_id=CLIENT_ID,
        secret=SECRET,
        callbacks=[f"http://testserver{BACK}"],
        citizens=CITIZENS,
    )
    yield process
    process.stop()


@pytest.fixture
def service(settings, provider):
    identity_service._configurations.clear()
    configure(settings, provider.issuer)
    return provider


def walk(address, *, password=PASSWORD):
    """Somebody at the provider's page; answers what the browser brings back, or the page that it shows."""
    with requests.Session() as browser:
        page = browser.get(address)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        form = {"csrfmiddlewaretoken": token[1], "account": "someone", "password": password}
        answer = browser.post(page.url, form, allow_redirects=False)
        while answer.is_redirect and not answer.headers["location"].startswith("http://testserver"):
            answer = browser.get(browser_address(answer), allow_redirects=False)
    if not answer.is_redirect:
        return answer.text
    back = urlsplit(answer.headers["location"])
    assert back.path == BACK
    return dict(parse_qsl(back.query))


def browser_address(answer):
    return requests.compat.urljoin(answer.url, answer.headers["location"])


def start(client):
    page = client.post(reverse("accounts:identity_start"), {"entry": "person", "next": "/messages/"})
    return page.headers["Refresh"].removeprefix("0; url=")


@pytest.mark.django_db
def test_real_provider_signs_in_over_http(client, service):
    person = verified_person(number=NUMBER)

    response = come_back(client, **walk(start(client)))

    assert response.url == "/messages/"
    assert client.session[SESSION_KEY] == str(person.users.get().pk)
    assert link_of(person.users.get()) is not None


@pytest.mark.django_db
def test_real_provider_takes_a_code_once(client, service):
    brought = walk(start(client))
    assert come_back(client, **brought).status_code == 302
    client.post(reverse("accounts:sign_out"))
    state = dict(parse_qsl(urlsplit(start(client)).query))["state"]

    response = come_back(client, code=brought["code"], state=state)

    assert response.status_code == 403
    assert SESSION_KEY not in client.session


@pytest.mark.django_db
def test_real_provider_asks_everybody_for_the_password(client, service):
    assert "密码不正确" in walk(start(client), password="guess")
    assert not User.objects.exists()


def test_real_provider_sends_codes_to_our_own_return_alone(service):
    address = f"{service.issuer}/identity/o/authorize?client_id={CLIENT_ID}&response_type=code&scope=openid"

    page = requests.get(f"{address}&redirect_uri=https://evil.example/", allow_redirects=True, timeout=10)

    assert "evil.example" not in page.url.split("?")[0]
    assert page.url.startswith(service.issuer)


@pytest.mark.django_db
def test_demo_knows_the_people_of_the_portal_and_others():
    graduate = PersonFactory(user__username="graduate")
    unit = UnitFactory(handler=UserFactory(unit=True, username="unit"))

    citizens = {citizen.account: citizen.claims for citizen in demo_citizens()}

    assert citizens["lixiaoyu"]["id_number"] == graduate.number
    assert citizens["faren"]["uscc"] == unit.code
    assert {claims["real_name_level"] for claims in citizens.values()} == {1, 2, 3}
    for claims in citizens.values():
        validate_resident_id(claims["id_number"])
    assert len({claims["id_number"] for claims in citizens.values()}) == len(citizens)


PORTAL = """
import os, sys
from tools.identity_provider import ProviderProcess
process = ProviderProcess()
print(process.serve(host="127.0.0.1", port=0, client_id="a", secret="b", callbacks=[], citizens=[]), flush=True)
os.set_inheritable(process.lifeline.fileno(), True)
os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(60)"])
"""


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_provider_ends_with_the_portal(end):
    portal = subprocess.Popen([sys.executable, "-c", PORTAL], stdout=subprocess.PIPE, text=True)
    issuer = portal.stdout.readline().strip()
    assert requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()["issuer"] == issuer

    portal.send_signal(end)
    portal.wait(timeout=10)
    portal.stdout.close()

    deadline = time.monotonic() + 20
    while is_open(issuer):
        assert time.monotonic() < deadline, "the provider goes on without its portal"
        time.sleep(0.05)


def is_open(issuer):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(issuer).port)) == 0


def test_provider_takes_another_port_where_its_own_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = ProviderProcess()
        port = taken.getsockname()[1]
        issuer = process.serve(host="127.0.0.1", port=port, client_id="a", secret="b", callbacks=[], citizens=[])
        found = json.loads(requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).text)
        process.stop()

    assert urlsplit(issuer).port != port
    assert found["issuer"] == issuer
