"""我的信息: so many rows on a page and the rest in the export, nothing cached, everything in its order."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.enums import AccountDeed, SignInOutcome, SignInWay
from accounts.looks import looks_at
from accounts.models import AccountEvent, Notification, SensitiveView, SignIn, User
from accounts.services.account_log import note_deed
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory
from tests.subsidies.factories import make_submitted_application
from workflow import clock

pytestmark = pytest.mark.django_db

OLDER = "更早的记录请见导出文件。"


@pytest.fixture
def owner() -> User:
    return PersonFactory(unit=UnitFactory()).users.get()


@pytest.fixture
def visitor(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def sign_ins(owner: User, count: int) -> None:
    facts = {"way": SignInWay.PASSWORD, "outcome": SignInOutcome.ENTERED, "address": "203.0.113.77"}
    SignIn.objects.bulk_create(
        SignIn(user=owner, agent=f"Browser/{n}", at=clock.now(), entry="person", **facts) for n in range(count)
    )


@pytest.mark.parametrize(("held", "has_more"), [(50, False), (51, True)])
def test_page_shows_fifty_rows_and_says_where_the_others_are(
    visitor: Client, owner: User, held: int, has_more: bool
) -> None:
    Notification.objects.bulk_create(
        Notification(recipient=owner, title=f"消息{n:03}号", body="内容", created_at=clock.now()) for n in range(held)
    )

    page = visitor.get("/my-data/held/messages/").text

    assert sum(f"消息{n:03}号" in page for n in range(held)) == 50
    assert f"消息{held - 1:03}号" in page
    assert (OLDER in page) == has_more


@pytest.mark.parametrize(("held", "has_more"), [(50, False), (51, True)])
def test_page_of_looks_shows_fifty_and_says_where_the_others_are(
    visitor: Client, owner: User, held: int, has_more: bool
) -> None:
    for n in range(held):
        note_deed(owner, AccountDeed.LOOKED, reason=f"原因{n:03}")

    page = visitor.get("/my-data/looks/").text

    assert sum(f"原因{n:03}" in page for n in range(held)) == 50
    assert (OLDER in page) == has_more


def test_looks_of_all_kinds_stand_in_one_order_and_the_own_ones_are_left_out(owner: User) -> None:
    case = make_submitted_application(person=owner.person).case
    now = clock.now()
    officer = OfficerFactory()
    deeds = {"at": now, "user": owner, "deed": AccountDeed.LOOKED}
    AccountEvent.objects.create(**deeds | {"at": now - timedelta(hours=1)}, by=officer, reason="第二")
    AccountEvent.objects.create(**deeds | {"at": now - timedelta(hours=3)}, by=officer, reason="第四")
    AccountEvent.objects.create(**deeds, by=owner, reason="本人")
    for hours, viewer, reason in ((0, officer, "第一"), (2, officer, "第三"), (1, owner, "本人")):
        SensitiveView.objects.create(
            viewer=viewer, case=case, field="number", reason=reason, at=now - timedelta(hours=hours)
        )

    assert [line.reason for line in looks_at(owner)] == ["第一", "第二", "第三", "第四"]


@pytest.mark.parametrize("address", ["/my-data/held/identity/", "/my-data/held/sign_ins/"])
def test_facts_about_a_person_are_kept_by_no_browser(visitor: Client, address: str) -> None:
    for answer in (visitor.get(address), visitor.post(address, {"full": "1"})):
        assert "no-store" in answer.headers["Cache-Control"]


def test_network_addresses_are_masked_until_asked_for(visitor: Client, owner: User) -> None:
    sign_ins(owner, 1)

    assert "203.0.113.77" not in visitor.get("/my-data/held/sign_ins/").text
    assert "203.0.113.77" in visitor.post("/my-data/held/sign_ins/", {"full": "1"}).text


def test_corrections_are_offered_for_what_an_office_has_looked_at_alone(visitor: Client) -> None:
    offered = [key for key, _label in visitor.get("/my-data/correction/").context["form"].fields["subject"].choices]

    assert {"identity", "cases"} <= set(offered)
    assert not {"account", "messages", "sign_ins", "consents", "counter"} & set(offered)


def test_deletion_is_asked_for_only_by_whoever_has_read_what_follows(visitor: Client, owner: User) -> None:
    page = visitor.get("/my-data/deletion/")
    form = {"wish": "不再使用", "token": "7b0c5f6e-2f5a-4a3f-9b8e-0a4f7ad1c001"}

    refused = visitor.post("/my-data/deletion/", form)

    assert "登录日志" in page.text
    assert list(refused.context["form"].errors) == ["understood"]
    assert not owner.data_requests.exists()
    assert visitor.post("/my-data/deletion/", form | {"understood": "on"}).status_code == 302
    assert owner.data_requests.get().kind == "deletion"
