import pytest
from django.test import Client

from accounts.enums import SendState
from accounts.models import MailMessage, MessagePolicy, MessageTemplate, TextMessage
from accounts.services.mails import queue_mail
from accounts.services.texts import queue_text
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

PARAMS = {"code": "482913", "minutes": "5", "purpose": "登录"}


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory(administrator=True))
    return client


def form_of(template: MessageTemplate, **changes: str) -> dict[str, str]:
    words = {name: getattr(template, name) for name in ("title", "body", "title_en", "body_en")}
    return words | {"active": "on", "preset": "on", "provider_code": "", "signature": ""} | changes


def address_of(template: MessageTemplate) -> str:
    return f"/admin/accounts/messagetemplate/{template.pk}/change/"


def test_every_list_and_form_opens_and_shows_no_number(admin: Client) -> None:
    text = queue_text(phone="13900000001", template="code", params=PARAMS)
    mail = queue_mail(address="lixiaoyu@example.com", template="email_confirm", params={})
    template = MessageTemplate.objects.get(key="code", channel="sms")
    urls = [f"/admin/accounts/{model}/" for model in ("messagetemplate", "messagepolicy", "textmessage", "mailmessage")]
    urls += [
        f"/admin/accounts/textmessage/{text.pk}/change/",
        f"/admin/accounts/mailmessage/{mail.pk}/change/",
        f"/admin/accounts/messagepolicy/{MessagePolicy.objects.get().pk}/change/",
        address_of(template),
    ]

    pages = {url: admin.get(url) for url in urls}

    assert {url: page.status_code for url, page in pages.items()} == dict.fromkeys(urls, 200)
    secrets = ("13900000001", "lixiaoyu@")
    assert [url for url, page in pages.items() if any(secret in page.text for secret in secrets)] == []
    assert "482913" not in pages[urls[4]].text
    assert "139****0001" in pages[urls[2]].text


def test_template_shows_its_placeholders_and_a_preview(admin: Client) -> None:
    template = MessageTemplate.objects.get(key="case.send_back", channel="station")

    page = admin.get(address_of(template)).text

    assert "<code>{opinion}</code> 租房合同不清晰" in page
    assert "已被新华区人力资源和社会保障局退回修改，意见：租房合同不清晰。" in page


def test_changed_words_are_saved(admin: Client) -> None:
    template = MessageTemplate.objects.get(key="code", channel="sms")

    admin.post(address_of(template), form_of(template, body="您的验证码为{code}", provider_code="SMS_1"))

    template.refresh_from_db()
    assert (template.body, template.provider_code) == ("您的验证码为{code}", "SMS_1")


@pytest.mark.parametrize("text", ["{case.__class__}", "{{code}}", "${code}", "{% debug %}", "{phone}", "{code", "{0}"])
def test_text_with_anything_else_in_braces_is_refused_by_name(admin: Client, text: str) -> None:
    template = MessageTemplate.objects.get(key="code", channel="sms")

    page = admin.post(address_of(template), form_of(template, body=f"验证码{text}"))

    assert page.status_code == 200
    assert page.context["adminform"].form.errors["body"]
    assert MessageTemplate.objects.get(pk=template.pk).body == template.body


def test_unknown_placeholder_is_named_with_those_that_exist(admin: Client) -> None:
    template = MessageTemplate.objects.get(key="code", channel="sms")

    page = admin.post(address_of(template), form_of(template, body="{phone}"))

    (fault,) = page.context["adminform"].form.errors["body"]
    assert "{phone}" in fault
    assert "{code} {minutes} {purpose}" in fault


def test_what_must_reach_people_cannot_be_switched_off(admin: Client) -> None:
    template = MessageTemplate.objects.get(key="case.reject", channel="station")
    form = {name: value for name, value in form_of(template).items() if name != "active"}

    page = admin.post(address_of(template), form)

    assert page.context["adminform"].form.errors["active"]
    assert MessageTemplate.objects.get(pk=template.pk).active


@pytest.mark.parametrize("switch", ["active", "preset"])
def test_codes_have_no_switch(admin: Client, switch: str) -> None:
    template = MessageTemplate.objects.get(key="code", channel="sms")
    form = {name: value for name, value in form_of(template).items() if name != switch}

    page = admin.post(address_of(template), form)

    assert page.context["adminform"].form.errors["active"]


def test_failed_messages_are_sent_again_and_others_are_not(admin: Client) -> None:
    failed, gone, sent = (queue_text(phone="13900000001", template="code", params=PARAMS) for _n in range(3))
    TextMessage.objects.filter(pk=failed.pk).update(state=SendState.FAILED, tries=8, answer="isv.X")
    TextMessage.objects.filter(pk=gone.pk).update(state=SendState.FAILED, params=None)
    TextMessage.objects.filter(pk=sent.pk).update(state=SendState.SENT)

    answer = admin.post(
        "/admin/accounts/textmessage/",
        {"action": "resend", "_selected_action": [failed.pk, gone.pk, sent.pk]},
        follow=True,
    ).text

    assert list(TextMessage.objects.order_by("pk").values_list("state", "tries")) == [
        ("queued", 0),
        ("failed", 0),
        ("sent", 0),
    ]
    assert "已重新排队 1 条消息" in answer


def test_logs_cannot_be_changed(admin: Client) -> None:
    mail = queue_mail(address="a@example.com", template="email_confirm", params={})

    admin.post(f"/admin/accounts/mailmessage/{mail.pk}/change/", {"state": "sent"})

    assert MailMessage.objects.get().state == SendState.QUEUED


def test_rules_name_what_cannot_be(admin: Client) -> None:
    form = {"quiet_from": "21:00", "quiet_until": "", "daily_budget": "10", "reserve": "20"}

    page = admin.post("/admin/accounts/messagepolicy/1/change/", form)

    assert set(page.context["adminform"].form.errors) == {"quiet_until", "reserve"}
