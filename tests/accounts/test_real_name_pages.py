"""账户资料 and 【实名等级提升】, as manual 000 walks them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Identifier, Person, StatedPerson, User, Verification
from accounts.services.limits import take
from accounts.services.verifying import ACCOUNT_TRIES, NUMBER, NUMBER_TRIES, tries_left
from accounts.verifiers import DemoVerifier
from tests.accounts.factories import (
    OfficerFactory,
    PersonFactory,
    UnitFactory,
    UserFactory,
    claim,
    id_number,
)
from tests.accounts.filling import register_unit
from tests.accounts.stating import PAGE, RESULT, fresh, legal, natural, person_form, signed_in, text_of
from workflow import clock
from workflow.lookup_keys import identity_key

pytestmark = pytest.mark.django_db

WORDS = "非实名用户，请在用户中心->账户资料->进行实名等级提升"
DISAGREES, SILENT = "130902199001010043", "130902199001010019"


@pytest.mark.parametrize("make", [natural, legal])
def test_an_account_below_the_middle_level_reads_the_manuals_words_everywhere(make: Any) -> None:
    client = signed_in(make())

    for address in ("/home/", "/account/profile/", "/account/"):
        page = text_of(client.get(address))
        assert page.count(WORDS) == 1, address
        assert f'<a href="/account/profile/">{WORDS}</a>' in page


def test_verified_accounts_and_officers_do_not_read_them(client: Client) -> None:
    for user in (PersonFactory().users.get(), UnitFactory().duties.get().user, OfficerFactory()):
        assert WORDS not in text_of(signed_in(user).get("/home/"))
    register_unit(client)
    assert WORDS not in text_of(client.get("/registration/"))


def test_profile_shows_the_accounts_own_data_masked() -> None:
    user = natural(701)

    page = text_of(signed_in(user).get("/account/profile/"))

    assert "用户中心</a> &gt; <a" in page
    assert "账户设置</a> &gt; <span" in page
    assert "130902********" in page
    assert StatedPerson.objects.get(user=user).number not in page
    assert user.phone not in page
    assert "初级实名" in page
    assert '<a class="btn btn-primary" href="/account/profile/real-name/">实名等级提升</a>' in page
    assert "/account/profile/" in text_of(signed_in(user).get("/account/"))


def test_person_is_verified_and_becomes_a_person() -> None:
    user = natural(702)

    response = signed_in(user).post(PAGE, person_form(), follow=True)

    assert response.request["PATH_INFO"] == RESULT
    assert "<h1>实名制成功</h1>" in text_of(response)
    person = Person.objects.get(number_hash=identity_key(id_number(702)))
    assert fresh(user).person == person
    assert (fresh(user).real_name_level, person.name, person.phone) == (2, "陈小河", user.phone)
    assert Verification.objects.get(user=user).verifier == "demo"
    assert WORDS not in text_of(signed_in(user).get("/home/"))


def test_page_says_that_the_demo_check_is_one() -> None:
    client = signed_in(natural())

    assert "这是演示用的核验" in text_of(client.get(PAGE))
    assert "这是演示用的核验" in text_of(client.post(PAGE, person_form(), follow=True))


def test_disagreement_is_told_with_the_hotline_and_changes_nothing() -> None:
    user = natural()

    page = text_of(signed_in(user).post(PAGE, person_form(number=DISAGREES), follow=True))

    assert "<h1>实名制失败</h1>" in page
    assert "姓名与证件号码不一致" in page
    assert "如果实名制失败，请电话拨打技术电话：12333" in page
    assert (fresh(user).real_name_level, fresh(user).person) == (1, None)
    assert Verification.objects.get(user=user).outcome == "failed"
    assert Person.objects.count() == 0


def test_outage_changes_nothing_and_costs_no_try() -> None:
    user = natural()
    client = signed_in(user)

    for _n in range(6):
        page = text_of(client.post(PAGE, person_form(number=SILENT), follow=True))

    assert "核验服务暂时无法连接，您的信息没有变化，请稍后再试。" in page
    assert fresh(user).real_name_level == 1
    assert set(Verification.objects.filter(user=user).values_list("outcome", flat=True)) == {"unavailable"}
    assert client.post(PAGE, person_form(number=id_number(703))).status_code == 302
    assert fresh(user).real_name_level == 2


def test_a_verifier_that_breaks_has_said_nothing(ask_instead: Any) -> None:
    def break_down() -> None:
        raise RuntimeError(id_number(704))

    user = natural()
    ask_instead(break_down)

    signed_in(user).post(PAGE, person_form())

    record = Verification.objects.get(user=user)
    assert (record.outcome, record.reason, fresh(user).real_name_level) == ("unavailable", "", 1)


def test_sixth_check_of_a_day_is_refused() -> None:
    user = natural()
    client = signed_in(user)
    for _n in range(5):
        client.post(PAGE, person_form(number=DISAGREES))

    response = client.post(PAGE, person_form(number=id_number(705)))

    assert "今天已认证 5 次" in text_of(response)
    assert "如果实名制失败，请电话拨打技术电话" in text_of(response)
    assert (fresh(user).real_name_level, Verification.objects.count()) == (1, 5)


def test_one_number_is_not_tried_out_by_many_accounts() -> None:
    for _n in range(NUMBER_TRIES):
        take(NUMBER, identity_key(id_number(706)), tries=NUMBER_TRIES, seconds=86400)
    user = natural(706)

    response = signed_in(user).post(PAGE, person_form())

    assert "此号码今天认证次数过多" in text_of(response)
    assert fresh(user).real_name_level == 1


def test_form_that_came_too_often_is_good_the_next_day(ask_instead: Any) -> None:
    asked: list[int] = []
    user, form = natural(706), person_form()
    ask_instead(lambda: asked.append(1))
    for _n in range(NUMBER_TRIES):
        take(NUMBER, identity_key(id_number(706)), tries=NUMBER_TRIES, seconds=86400)
    for _n in range(ACCOUNT_TRIES + 1):
        signed_in(user).post(PAGE, form)
    assert (asked, tries_left(user)) == ([], ACCOUNT_TRIES)

    with time_machine.travel(clock.machine_now() + timedelta(days=1, minutes=1)):
        signed_in(user).post(PAGE, form)

    assert (asked, fresh(user).real_name_level) == ([1], 2)


def test_second_press_of_the_same_form_asks_nobody_again(ask_instead: Any) -> None:
    asked: list[int] = []
    user = natural()
    ask_instead(lambda: asked.append(1))
    form = person_form()

    answers = [signed_in(user).post(PAGE, form) for _n in range(2)]

    assert [answer.url for answer in answers] == [RESULT, RESULT]
    assert (len(asked), Verification.objects.count()) == (1, 1)


def test_an_answer_about_what_was_changed_meanwhile_is_worth_nothing(ask_instead: Any) -> None:
    user = natural(707)
    ask_instead(lambda: StatedPerson.objects.filter(user=user).update(name="陈大河"))

    response = signed_in(user).post(PAGE, person_form())

    assert "该账户的另一份表单同时保存了" in text_of(response)
    assert (fresh(user).real_name_level, fresh(user).person, Verification.objects.count()) == (1, None, 0)


def test_number_of_another_account_is_refused() -> None:
    other, user = PersonFactory(), natural()

    response = signed_in(user).post(PAGE, person_form(number=other.number))

    assert list(response.context["form"].errors) == ["number"]
    assert StatedPerson.objects.get(user=user).number != other.number
    assert Identifier.objects.filter(user=user, kind="id_number").exists()


def test_person_with_another_active_account_is_refused_and_told_what_to_do() -> None:
    """Nobody holds the number itself, but its person has an account."""
    person = PersonFactory()
    Identifier.objects.filter(user=person.users.get()).delete()
    user = natural(708, number=person.number)

    page = text_of(signed_in(user).post(PAGE, person_form(), follow=True))

    assert "<h1>实名制失败</h1>" in page
    assert "此证件号码的本人已有其他账户，请登录该账户或找回密码" in page
    assert (fresh(user).real_name_level, fresh(user).person) == (1, None)


def test_whoever_closed_an_account_is_the_same_person_again() -> None:
    person = PersonFactory(unit=UnitFactory())
    User.objects.filter(person=person).update(is_active=False)
    Identifier.objects.filter(user__person=person).delete()
    user = natural(709, number=person.number)
    User.objects.filter(pk=user.pk).update(phone=person.phone)

    signed_in(user).post(PAGE, person_form())

    again = Person.objects.get(pk=person.pk)
    assert fresh(user).person == again
    assert (again.name, again.phone, again.unit, again.ethnic) == ("陈小河", person.phone, person.unit, "01")


def test_changed_name_drops_the_level_until_it_is_checked_again(ask_instead: Any) -> None:
    user = PersonFactory(name="李晓雨").users.get()
    levels: list[int] = []
    ask_instead(lambda: levels.append(fresh(user).real_name_level))

    signed_in(user).post(PAGE, person_form(name="李小雨"))

    assert levels == [1]
    assert (fresh(user).real_name_level, fresh(user).name) == (2, "李小雨")
    outcomes = Verification.objects.filter(user=user).order_by("pk").values_list("outcome", "level")
    assert list(outcomes) == [("dropped", 1), ("passed", 2)]


def test_unchanged_name_of_a_verified_person_asks_nobody(ask_instead: Any) -> None:
    user = PersonFactory(name="李晓雨").users.get()
    ask_instead(lambda: pytest.fail("asked"))

    response = signed_in(user).post(PAGE, person_form(name="李晓雨"))

    assert response.url == RESULT
    assert (fresh(user).real_name_level, Verification.objects.count()) == (2, 0)


def test_number_of_a_person_is_not_changed_here() -> None:
    user = PersonFactory().users.get()
    User.objects.filter(pk=user.pk).update(real_name_level=1)
    number = user.person.number

    signed_in(user).post(PAGE, person_form(name=user.name, number=id_number(710)))

    assert Person.objects.get(pk=user.person_id).number == number
    assert StatedPerson.objects.get(user=user).number == number


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "130902199903070016"}, "number"),
        ({"document_kind": "06", "number": "E12345678"}, "sex"),
        ({"valid_from": "2024-01-01", "valid_until": "2020-01-01"}, "valid_until"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(changes: dict[str, str], field: str) -> None:
    user = natural()

    response = signed_in(user).post(PAGE, person_form(**changes))

    assert field in response.context["form"].errors
    assert response.status_code == 200
    assert Verification.objects.count() == 0
    assert (changes.get("number") or "陈小河") in text_of(response)


def test_stored_number_is_never_sent_to_the_browser() -> None:
    user = natural(711)

    page = text_of(signed_in(user).get(PAGE))

    assert id_number(711) not in page
    assert "已填写：130902********" in page


def test_account_without_anything_stated_states_it_first() -> None:
    """For instance one that the identity service opened."""
    user = UserFactory(stated=True)
    client = signed_in(user)
    assert client.get("/account/profile/").status_code == client.get(RESULT).status_code == 200

    client.post(PAGE, person_form(number=id_number(712)))

    assert fresh(user).real_name_level == 2
    assert Identifier.objects.get(user=user, kind="id_number").hash == identity_key(id_number(712))


@pytest.mark.parametrize("name", ["profile", "real_name", "real_name_result"])
def test_officers_have_no_real_name_page(name: str) -> None:
    assert signed_in(OfficerFactory()).get(reverse(f"accounts:{name}")).status_code == 403


def test_high_level_leads_to_the_result() -> None:
    user = PersonFactory().users.get()
    User.objects.filter(pk=user.pk).update(real_name_level=3)

    response = signed_in(user).get(PAGE, follow=True)

    assert "实名制成功" in text_of(response)
    assert "高级实名" in text_of(response)


def test_demo_verifier_is_the_default_of_tests_and_demo(settings: Any) -> None:
    assert settings.REAL_NAME_VERIFIER.rpartition(".")[2] == DemoVerifier.__name__


def test_claimed_number_is_released_when_another_one_is_stated() -> None:
    user = natural(713)

    signed_in(user).post(PAGE, person_form(number=id_number(714)))
    other = UserFactory()
    claim(other, number=id_number(713))

    assert Identifier.objects.filter(kind="id_number").count() == 2
