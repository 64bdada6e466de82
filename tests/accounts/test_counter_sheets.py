"""账号告知单: printed once, its password good for some days and changed at once; the end of a validity."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.enums import CounterSubject, SignInWay
from accounts.models import CounterEvent, CounterSheet, OldPassword, SignIn, User
from accounts.services.admission import why_shut
from accounts.services.counter_sheets import SheetSpent, print_sheet
from tests.accounts.counters import Counter, make_counter, opened
from tests.accounts.factories import PASSWORD, PersonFactory
from tests.accounts.signing import sign_in
from workflow import clock
from workflow.pdfs import extract_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def password_on(paper: bytes) -> str:
    lines = [line.strip() for line in extract_text(paper).replace("\r", "\n").splitlines()]
    found = next(line for line in lines if "初始密码" in line and "-" in line and "至" not in line)
    return found.removeprefix("初始密码").strip()


def paper_of(counter: Counter, user: User) -> bytes:
    return print_sheet(CounterSheet.objects.of_counter(counter.organisation).get(user=user), counter.actor)


def test_notice_carries_what_opens_the_account_and_what_was_granted(counter: Counter) -> None:
    opening = opened(counter)

    paper = paper_of(counter, opening.user)

    user = User.objects.get(pk=opening.user_id)
    text = extract_text(paper)
    assert user.check_password(password_on(paper))
    assert user.must_change_password
    assert all(words in text for words in (user.username, opening.name, "大学生租房补助", "账号告知单"))


def test_password_is_kept_nowhere_in_plain(counter: Counter) -> None:
    opening = opened(counter)

    password = password_on(paper_of(counter, opening.user))

    rows = [str(value) for row in CounterSheet.objects.values_list() for value in row]
    rows += [str(value) for row in CounterEvent.objects.values_list() for value in row]
    rows += list(OldPassword.objects.values_list("password", flat=True))
    assert not any(password in row for row in rows)


@pytest.mark.parametrize("used", ["last_login", "password_changed_at"])
def test_first_notice_of_an_account_that_is_used_already_is_not_printed_by_one_officer_alone(
    counter: Counter, used: str
) -> None:
    opening = opened(counter)
    User.objects.filter(pk=opening.user_id).update(**{used: clock.machine_now()})

    with pytest.raises(SheetSpent, match="密码重置"):
        paper_of(counter, opening.user)

    assert not User.objects.get(pk=opening.user_id).has_usable_password()
    assert CounterSheet.objects.get(user=opening.user_id).printed_at is None


def test_second_printing_is_refused_logged_and_leads_to_a_reset(counter: Counter) -> None:
    opening, client = opened(counter), counter.client()
    address = f"/counter/sheets/{opening.sheet.token}/"

    first, second = client.post(address), client.post(address)

    assert (first.status_code, first["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in first["Cache-Control"]
    assert second.status_code == 409
    assert "/counter/resets/new/" in second.content.decode()
    assert User.objects.get(pk=opening.user_id).check_password(password_on(first.content))
    deeds = CounterEvent.objects.of_opening(opening).values_list("deed", flat=True)
    assert list(deeds) == ["opened", "printed", "refused"]


def test_notice_is_not_printed_by_a_link(counter: Counter) -> None:
    opening = opened(counter)

    assert counter.client().get(f"/counter/sheets/{opening.sheet.token}/").status_code == 405


def test_notice_that_could_not_be_made_may_be_asked_for_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = opened(counter)

    def jam(html: str) -> bytes:
        raise RuntimeError("paper jam")

    with monkeypatch.context() as patch:
        patch.setattr("accounts.services.counter_sheets.html_to_pdf", jam)
        with pytest.raises(RuntimeError):
            paper_of(counter, opening.user)

    assert not User.objects.get(pk=opening.user_id).has_usable_password()
    assert password_on(paper_of(counter, opening.user))


def test_notice_waits_some_days_to_be_printed_and_no_longer(counter: Counter) -> None:
    opening = opened(counter)

    with time_machine.travel(clock.machine_now() + timedelta(days=7, minutes=1)), pytest.raises(SheetSpent):
        paper_of(counter, opening.user)

    assert not User.objects.get(pk=opening.user_id).has_usable_password()


def test_first_sign_in_asks_for_a_password_and_nothing_else_is_open(counter: Counter) -> None:
    opening, client = opened(counter, 2, subject=CounterSubject.PERSON), Client()
    password = password_on(paper_of(counter, opening.user))

    entered = sign_in(client, opening.user, password=password)

    assert entered["Location"] == "/account/password/"
    assert client.get("/home/")["Location"] == "/account/password/"
    change = {"current": password, "password": PASSWORD, "password_again": PASSWORD}
    client.post("/account/password/", change)
    assert User.objects.get(pk=opening.user_id).check_password(PASSWORD)
    assert client.get("/account/").status_code in (200, 302)


def test_password_of_a_notice_dies_after_its_days(counter: Counter, settings: Any) -> None:
    settings.COUNTER_NOTICE_DAYS = 3
    opening, client = opened(counter, 3, subject=CounterSubject.PERSON), Client()
    password = password_on(paper_of(counter, opening.user))
    user = User.objects.get(pk=opening.user_id)

    with time_machine.travel(clock.machine_now() + timedelta(days=2, hours=23)):
        assert why_shut(user, way=SignInWay.PASSWORD) == ""
    with time_machine.travel(clock.machine_now() + timedelta(days=3, minutes=1)):
        answer = sign_in(client, user, password=password)
        by_code = why_shut(user, way=SignInWay.CODE)

    assert "初始密码已于" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert SignIn.objects.latest("pk").outcome == "inactive"
    assert by_code == ""


def test_own_password_does_not_die_with_the_notice(counter: Counter) -> None:
    opening = opened(counter, 4, subject=CounterSubject.PERSON)
    paper_of(counter, opening.user)
    User.objects.filter(pk=opening.user_id).update(must_change_password=False)

    with time_machine.travel(clock.machine_now() + timedelta(days=30)):
        assert why_shut(User.objects.get(pk=opening.user_id), way=SignInWay.PASSWORD) == ""


def test_wrong_password_is_not_told_of_the_end(counter: Counter) -> None:
    user = PersonFactory().users.get()
    User.objects.filter(pk=user.pk).update(valid_until=clock.today() - timedelta(days=1))

    answer = sign_in(Client(), user, password="Wrong-2026")

    assert "有效期" not in answer.content.decode()


def test_account_is_shut_after_its_last_day_with_the_reason(counter: Counter) -> None:
    user, client = PersonFactory().users.get(), Client()
    User.objects.filter(pk=user.pk).update(valid_until=clock.today())

    entered = sign_in(client, user)
    User.objects.filter(pk=user.pk).update(valid_until=clock.today() - timedelta(days=1))
    page = client.get("/account/", follow=True)
    again = sign_in(Client(), user)

    assert entered.status_code == 302
    assert "_auth_user_id" not in client.session
    assert "请到受理点办理延期" in page.content.decode()
    assert "请到受理点办理延期" in again.content.decode()
