"""Codes for whoever cannot read a picture: a way out that opens no other."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import SmsCode, TextMessage
from tests.accounts.factories import PersonFactory, phone_number

pytestmark = pytest.mark.django_db

BOX = "无法辨认图片，不输入图片直接发送验证码"
PAGE = "/sign-in/person/sms/"


@pytest.fixture(autouse=True)
def _picture_is_due(settings: Any) -> None:
    settings.SMS_CODES_WITHOUT_PICTURE = 0


def press(client: Client, phone: str, **data: str) -> Any:
    return client.post(PAGE, {"phone": phone, "send_code": "code"} | data)


def ticked(phone: str, address: str = "10.0.0.1") -> Any:
    return press(Client(REMOTE_ADDR=address), phone, without_picture="on")


def test_box_stands_beside_the_picture_and_sends_the_code(client: Client) -> None:
    user = PersonFactory().users.get()
    assert BOX in client.get(PAGE).text

    refused = press(client, user.phone)
    assert list(refused.context["form"].errors) == ["captcha"]
    assert not TextMessage.objects.exists()

    assert press(client, user.phone, without_picture="on").context["form"].errors == {}
    assert TextMessage.objects.get().user == user


def test_box_is_not_there_where_no_picture_is(client: Client, settings: Any) -> None:
    settings.SMS_CODES_WITHOUT_PICTURE = 3

    assert BOX not in client.get(PAGE).text


def test_address_gets_ten_a_day_over_known_and_unknown_phones_alike() -> None:
    known = [PersonFactory().users.get().phone for _n in range(6)]

    answers = [ticked(phone) for phone in [*known, *(phone_number(700 + n) for n in range(6))]]

    errors = [list(answer.context["form"].errors) for answer in answers]
    assert errors == [[]] * 10 + [["without_picture"]] * 2
    assert TextMessage.objects.count() == 6
    assert SmsCode.objects.count() == 10


def test_phone_gets_three_a_day_from_all_addresses(time_machine: Any) -> None:
    phone = PersonFactory().users.get().phone
    for n in range(5):
        time_machine.move_to(f"2026-11-21T0{n}:00:00Z")
        ticked(phone, f"10.0.{n}.1")

    assert TextMessage.objects.count() == 3


def test_all_addresses_together_share_a_number_of_the_day(settings: Any) -> None:
    settings.SMS_CODES_OF_SITE_WITHOUT_PICTURE = 2
    phones = [PersonFactory().users.get().phone for _n in range(3)]

    for n, phone in enumerate(phones):
        ticked(phone, f"10.0.{n}.1")

    assert TextMessage.objects.count() == 2


def test_registration_has_no_such_box(client: Client) -> None:
    client.post("/register/person/")
    page = client.get("/register/person/form/").text

    assert "captcha_1" in page
    assert BOX not in page
