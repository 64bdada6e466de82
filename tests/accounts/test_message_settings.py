"""How somebody is told: by event and way, in which language, and only at a proved e-mail address."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts import delivery, message_kinds
from accounts.delivery import Told, deliver, renders
from accounts.message_kinds import load_kinds
from accounts.models import MailMessage, MessageSettings, MessageTemplate, Notification, TextMessage, User
from accounts.services.mail_sending import send_mails
from tests.accounts.factories import PersonFactory, UserFactory
from workflow import clock
from workflow.models import OutboxMessage

pytestmark = pytest.mark.django_db

PAGE = "/messages/settings/"
MONEY = "subsidies.paid_again"


@pytest.fixture
def user(client: Client) -> User:
    found = PersonFactory().users.get()
    User.objects.filter(pk=found.pk).update(phone="13900000001", email="li@example.com")
    client.force_login(found)
    found.refresh_from_db()
    return found


def tell(user: User, kind: str = MONEY) -> OutboxMessage:
    message = OutboxMessage.objects.create(kind=kind, recipient=user, context={"last4": "5678"}, created_at=clock.now())
    deliver(message)
    return message


def reached(user: User) -> tuple[int, int, int]:
    """Station messages, text messages, e-mails but the one with the link."""
    mails = MailMessage.objects.filter(user=user).exclude(template="email_confirm")
    return (
        Notification.objects.filter(recipient=user).count(),
        TextMessage.objects.filter(user=user).count(),
        mails.count(),
    )


def prove(user: User) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=True)


def test_preset_of_the_administrator_holds_until_somebody_chooses(user) -> None:
    MessageTemplate.objects.filter(key=MONEY, channel="sms").update(preset=False)

    tell(user)

    assert reached(user) == (1, 0, 0)


def test_choice_goes_before_the_preset(client, user) -> None:
    prove(user)
    client.post(PAGE, {"language": "zh-hans", "wanted": [f"{MONEY}:email"]})

    tell(user)

    # The station message of money cannot be switched off.
    assert reached(user) == (1, 0, 1)


def test_channel_that_is_out_of_use_reaches_nobody(client, user) -> None:
    client.post(PAGE, {"language": "zh-hans", "wanted": [f"{MONEY}:sms"]})
    MessageTemplate.objects.filter(key=MONEY, channel="sms").update(active=False)

    tell(user)

    assert reached(user) == (1, 0, 0)
    assert f"{MONEY}:sms" not in client.get(PAGE).text


def test_compulsory_station_message_is_sent_even_if_its_row_is_switched_off(user) -> None:
    MessageTemplate.objects.filter(key=MONEY, channel="station").update(active=False)

    tell(user)

    assert reached(user)[0] == 1


def test_page_shows_what_was_chosen_and_goes_back_to_the_usual(client, user) -> None:
    client.post(PAGE, {"language": "en", "wanted": ["case.submit:sms"]})

    boxes = {box.value: box.is_checked for offer in client.get(PAGE).context["offers"] for box in offer.boxes if box}
    assert (boxes["case.submit:sms"], boxes["case.submit:station"], boxes["case.reject:station"]) == (True, False, True)
    client.post(PAGE, {"preset": "1"})
    assert MessageSettings.objects.get(user=user).choices == {}
    assert MessageSettings.objects.get(user=user).language == "en"


@pytest.mark.parametrize("value", ["code:sms", "subsidies.city_confirmed:sms", "case.submit:fax", "nothing"])
def test_what_is_not_offered_is_refused(client, user, value) -> None:
    answer = client.post(PAGE, {"language": "zh-hans", "wanted": [value]})

    assert answer.status_code == 200
    assert not MessageSettings.objects.exists()


def test_texts_come_in_the_language_of_the_reader(client, user) -> None:
    client.post(PAGE, {"language": "en", "wanted": [f"{MONEY}:sms"]})

    tell(user)

    assert Notification.objects.get(recipient=user).title == "Rent subsidy: paid again"
    assert TextMessage.objects.get(user=user).language == "en"


def test_words_of_the_administrator_are_delivered(user) -> None:
    MessageTemplate.objects.filter(key=MONEY, channel="station").update(title="已付", body="尾号{last4}已付。{last4}")

    tell(user)

    note = Notification.objects.get(recipient=user)
    assert (note.title, note.body) == ("已付", "尾号5678已付。5678")


def test_fact_that_looks_like_a_placeholder_or_mark_up_stays_text(client, user, monkeypatch) -> None:
    monkeypatch.setattr(delivery, "_renderers", dict(delivery._renderers))
    renders(MONEY)(lambda message: Told(MONEY, {"number": "{last4}<b>x</b>", "last4": "5678"}))

    tell(user)

    assert "您的办件 {last4}&lt;b&gt;x&lt;/b&gt; 的补助" in client.get("/messages/").text


def test_nothing_is_mailed_to_an_address_that_nobody_proved(client, user) -> None:
    client.post(PAGE, {"language": "zh-hans", "wanted": [f"{MONEY}:email"]})

    tell(user)

    assert reached(user) == (1, 0, 0)


def ask(client: Client) -> str:
    """The path of the link that was mailed."""
    mail.outbox.clear()
    client.post("/account/email/")
    send_mails()
    (letter,) = mail.outbox
    (line,) = [line for line in letter.body.splitlines() if "/email/" in line]
    return line.removeprefix("http://testserver")


def test_address_is_proved_by_its_link_and_then_gets_messages(client, user) -> None:
    client.post(PAGE, {"language": "zh-hans", "wanted": [f"{MONEY}:email"]})
    link = ask(client)
    assert mail.outbox[0].to == ["li@example.com"]
    # A scanner of the mailbox only opens it.
    assert Client().get(link).status_code == 200
    tell(user)
    assert reached(user)[2] == 0

    assert Client().post(link).status_code == 200

    tell(user)
    send_mails()
    assert reached(user)[2] == 1
    assert mail.outbox[-1].subject == "大学生租房补助：已再次拨付"
    assert "已确认" in client.get(PAGE).text


@pytest.mark.parametrize("wait", [timedelta(days=3, minutes=1)])
def test_link_expires(client, user, wait) -> None:
    link = ask(client)

    with time_machine.travel(clock.machine_now() + wait):
        assert Client().post(link).status_code == 410

    assert not EmailAddress.objects.filter(verified=True).exists()


def test_link_of_an_address_that_was_changed_is_no_longer_good(client, user) -> None:
    link = ask(client)
    User.objects.filter(pk=user.pk).update(email="other@example.com")

    assert Client().post(link).status_code == 410


def test_forged_link_is_refused(client, user) -> None:
    link = ask(client)

    assert Client().post(link.rstrip("/")[:-2] + "xx/").status_code == 410


def test_used_link_is_refused(client, user) -> None:
    link = ask(client)
    Client().post(link)

    assert Client().post(link).status_code == 410


def test_address_that_another_account_proved_is_refused(client, user) -> None:
    EmailAddress.objects.create(user=UserFactory(), email="li@example.com", verified=True)
    link = ask(client)

    answer = Client().post(link)

    assert (answer.status_code, "该邮箱已被其他账号确认" in answer.text) == (410, True)


def test_links_are_not_asked_for_without_measure(client, user) -> None:
    for _press in range(3):
        client.post("/account/email/")
    assert MailMessage.objects.count() == 1

    for minutes in range(2, 14, 2):
        with time_machine.travel(clock.machine_now() + timedelta(minutes=minutes)):
            client.force_login(user)
            client.post("/account/email/")

    assert MailMessage.objects.count() == 5


def test_mail_server_that_is_out_keeps_the_mail(client, user, settings) -> None:
    client.post("/account/email/")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    send_mails()

    kept = MailMessage.objects.get()
    assert (kept.state, kept.tries, kept.answer) == ("queued", 1, "ConnectionRefusedError")


def test_where_no_mail_is_sent_none_is_offered(client, user, settings) -> None:
    settings.MAIL_ENABLED = False
    prove(user)

    tell(user)

    assert "email" not in client.get(PAGE).text
    assert MailMessage.objects.count() == 0


def test_second_delivery_mails_nothing_more(client, user) -> None:
    prove(user)
    client.post(PAGE, {"language": "zh-hans", "wanted": [f"{MONEY}:email", f"{MONEY}:sms"]})
    message = tell(user)

    deliver(message)

    assert reached(user) == (1, 1, 1)


def test_fact_with_a_line_break_forges_no_header(user, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(message_kinds, "_kinds", dict(message_kinds._kinds))
    monkeypatch.setattr(delivery, "_renderers", dict(delivery._renderers))
    kind = 'toy.news: {name: x, name_en: x, samples: {a: x}, title: "{a}", title_en: x, body: x, body_en: x, '
    (tmp_path / "kinds.yaml").write_text(kind + "channels: [email], preset: [email], audience: [person]}")
    load_kinds(tmp_path / "kinds.yaml")
    renders("toy.news")(lambda message: Told("toy.news", {"a": "x\r\nBcc: all@example.com"}))
    prove(user)

    tell(user, "toy.news")
    send_mails()

    assert mail.outbox[-1].subject == "x Bcc: all@example.com"
    assert mail.outbox[-1].recipients() == ["li@example.com"]
