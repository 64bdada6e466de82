"""The record of an account and what counters wrote down: whose words go, what stays, for how long, and who reads it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.enums import AccountDeed, CounterSubject, ResetState, VerificationOutcome
from accounts.models import (
    AccountEvent,
    CounterEvent,
    CounterOpening,
    CounterReset,
    CounterScan,
    CounterSheet,
    DataErasure,
    User,
    Verification,
)
from accounts.own_data import sent_messages
from accounts.services.account_log import note_deed
from accounts.services.data_requests import answer, ask
from accounts.services.mails import queue_mail
from accounts.services.real_name import note_check, raise_level
from accounts.services.texts import queue_text
from tests.accounts.counters import Counter, asked, confirmed, make_counter, opened
from tests.accounts.factories import PersonFactory, UnitFactory, UserFactory
from workflow import clock
from workflow.actors import Actor
from workflow.models import Purge
from workflow.services.retention import purge_expired

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=1097)


@pytest.fixture
def user() -> User:
    return PersonFactory(unit=UnitFactory()).users.get()


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def erase(user: User) -> None:
    request = ask(user, kind="deletion", wish="不再使用", token=uuid.uuid4())
    answer(request, by=UserFactory(administrator=True), granted=True, words="依据第四十七条")


def test_names_in_the_record_go_with_the_account_and_the_deeds_stay(user: User) -> None:
    officer = UserFactory()
    changed = note_deed(
        user, AccountDeed.CHANGED, by=Actor(user=officer), note="姓名：王旧名 → 王新名", reason="王新名来电"
    )
    note_check(user, outcome=VerificationOutcome.FAILED, verifier="counter", reason="与王旧名的证件不符")
    other = note_deed(UserFactory(), AccountDeed.CHANGED, note="姓名：李某 → 李四")

    erase(user)

    kept = AccountEvent.objects.get(pk=changed.pk)
    assert (kept.note, kept.reason) == ("", "")
    assert (kept.deed, kept.by, kept.at) == (AccountDeed.CHANGED, officer, changed.at)
    assert [check.reason for check in Verification.objects.filter(user=user)] == [""]
    assert AccountEvent.objects.get(pk=other.pk).note == "姓名：李某 → 李四"
    erasure = DataErasure.objects.get()
    assert {"what": "账号记录中的文字", "count": 2} in erasure.erased
    assert "他人对账号的操作和实名核验记录" in {line["what"] for line in erasure.kept}


@pytest.mark.parametrize("change", [{"deed": "opened"}, {"note": "别的文字"}, {"note": ""}, {"at": clock.now()}])
def test_of_a_deed_nothing_but_all_its_words_can_go(user: User, change: dict[str, Any]) -> None:
    deed = note_deed(user, AccountDeed.CHANGED, note="姓名：王旧名 → 王新名", reason="来电")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AccountEvent.objects.filter(pk=deed.pk).update(**change)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AccountEvent.objects.filter(pk=deed.pk).delete()


@pytest.mark.parametrize("change", [{"outcome": "passed"}, {"reason": "别的原因"}, {"level": 3}])
def test_of_a_check_nothing_but_its_reason_can_go(user: User, change: dict[str, Any]) -> None:
    note_check(user, outcome=VerificationOutcome.FAILED, verifier="counter", reason="证件不符")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Verification.objects.filter(user=user).update(**change)


def test_deeds_go_after_their_time_but_who_closed_an_account_stays_known(user: User, time_machine: Any) -> None:
    closed = UserFactory(is_active=False)
    for owner in (user, closed):
        note_deed(owner, AccountDeed.CHANGED)
        note_deed(owner, AccountDeed.CLOSED)
    time_machine.move_to(clock.now() + LONG_AGO)
    fresh = note_deed(user, AccountDeed.LINK)

    purge_expired()

    kept = AccountEvent.objects.order_by("pk").values_list("user", "deed")
    assert list(kept) == [(closed.pk, "closed"), (user.pk, fresh.deed)]
    assert Purge.objects.get(rule="account_events").rows == 3


def test_a_check_stays_as_long_as_the_level_that_it_gave(user: User, time_machine: Any) -> None:
    User.objects.filter(pk=user.pk).update(real_name_level=1)
    raise_level([user], level=2, verifier="http")
    note_check(user, outcome=VerificationOutcome.FAILED, verifier="http", reason="")
    time_machine.move_to(clock.now() + LONG_AGO)

    purge_expired()

    assert [check.outcome for check in Verification.objects.filter(user=user)] == ["passed"]
    erase(user)
    time_machine.move_to(clock.now() + timedelta(days=1))
    purge_expired()
    assert not Verification.objects.filter(user=user).exists()


def test_a_reset_goes_with_its_signed_form_after_three_years(
    user: User, counter: Counter, time_machine: Any, django_capture_on_commit_callbacks: Any
) -> None:
    reset = confirmed(counter, user, user.person.number)
    waiting = asked(counter, other := PersonFactory(unit=UnitFactory()).users.get(), other.person.number)
    paper = CounterScan.objects.get(reset=reset).file
    start = clock.now()

    time_machine.move_to(start + timedelta(days=1096))
    with django_capture_on_commit_callbacks(execute=True):
        purge_expired()
    assert CounterReset.objects.filter(pk=reset.pk).exists()
    assert paper.storage.exists(paper.name)
    time_machine.move_to(start + timedelta(days=1098))
    with django_capture_on_commit_callbacks(execute=True):
        purge_expired()

    assert list(CounterReset.objects.all()) == [waiting]
    assert waiting.state == ResetState.WAITING
    assert not CounterSheet.objects.exists()
    assert not CounterEvent.objects.exists()
    assert list(CounterScan.objects.values_list("reset", flat=True)) == [waiting.pk]
    assert not paper.storage.exists(paper.name)


def test_an_opening_stays_with_its_account_and_three_years_beyond(counter: Counter, time_machine: Any) -> None:
    opening = opened(counter, subject=CounterSubject.PERSON)
    time_machine.move_to(clock.now() + LONG_AGO)
    purge_expired()
    assert CounterOpening.objects.get().phone != ""

    erase(opening.user)

    kept = CounterOpening.objects.get()
    assert (kept.name, kept.number, kept.phone, kept.social_number) == (opening.name, opening.number, "", "")
    assert {"窗口受理记录和签字材料"} <= {line["what"] for line in DataErasure.objects.get().kept}
    time_machine.move_to(clock.now() + timedelta(days=1095))
    purge_expired()
    assert CounterOpening.objects.exists()
    time_machine.move_to(clock.now() + timedelta(days=2))
    purge_expired()
    assert not CounterOpening.objects.exists()
    assert not CounterSheet.objects.exists()
    assert User.objects.get(pk=opening.user_id).username.startswith("erased:")


def test_the_owner_reads_what_a_counter_wrote_down(client: Client, counter: Counter, user: User) -> None:
    reset = asked(counter, user, user.person.number)
    client.force_login(user)

    page = client.get("/my-data/held/counter/").content.decode()
    full = client.post("/my-data/held/counter/", {"full": "1"}).content.decode()

    assert counter.organisation.name in page
    assert reset.scan.name in page
    assert user.person.number not in page
    assert user.person.number in full
    other = UserFactory(kind="person")
    client.force_login(other)
    assert counter.organisation.name not in client.get("/my-data/held/counter/").content.decode()


def test_messages_sent_are_shown_with_kind_and_text_but_no_code_or_link(user: User) -> None:
    queue_text(
        phone=user.phone, template="code", params={"code": "482913", "minutes": "5", "purpose": "登录"}, user=user
    )
    queue_text(phone=user.phone, template="data_erased", params={"name": "王某"}, user=user)
    link = {"name": "王某", "link": "https://portal.example.org/email/secret/", "days": "3"}
    queue_mail(address="w@example.org", template="email_confirm", params=link, user=user)
    queue_mail(address="w@example.org", template="case.gone", params={"x": "y"}, user=user)
    queue_text(phone=user.phone, template="data_erased", params={"name": "别人"}, user=UserFactory())

    shown = [{str(fact.label): fact for fact in group.facts} for group in sent_messages(user)]

    words = [facts["内容"].value if "内容" in facts else "" for facts in shown]
    assert [facts["消息类型"].value for facts in shown][1:] == ["短信验证码", "case.gone", "电子邮箱确认"]
    assert words[0].startswith("王某")
    assert words[1:] == ["", "", ""]
    assert user.phone not in "".join(fact.shown for facts in shown for fact in facts.values())
    assert "482913" not in repr(shown)
    assert "secret" not in repr(shown)
