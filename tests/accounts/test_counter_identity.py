"""密码重置受理 of whoever is not registered for the account, and the second officer who is told."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.enums import CounterSubject
from accounts.models import CounterReset, Person, User
from accounts.services import counter_sheets
from accounts.services.consents import give_consents, texts_due
from accounts.services.counter_log import CounterRefused
from accounts.services.counter_resets import confirm_reset
from accounts.services.counter_sheets import print_sheet
from accounts.wording import with_hotline
from tests.accounts.counters import (
    PAPERS,
    RENT,
    Counter,
    asked,
    facts,
    make_counter,
    opened,
    post_opening,
    scan,
    unit_opening,
)
from tests.accounts.factories import PersonFactory, id_number
from tests.accounts.test_counter_resets import form_address

pytestmark = pytest.mark.django_db
UNIT = {"subject": CounterSubject.ENTERPRISE}


@pytest.fixture
def counter() -> Counter:
    return make_counter()


@pytest.fixture
def user(counter: Counter) -> User:
    return opened(counter).user


def request_of(counter: Counter, user: User, **changes: Any) -> Any:
    client = counter.client()
    form = {
        "token": str(uuid.uuid4()),
        "papers": list(PAPERS),
        "agent": str(user),
        "document_kind": "01",
        "number": facts().number,
        "ground": "",
        "scan": scan("申请单.pdf"),
    }
    return client.post(form_address(client, user.username), form | changes)


def second_page(counter: Counter) -> str:
    reset = CounterReset.objects.get()
    return counter.client(counter.second).get(f"/counter/resets/{reset.token}/").content.decode()


def test_agent_who_is_registered_needs_no_ground(counter: Counter, user: User) -> None:
    answer = request_of(counter, user)

    page = second_page(counter)
    assert answer.status_code == 302
    assert page.count("与登记一致") == 2
    assert "与登记不一致" not in page


@pytest.mark.parametrize("changes", [{"number": id_number(77, "19700101")}, {"agent": "别的人"}])
def test_somebody_else_is_not_accepted_without_a_ground(counter: Counter, user: User, changes: dict[str, Any]) -> None:
    answer = request_of(counter, user, **changes)

    assert list(answer.context["form"].errors) == ["ground"]
    assert not CounterReset.objects.exists()


def test_second_officer_reads_what_differs_and_why(counter: Counter, user: User) -> None:
    request_of(counter, user, number=id_number(77, "19700101"), agent="新经办", ground="经办人变更，有单位说明")

    page = second_page(counter)
    assert "与登记不一致</" in page
    assert "经办人变更，有单位说明" in page
    assert facts().number[-4:] in page
    assert facts().number not in page
    assert "沧州窗口1有限公司" in page


def test_service_accepts_nobody_else_without_a_ground(counter: Counter, user: User) -> None:
    with pytest.raises(CounterRefused):
        asked(counter, user, id_number(77, "19700101"), **UNIT)

    assert asked(counter, user, id_number(77, "19700101"), ground="经办人变更", **UNIT).ground == "经办人变更"


def test_record_that_changed_meanwhile_is_not_confirmed(counter: Counter, user: User) -> None:
    reset = asked(counter, user, facts().number, **UNIT)
    User.objects.filter(pk=user.pk).update(name="新经办")

    with pytest.raises(CounterRefused):
        confirm_reset(reset, counter.other)


def test_waiting_reset_stands_under_the_to_dos_of_the_other_officer_alone(counter: Counter, user: User) -> None:
    asked(counter, user, facts().number, **UNIT)
    elsewhere = make_counter("130903")

    pages = [
        client.get("/home/").content.decode()
        for client in (counter.client(counter.second), counter.client(), elsewhere.client())
    ]

    assert [page.count("待复核密码重置1条") for page in pages] == [2, 0, 0]


def test_to_dos_cost_the_same_however_many_wait(
    counter: Counter, user: User, django_assert_max_num_queries: Any
) -> None:
    client = counter.client(counter.second)
    client.get("/home/")
    with django_assert_max_num_queries(99) as before:
        client.get("/home/")
    people: list[Person] = [PersonFactory() for _n in range(3)]
    for person in people:
        asked(counter, person.users.get(), person.number)

    with django_assert_max_num_queries(99) as after:
        client.get("/home/")

    assert len(after) == len(before)


def test_limited_account_sees_no_queue_of_what_was_not_granted(counter: Counter) -> None:
    shown = []
    for n, items in ((2, ("person_registration", RENT)), (3, ("person_registration",))):
        user = opened(counter, n, items=items).user
        User.objects.filter(pk=user.pk).update(must_change_password=False)
        give_consents(user, texts_due(user))
        client = Client()
        client.force_login(user)
        shown.append(f"/queue/{RENT}/" in client.get("/home/").content.decode())

    assert shown == [True, False]


def test_clerk_is_spoken_to_as_a_clerk_and_reads_errors_in_the_order_of_the_page(counter: Counter) -> None:
    opened(counter)

    taken = post_opening(counter.client(), unit_opening(2, number=facts().number))
    empty = counter.client().post("/counter/openings/new/", {"token": str(uuid.uuid4())})

    assert "不能重复开户" in taken.content.decode()
    assert "找回密码" not in str(taken.context["form"].errors)
    page = empty.content.decode()
    assert "请上传：" in page
    order = [page.index(f'href="#id_{name}') for name in ("papers", "unit_name", "agent", "phone", "items", "scan")]
    assert order == sorted(order)
    assert page.index("/counter/openings/agreement/") < page.index('id="id_scan"')


def test_first_sign_in_is_not_told_of_changes(counter: Counter, user: User) -> None:
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    client = Client()
    client.force_login(user)

    page = client.get("/account/agreement/").content.decode()

    assert "使用账号前" in page
    assert "新增或者变更" not in page


def test_notice_says_where_to_sign_in_and_whom_to_call(
    counter: Counter, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[str] = []

    def keep(html: str) -> bytes:
        pages.append(html)
        return b"%PDF"

    monkeypatch.setattr(counter_sheets, "html_to_pdf", keep)
    settings.SITE = settings.SITE | {"host": "rsj.example.gov.cn", "hotline": "0317-1234567"}

    print_sheet(opened(counter).sheet, counter.actor)

    assert all(said in pages[0] for said in ("rsj.example.gov.cn", "单位登录", "0317-1234567"))


def test_messages_carry_the_number_of_the_hotline_where_one_is_configured(settings: Any) -> None:
    settings.SITE = settings.SITE | {"hotline": ""}
    plain = with_hotline("请立即拨打服务热线。")
    settings.SITE = settings.SITE | {"hotline": "12333"}

    assert plain == "请立即拨打服务热线。"
    assert with_hotline("请立即拨打服务热线。") == "请立即拨打服务热线12333。"
    assert with_hotline("call the hotline at once") == "call the hotline 12333 at once"
    assert with_hotline("服务热线：0898-1") == "服务热线：0898-1"
