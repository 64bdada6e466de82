from pathlib import Path

import pytest
from django.test import Client

from accounts import delivery, message_kinds
from accounts.delivery import Told, deliver, renders
from accounts.message_kinds import load_kinds
from accounts.models import Notification, TextMessage
from tests.accounts.factories import OfficeFactory, OfficerFactory, PersonFactory, UnitFactory, UserFactory
from tests.accounts.filling import decide, register_person, register_unit, submit
from workflow import clock
from workflow.enums import Action
from workflow.models import Duty, OutboxMessage
from workflow.outbox import deliver_pending
from workflow.services.words import erase_words

pytestmark = pytest.mark.django_db


NEWS = """
toy.news:
  name: 新消息
  name_en: News
  samples: {count: "3"}
  title: 新消息
  title_en: News
  body: 共{count}件
  body_en: "{count} in all"
  channels: [station, sms, email]
  preset: [station, sms]
  audience: [person]
"""


def message_to(user, **values) -> OutboxMessage:
    return OutboxMessage.objects.create(kind="toy.news", recipient=user, created_at=clock.now(), **values)


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A kind of message of a service's own."""
    monkeypatch.setattr(delivery, "_renderers", dict(delivery._renderers))
    monkeypatch.setattr(message_kinds, "_kinds", dict(message_kinds._kinds))
    (tmp_path / "messages.yaml").write_text(NEWS, encoding="utf-8")
    load_kinds(tmp_path / "messages.yaml")
    renders("toy.news")(lambda message: Told("toy.news", {"count": str(message.context.get("count", 0))}))


def test_approval_reaches_the_applicant_on_the_site_and_by_sms(client):
    case = submit(client, register_unit(client))
    decide(case, OfficerFactory(office=case.supervisor))

    deliver_pending()

    station = Notification.objects.get(recipient=case.applicant)
    text = TextMessage.objects.get(user=case.applicant)
    assert station.title == "单位注册：审核通过"
    assert case.number in station.body
    assert (text.template, text.state, text.tries) == ("case.approve", "delivered", 1)
    assert (text.phone_masked, text.phone) == ("139****0001", case.applicant.phone)


def test_return_tells_the_opinion(client):
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))
    decide(case, Duty.objects.get(organisation=unit).user, Action.SEND_BACK, opinion="毕业证不清晰。")

    deliver_pending()

    body = Notification.objects.station().of(case.applicant_id).get().body
    assert "退回修改，意见：毕业证不清晰。" in body
    assert "。。" not in body


def test_second_delivery_of_the_same_row_delivers_nothing(news):
    message = message_to(UserFactory(phone="13900000001"))

    deliver(message)
    deliver(message)

    assert Notification.objects.filter(source=message).count() == 1
    assert TextMessage.objects.filter(source=message).count() == 1


def test_message_to_an_office_reaches_everybody_on_duty(news):
    office = OfficeFactory(kind="city_fin")
    officers = [OfficerFactory(office=office) for _officer in range(2)]
    OfficerFactory(office=office, is_active=False)
    former = OfficerFactory(office=office, office__ends_on=clock.today().replace(year=2021))

    deliver(
        OutboxMessage.objects.create(kind="toy.news", organisation=office, context={"count": 3}, created_at=clock.now())
    )

    told = Notification.objects.station()
    assert {row.recipient for row in told} == set(officers)
    assert former not in {row.recipient for row in told}
    assert told[0].body == "共3件"


def test_without_a_gateway_only_the_site_tells(news, settings):
    settings.SMS_GATEWAY = ""

    deliver(message_to(UserFactory(phone="13900000001")))

    assert Notification.objects.count() == 1
    assert not TextMessage.objects.exists()


def test_kind_that_nobody_words_stays_in_the_outbox():
    message = OutboxMessage.objects.create(kind="toy.unknown", recipient=UserFactory(), created_at=clock.now())

    assert deliver_pending() == 0

    message.refresh_from_db()
    assert "toy.unknown" in message.error


def test_messages_page_lists_own_messages_and_marks_them_read(client, news):
    user = PersonFactory().users.get()
    deliver(message_to(user, context={"count": 5}))
    deliver(message_to(UserFactory(), context={"count": 6}))
    client.force_login(user)

    page = client.get("/messages/").text
    client.post("/messages/read/")

    assert "共5件" in page
    assert "共6件" not in page
    assert Notification.objects.of(user.pk).station().unread().count() == 0
    assert "未读" not in client.get("/messages/").text


def test_messages_of_many_come_in_pages(client, news):
    user = PersonFactory().users.get()
    for count in range(25):
        deliver(message_to(user, context={"count": count}))
    client.force_login(user)

    first = client.get("/messages/")
    second = client.get(first.context["pager"]["next"])

    assert [len(page.context["lines"]) for page in (first, second)] == [20, 5]
    assert second.context["pager"]["next"] == ""


@pytest.mark.parametrize("rows", [1, 3])
def test_messages_page_asks_the_same_number_of_questions(client, news, rows, django_assert_num_queries):
    user = PersonFactory().users.get()
    for _row in range(rows):
        deliver(message_to(user))
    client.force_login(user)
    client.get("/messages/")

    with django_assert_num_queries(4):
        client.get("/messages/")


def test_unread_number_stands_in_the_header(client: Client, news):
    user = PersonFactory().users.get()
    deliver(message_to(user))
    client.force_login(user)

    assert client.get("/account/").context["unread"] == 1


def test_erased_opinion_is_erased_from_what_was_delivered(client):
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))
    decide(case, Duty.objects.get(organisation=unit).user, Action.SEND_BACK, opinion="毕业证不清晰")
    deliver_pending()

    erase_words(case.events.get(action=Action.SEND_BACK), by=UserFactory(is_staff=True), reason="本人申请")

    assert "意见：（已删除）。" in Notification.objects.get(body__contains="退回修改").body
    assert not Notification.objects.filter(body__contains="毕业证").exists()


def test_erased_opinion_is_erased_from_text_messages_that_wait(client, settings):
    settings.SMS_GATEWAY = "accounts.sms.DemoGateway"
    unit = UnitFactory()
    case = submit(client, register_person(client, unit))
    decide(case, Duty.objects.get(organisation=unit).user, Action.SEND_BACK, opinion="毕业证不清晰")
    for message in OutboxMessage.objects.all():
        deliver(message)

    erase_words(case.events.get(action=Action.SEND_BACK), by=UserFactory(is_staff=True), reason="本人申请")

    assert TextMessage.objects.get(template="case.send_back").params["opinion"] == "（已删除）"
