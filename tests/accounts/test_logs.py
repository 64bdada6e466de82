"""What the logs say of registration, sign-in, text messages and errors: never a number, a phone, a code, a password."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string

from accounts.enums import LinkPurpose
from accounts.models import TextMessage, User
from accounts.services.one_time_links import send_link
from accounts.services.sms_sending import send_texts
from accounts.sms import Outgoing, Refused, Taken
from accounts.views import account
from tests.accounts.factories import PASSWORD, PersonFactory, UnitFactory
from tests.accounts.filling import CAPTCHA, register_person, register_unit
from workflow.log_masking import mask_text

pytestmark = pytest.mark.django_db


class Echoing:
    """Repeats everything in its refusals, as providers do."""

    def send(self, message: Outgoing) -> Taken:
        raise Refused(f"isv.X: {message.phone} {message.text} {dict(message.params)}")

    def find(self, message: Outgoing, since: object) -> Taken | None:
        return None


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """Every line of every logger at its lowest level, in the format of the settings."""
    format_of = dict(settings.LOGGING["formatters"]["line"])
    formatter = import_string(format_of.pop("()"))(format_of["format"], style=format_of["style"])
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def use_every_door(client: Client, settings) -> list[str]:
    """Walk through what people type into; answers what none of it may leave in a log."""
    settings.SMS_GATEWAY = "tests.accounts.test_logs.Echoing"
    case = register_person(client, UnitFactory())
    user = User.objects.get(pk=case.applicant_id)
    register_unit(Client())
    number = case.person_registration.number
    browser = Client()
    for password in (f"{PASSWORD}-wrong", PASSWORD):
        form = {"username": user.username, "password": password} | CAPTCHA
        browser.post("/sign-in/person/", form)
    person = PersonFactory()
    browser = Client()
    browser.post("/sign-in/person/sms/", {"phone": person.phone, "send_code": "code"})
    browser.post("/sign-in/person/sms/", {"phone": person.phone, "code": "000000"})
    codes = [message.params["code"] for message in TextMessage.objects.filter(template="code", params__isnull=False)]
    send_texts()
    assert codes
    return [number, user.phone, person.number, person.phone, PASSWORD, *codes]


def test_nothing_that_people_type_is_logged(client: Client, settings, logs, caplog) -> None:
    secrets = use_every_door(client, settings)

    assert "has failed: isv.X" in logs.getvalue()
    raw = "\n".join(record.getMessage() for record in caplog.records)
    assert [secret for secret in secrets if secret in logs.getvalue() or secret in raw] == []
    answers = " ".join(TextMessage.objects.values_list("answer", flat=True))
    assert [secret for secret in secrets if secret in answers] == []


def test_living_link_to_a_password_stays_out_where_its_form_is_refused(logs) -> None:
    user = PersonFactory().users.get()
    sent: list[str] = []
    send_link(user, purpose=LinkPurpose.PASSWORD, link_of=lambda token: sent.append(token) or token, by=user)
    address = f"/set-password/{sent[0]}/"

    assert Client().get(address).status_code == 200
    assert Client(enforce_csrf_checks=True).post(address, {}).status_code == 403

    assert "/set-password/***" in logs.getvalue()
    assert sent[0] not in logs.getvalue()


def test_traceback_of_an_error_shows_no_phone_and_no_number(client: Client, settings, logs, monkeypatch) -> None:
    case = register_person(client, UnitFactory())
    user, number = User.objects.get(pk=case.applicant_id), case.person_registration.number

    def break_down(*args: object, **kwargs: object) -> None:
        raise RuntimeError(f"Key (phone)=({user.phone}), number {number} exists")

    monkeypatch.setattr(account, "AccountForm", break_down)
    client.force_login(user)
    client.raise_request_exception = False

    assert client.get("/account/").status_code == 500

    assert "RuntimeError: Key (phone)=" in logs.getvalue()
    assert user.phone not in logs.getvalue()
    assert number not in logs.getvalue()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13912345678", "139****5678"),
        ("+8613912345678,", "139****5678,"),
        ("[13912345678]", "[139****5678]"),
        ("13090219990307001X", "130902********001X"),
        ("no 130902199903070011.", "no 130902********0011."),
        ("130902990307001", "13***********01"),
        ("case 130902DXSZF202611210000018 of 2026-11-21 12:00:00,123", None),
        ("biz 900619746936498440^0", None),
        ("008613912345678", "139****5678"),
        ("+86 139 1234 5678, 139-1234-5678", "139****5678, 139****5678"),
        ("?phone=%2013912345678&q=%2213912345678%22", "?phone=%20139****5678&q=%22139****5678%22"),
        ("?q=139%201234%205678", "?q=139****5678"),
        ("?q=%2013090219990307001X", "?q=%20130902********001X"),
        ("Not Found: /email/MTA6MQ:1u2-Xy/", "Not Found: /email/***"),
        ("Gone: /set-password/k3-Xy_Z/", "Gone: /set-password/***"),
        (
            "Forbidden: https://portal.example.org/sms/receipts/c2VjcmV0/?x=1",
            "Forbidden: https://portal.example.org/sms/receipts/***",
        ),
        ('File "/usr/lib/python3.11/email/message.py", line 3', None),
        ("took 152 rounds on 2026-11-21 12:00:00", None),
    ],
)
def test_numbers_are_masked_and_other_digits_stay(text: str, masked: str | None) -> None:
    assert mask_text(text) == (text if masked is None else masked)
