"""The registers of a counter, its papers as PDF, and what 【忘记密码】 says of both ways."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import CounterOpening, TextMessage
from tests.accounts.counters import (
    OPEN,
    Counter,
    asked,
    confirmed,
    make_counter,
    opened,
    person_opening,
    unit_opening,
)
from tests.accounts.factories import OfficerFactory, PersonFactory
from workflow import clock
from workflow.pdfs import count_pages, extract_text

pytestmark = pytest.mark.django_db

REGISTER, RESETS, FIND = "/counter/openings/", "/counter/resets/", "/counter/resets/new/"


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def names(response: Any) -> list[str]:
    return [row.name for row in response.context["page"].rows]


def searched(client: Client, address: str, **conditions: str) -> Any:
    return client.post(address, conditions, follow=True)


def test_register_has_the_own_openings_newest_first(counter: Counter) -> None:
    opened(counter, 1)
    opened(counter, 2)
    elsewhere = make_counter("130903")

    assert names(counter.client(counter.second).get(REGISTER)) == ["沧州窗口2有限公司", "沧州窗口1有限公司"]
    assert names(elsewhere.client().get(REGISTER)) == []


def test_register_is_searched_by_name_kind_user_and_day(counter: Counter) -> None:
    opened(counter, 1)
    opened(counter, 12, username="twelve")
    client, today = counter.client(), clock.today()

    assert names(searched(client, REGISTER, name="窗口12")) == ["沧州窗口12有限公司"]
    assert names(searched(client, REGISTER, username="TWELVE")) == ["沧州窗口12有限公司"]
    assert names(searched(client, REGISTER, subject="person")) == []
    assert len(names(searched(client, REGISTER, since=today.isoformat(), until=today.isoformat()))) == 2
    assert names(searched(client, REGISTER, since=(today + timedelta(days=1)).isoformat())) == []
    assert "没有符合条件的记录" in searched(client, REGISTER, name="无此单位").content.decode()


def test_wrong_day_of_a_filter_is_told_and_not_searched_for(counter: Counter) -> None:
    page = searched(counter.client(), REGISTER, since="gestern")

    assert page.status_code == 200
    assert page.context["page"].filter.form.errors["since"]


def test_long_register_goes_on_by_keyset_pages(counter: Counter) -> None:
    first = opened(counter, 1)
    rows = [opened(counter, n) for n in range(2, 4)]
    copies = [{"token": uuid.uuid4(), "name": f"第{n}户", "user": PersonFactory().users.get()} for n in range(49)]
    CounterOpening.objects.bulk_create(
        CounterOpening(
            counter=first.counter, officer=first.officer, subject="person", agent="无", number="x", phone="x",
            phone_proved=False, at=clock.now(), **copy,
        )
        for copy in copies
    )  # fmt: skip
    for opening in CounterOpening.objects.filter(sheet=None):
        opening.user.sheets.create(counter=first.counter, opening=opening, print_until=clock.machine_now())

    client = counter.client()
    page = client.get(REGISTER)
    rest = client.get(REGISTER + page.context["page"].pager.next)

    assert len(names(page)) == 50
    assert names(rest) == [rows[0].name, first.name]
    assert client.get(REGISTER + rest.context["page"].pager.previous).context["page"].rows == page.context["page"].rows


def test_register_of_resets_is_searched_by_state(counter: Counter) -> None:
    waiting, done = PersonFactory(), PersonFactory()
    asked(counter, waiting.users.get(), waiting.number)
    confirmed(counter, done.users.get(), done.number)
    client = counter.client()

    page = client.get(RESETS)
    states = {state: searched(client, RESETS, state=state).context["page"].rows for state in ("waiting", "confirmed")}

    assert "有 1 件密码重置待复核" in page.content.decode()
    assert [row.username for row in states["waiting"]] == [waiting.users.get().username]
    assert [row.second for row in states["confirmed"]] == [str(counter.second)]


def test_numbers_are_masked_on_every_page(counter: Counter) -> None:
    opening, person = opened(counter), PersonFactory()
    reset = asked(counter, person.users.get(), person.number)
    client = counter.client()

    pages = [
        client.get(address).content.decode()
        for address in (REGISTER, f"{REGISTER}{opening.token}/", RESETS, f"{RESETS}{reset.token}/")
    ]

    secrets = (opening.number, opening.phone, person.number, person.phone)
    assert not any(secret in page for secret in secrets for page in pages)
    assert opening.number[-4:] in pages[1]


def test_counters_pages_are_shut_to_other_offices(counter: Counter) -> None:
    client = Client()
    client.force_login(OfficerFactory(office="county_hr"))

    assert {client.get(address).status_code for address in (OPEN, REGISTER, RESETS, FIND)} == {403}


def printed(client: Client, address: str, form: dict[str, Any]) -> str:
    answer = client.post(address, form)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert count_pages(answer.content) <= 2
    return extract_text(answer.content)


def test_agreement_is_printed_with_what_was_typed(counter: Counter) -> None:
    form = unit_opening(1, scan="", valid_until="2030-01-31")

    text = printed(counter.client(), "/counter/openings/agreement/?subject=enterprise", form)

    wanted = ("沧州市人力资源和社会保障网上业务办理协议", form["unit_name"], form["uscc"], form["number"], "2030-01-31")
    assert all(words in text for words in wanted)
    assert "大学生租房补助" in text
    assert "杭州" not in text


def test_agreement_is_printed_before_anything_is_typed_and_as_application_for_individuals(counter: Counter) -> None:
    client = counter.client()

    blank = printed(client, "/counter/openings/agreement/?subject=government", {})
    person = printed(client, "/counter/openings/agreement/?subject=person", person_opening(1))

    assert "单位（盖章）" in blank
    assert "沧州市人力资源和社会保障个人网上办事申请单" in person


def test_typed_text_is_no_markup_on_paper(counter: Counter) -> None:
    form = unit_opening(1, scan="", unit_name="<b>粗体</b><img src='file:///etc/passwd'>")

    text = printed(counter.client(), "/counter/openings/agreement/?subject=enterprise", form)

    assert "<b>粗体</b>" in text


@pytest.mark.parametrize(
    ("kind", "title"), [("person", "个人网上办事密码重置申请单"), ("unit", "单位网上办事密码重置申请单")]
)
def test_form_of_a_reset_is_printed_prefilled(counter: Counter, kind: str, title: str) -> None:
    client, person, opening = counter.client(), PersonFactory(), opened(counter)
    text = person.number if kind == "person" else opening.uscc
    (account,) = client.post(FIND, {"account": text}).context["accounts"]

    paper = printed(client, f"{FIND}{account['ref']}/form/", {"number": "130902199003070015", "agent": "来人"})

    assert f"沧州市人力资源和社会保障{title}" in paper
    assert account["username"] in paper
    assert account["holder"] in paper
    assert "130902199003070015" in paper


def test_forgotten_password_names_both_ways(client: Client, counter: Counter) -> None:
    page = client.get("/sign-in/forgotten/").content.decode()

    assert "发送验证码" in page
    assert "《沧州市人力资源和社会保障单位网上办事密码重置申请单》" in page
    assert "《沧州市人力资源和社会保障个人网上办事密码重置申请单》" in page
    assert "组织机构统一代号证书（现为统一社会信用代码证照）" in page
    assert counter.organisation.name in page


def test_way_by_text_message_can_be_switched_off(client: Client, counter: Counter, settings: Any) -> None:
    settings.RESET_BY_SMS = False
    person = PersonFactory()
    user = person.users.get()
    form = {"kind": "person", "account": user.username, "name": person.name, "phone": person.phone, "send_code": "code"}

    pages = [client.get("/sign-in/forgotten/"), client.post("/sign-in/forgotten/", form)]

    assert [page.status_code for page in pages] == [200, 200]
    assert not any("发送验证码" in page.content.decode() for page in pages)
    assert not TextMessage.objects.filter(user=user).exists()
    assert counter.organisation.name in pages[0].content.decode()
