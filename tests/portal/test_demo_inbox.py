"""The demo's stand-in for phones and mailboxes."""

import pytest
from django.test import Client

from accounts.models import MessageTemplate
from accounts.services.mails import queue_mail
from accounts.services.sms_sending import send_texts
from accounts.services.texts import queue_text
from portal.demo import inbox
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

CODE = {"code": "482913", "minutes": "5", "purpose": "登录"}


def test_codes_and_mails_are_shown_newest_first(settings) -> None:
    settings.DEMO = True
    user = UserFactory(name="李晓雨")
    queue_text(phone="13900000001", template="code", params=CODE)
    link = {"name": "李晓雨", "link": "http://testserver/email/key/", "days": "3"}
    queue_mail(address="li@example.com", template="email_confirm", params=link, user=user)
    send_texts()

    mail, text = inbox.latest()

    assert (text.address, text.recipient, text.title, text.is_waiting) == ("139****0001", "", "", False)
    assert "482913" in text.body
    assert (mail.address, mail.recipient, mail.title) == ("l***@example.com", "李晓雨", "请确认您的电子邮箱")
    assert link["link"] in mail.body


def test_words_are_those_of_the_template() -> None:
    MessageTemplate.objects.filter(key="code", channel="sms").update(body="码：{code}")
    queue_text(phone="13900000001", template="code", params=CODE)

    assert inbox.latest()[0].body == "码：482913"


def test_inbox_exists_in_demo_mode_only() -> None:
    assert Client().get("/demo/inbox/").status_code == 404


def test_number_of_questions_does_not_grow(django_assert_num_queries) -> None:
    for n in range(5):
        queue_text(phone="13900000001", template="code", params=CODE | {"code": str(n)}, user=UserFactory())

    with django_assert_num_queries(3):
        inbox.latest()
