"""密码重置受理: found by the whole of a number, accepted by one, confirmed by another, printed once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.enums import CounterSubject
from accounts.models import (
    CounterEvent,
    CounterReset,
    CounterSheet,
    Identifier,
    Notification,
    Person,
    TextMessage,
    User,
)
from accounts.services.counter_log import CounterRefused
from accounts.services.counter_resets import confirm_reset, end_reset, expire_resets, find_accounts
from accounts.services.counter_sheets import print_sheet
from tests.accounts.counters import Counter, actor_of, asked, confirmed, make_counter, opened, scan
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory, UserFactory, credit_code, id_number
from tests.accounts.signing import sign_in
from workflow import clock
from workflow.models import Duty

pytestmark = pytest.mark.django_db

FIND = "/counter/resets/new/"


@pytest.fixture
def counter() -> Counter:
    return make_counter()


@pytest.fixture
def person() -> Person:
    return PersonFactory()


@pytest.fixture
def user(person: Person) -> User:
    return person.users.get()


def reset_form(person: Person, **changes: Any) -> dict[str, Any]:
    form = {
        "token": str(uuid.uuid4()),
        "papers": ["own_card"],
        "agent": person.name,
        "document_kind": "01",
        "number": person.number,
        "scan": scan("申请单.pdf"),
    }
    return form | changes


def found_by(client: Client, text: str) -> Any:
    return client.post(FIND, {"account": text})


def form_address(client: Client, text: str) -> str:
    (account,) = found_by(client, text).context["accounts"]
    return f"{FIND}{account['ref']}/"


def test_account_is_found_by_the_whole_of_a_name_or_number(counter: Counter, person: Person, user: User) -> None:
    unit = UnitFactory()

    found = {
        text: [one.username for one in find_accounts(text, counter.actor)]
        for text in (user.username.upper(), person.number.lower(), unit.code, user.username[:-1], person.number[:17])
    }

    assert list(found.values()) == [[user.username], [user.username], [unit.duties.get().user.username], [], []]


def test_search_is_posted_logged_and_masks_the_phone(counter: Counter, person: Person, user: User) -> None:
    page = found_by(counter.client(), person.number)

    event = CounterEvent.objects.get()
    assert (event.deed, event.officer, event.user) == ("looked", counter.first, user)
    assert user.phone not in page.content.decode()
    assert user.phone[-4:] in page.content.decode()


def test_officers_and_administrators_are_never_reset_here(counter: Counter) -> None:
    others = [OfficerFactory(), UserFactory(administrator=True), counter.second]

    for other in others:
        page = found_by(counter.client(), other.username)
        assert "由安全管理员设置" in page.content.decode()
        assert page.context["accounts"] == []


def test_employers_of_other_counties_go_to_their_own_counter(counter: Counter) -> None:
    elsewhere = make_counter("130903")
    unit = UnitFactory(region=elsewhere.organisation.region, parent=elsewhere.organisation.parent)

    page = found_by(counter.client(), unit.code)

    assert str(unit.parent) in page.content.decode()
    assert page.context["accounts"] == []
    assert [user.pk for user in find_accounts(unit.code, elsewhere.actor)] == [unit.duties.get().user_id]


def test_nobody_leafs_through_accounts(counter: Counter, user: User) -> None:
    for n in range(60):
        find_accounts(id_number(n, "19600101"), counter.actor)

    with pytest.raises(CounterRefused):
        find_accounts(user.username, counter.actor)


def test_address_of_a_found_account_is_good_for_its_finder_alone(counter: Counter, person: Person) -> None:
    address = form_address(counter.client(), person.number)

    with time_machine.travel(clock.machine_now() + timedelta(minutes=31)):
        late = counter.client().get(address)

    assert counter.client().get(address).status_code == 200
    assert counter.client(counter.second).get(address)["Location"] == FIND
    assert counter.client().get(address[:-3] + "xx/")["Location"] == FIND
    assert late["Location"] == FIND


def test_request_waits_for_a_second_officer_and_the_owner_is_told(counter: Counter, person: Person, user: User) -> None:
    client = counter.client()

    answer = client.post(form_address(client, user.username), reset_form(person))

    reset = CounterReset.objects.get()
    assert answer["Location"] == f"/counter/resets/{reset.token}/"
    assert (reset.state, reset.officer, reset.user, reset.papers) == ("waiting", counter.first, user, ["own_card"])
    assert TextMessage.objects.get(user=user).template == "counter_reset_asked"
    assert not CounterSheet.objects.exists()
    assert User.objects.get(pk=user.pk).password == user.password


WRONG = {
    "another document": ({"number": id_number(5, "19700101")}, "__all__"),
    "no papers": ({"papers": []}, "papers"),
    "no scan": ({"scan": ""}, "scan"),
    "scan that is none": ({"scan": scan("申请单.pdf", b"text")}, "scan"),
    "number that is none": ({"number": "123"}, "number"),
}


@pytest.mark.parametrize(("changes", "field"), WRONG.values(), ids=WRONG)
def test_wrong_input_is_named_and_nothing_waits(
    counter: Counter, person: Person, user: User, changes: dict[str, Any], field: str
) -> None:
    client = counter.client()

    answer = client.post(form_address(client, user.username), reset_form(person, **changes))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not CounterReset.objects.exists()


def test_same_form_twice_is_one_request_and_another_one_has_to_wait(
    counter: Counter, person: Person, user: User
) -> None:
    client = counter.client()
    address, form = form_address(client, user.username), reset_form(person)

    first, again = client.post(address, form), client.post(address, form | {"scan": scan()})
    other = client.post(address, reset_form(person))

    assert first["Location"] == again["Location"]
    assert "待复核" in other.content.decode()
    assert CounterReset.objects.count() == 1


def test_nobody_confirms_what_they_accepted(counter: Counter, person: Person, user: User) -> None:
    reset = asked(counter, user, person.number)

    counter.client().post(f"/counter/resets/{reset.token}/confirm/")
    with pytest.raises(CounterRefused):
        confirm_reset(reset, counter.actor)

    assert CounterReset.objects.get().state == "waiting"
    assert not CounterSheet.objects.exists()


def test_database_lets_nobody_confirm_what_they_accepted(counter: Counter, person: Person, user: User) -> None:
    reset = asked(counter, user, person.number)

    for second in (counter.first, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            CounterReset.objects.filter(pk=reset.pk).update(state="confirmed", second=second)


def stand_in(for_whom: User, counter: Counter) -> User:
    absent = Duty.objects.get(user=for_whom)
    helper = OfficerFactory(office=counter.organisation)
    Duty.objects.filter(user=helper).update(
        stands_in_for=for_whom, reason="休假", role=absent.role, ends_on=clock.today() + timedelta(days=5)
    )
    return helper


def test_stand_in_confirms_nothing_that_the_absent_officer_accepted(
    counter: Counter, person: Person, user: User
) -> None:
    reset = asked(counter, user, person.number)

    with pytest.raises(CounterRefused):
        confirm_reset(reset, actor_of(stand_in(counter.first, counter)))


def test_absent_officer_confirms_nothing_that_the_stand_in_accepted(
    counter: Counter, person: Person, user: User
) -> None:
    helper = stand_in(counter.second, counter)
    reset = asked(Counter(counter.organisation, helper, counter.second), user, person.number)

    with pytest.raises(CounterRefused):
        confirm_reset(reset, counter.other)


def test_other_counters_see_nothing_of_it(counter: Counter, person: Person, user: User) -> None:
    reset, elsewhere = confirmed(counter, user, person.number), make_counter("130903")
    opening = opened(counter)
    client = elsewhere.client()

    answers = {
        client.get(f"/counter/resets/{reset.token}/").status_code,
        client.post(f"/counter/resets/{reset.token}/confirm/").status_code,
        client.post(f"/counter/resets/{reset.token}/end/", {"reason": "不行"}).status_code,
        client.post(f"/counter/sheets/{reset.sheet.token}/").status_code,
        client.get(f"/counter/scans/{reset.scan.token}/0/").status_code,
        client.get(f"/counter/openings/{opening.token}/").status_code,
    }

    assert answers == {404}
    assert client.get("/counter/resets/").context["page"].rows == []
    assert counter.client().get(f"/counter/scans/{reset.scan.token}/0/")["Content-Type"] == "image/jpeg"


def test_confirmed_reset_prints_once_ends_sign_ins_and_is_told(counter: Counter, person: Person, user: User) -> None:
    browser = Client()
    sign_in(browser, user)
    reset = confirmed(counter, user, person.number)
    assert User.objects.get(pk=user.pk).password == user.password

    paper = counter.client(counter.second).post(f"/counter/sheets/{reset.sheet.token}/")
    again = counter.client().post(f"/counter/sheets/{reset.sheet.token}/")

    renewed = User.objects.get(pk=user.pk)
    assert (paper.status_code, again.status_code) == (200, 409)
    assert renewed.password != user.password
    assert renewed.must_change_password
    assert browser.get("/account/").status_code == 302
    assert TextMessage.objects.filter(user=user).latest("pk").template == "counter_reset_done"
    assert Notification.objects.filter(recipient=user).latest("pk").title == "密码已在窗口重置"
    deeds = CounterEvent.objects.of_reset(reset).values_list("deed", "officer")
    first, second = counter.first.pk, counter.second.pk
    assert list(deeds) == [("asked", first), ("confirmed", second), ("printed", second), ("refused", first)]


def test_request_is_taken_back_or_not_accepted_with_the_reason(counter: Counter, person: Person, user: User) -> None:
    own, other = asked(counter, user, person.number), PersonFactory()
    declined = asked(counter, other.users.get(), other.number)

    silent = counter.client().post(f"/counter/resets/{own.token}/end/", {"reason": ""})
    counter.client().post(f"/counter/resets/{own.token}/end/", {"reason": "申请人放弃"})
    end_reset(declined, counter.other, reason="签字不符")

    assert silent.status_code == 422
    ends = set(CounterReset.objects.values_list("state", "reason", "second"))
    assert ends == {("cancelled", "申请人放弃", counter.first.pk), ("declined", "签字不符", counter.second.pk)}
    with pytest.raises(CounterRefused):
        confirm_reset(own, counter.other)


def test_request_that_nobody_confirmed_in_time_is_void(counter: Counter, person: Person, user: User) -> None:
    reset = asked(counter, user, person.number)

    with time_machine.travel(clock.machine_now() + timedelta(hours=8, minutes=1)):
        with pytest.raises(CounterRefused):
            confirm_reset(reset, counter.other)
        page = counter.client(counter.second).get(f"/counter/resets/{reset.token}/").content.decode()
        ended = expire_resets()
        fresh = asked(counter, user, person.number)

    assert "已过期" in page
    assert f"/counter/resets/{reset.token}/confirm/" not in page
    assert ended == 1
    assert CounterReset.objects.get(pk=reset.pk).state == "expired"
    assert fresh.state == "waiting"
    assert CounterEvent.objects.of_reset(reset).last().officer is None


def test_account_that_closed_meanwhile_gets_no_password(counter: Counter, person: Person, user: User) -> None:
    reset = confirmed(counter, user, person.number)
    User.objects.filter(pk=user.pk).update(is_active=False)

    with pytest.raises(CounterRefused):
        print_sheet(reset.sheet, counter.actor)


def test_employer_is_reset_with_the_papers_of_its_kind(counter: Counter) -> None:
    unit = UnitFactory(profile__unit_kind="20")
    page = counter.client().get(form_address(counter.client(), unit.code)).content.decode()

    reset = asked(counter, unit.duties.get().user, id_number(9, "19800101"), subject=CounterSubject.INSTITUTION)

    assert "《事业单位法人证书》" in page
    assert "沧州市人力资源和社会保障单位网上办事密码重置申请单" in page
    assert reset.subject == "institution"


def test_record_of_deeds_never_changes(counter: Counter, person: Person, user: User) -> None:
    asked(counter, user, person.number)

    for sql in ("UPDATE accounts_counterevent SET deed = 'looked'", "DELETE FROM accounts_counterevent"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_credit_code_of_nobody_finds_nobody(counter: Counter) -> None:
    page = found_by(counter.client(), credit_code(999))

    assert page.status_code == 422
    assert Identifier.objects.count() == 0
