"""The two profiles of passwords: docs/decisions/0007-passwords.md."""

from datetime import date

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import OldPassword, User
from accounts.passwords import count_classes, new_initial_password
from accounts.services import change_password
from tests.accounts.factories import PASSWORD, PersonFactory, UserFactory
from tests.accounts.signing import add_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return PersonFactory(born="19990307").users.get()


@pytest.fixture
def nist(settings):
    settings.PASSWORD_PROFILE = "nist"
    settings.AUTH_PASSWORD_VALIDATORS = settings.PASSWORD_VALIDATORS["nist"]


def refusals(password: str, user: User | None = None) -> set[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {one.code for one in error.error_list}
    return set()


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("Yu-shui7", set()),
        ("Yu-shu7", {"password_too_short"}),
        ("yushui77", {"password_classes"}),
        ("yushui-7", set()),
        ("password1", {"password_classes", "password_too_common"}),
        ("这是一句只有我想得到的很长的话", {"password_classes"}),
    ],
)
def test_dengbao_wants_eight_characters_of_three_classes(password, codes):
    assert refusals(password) == codes


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("yushuiyushuiyus", set()),
        ("yushuiyushuiyu", {"password_too_short"}),
        ("这是一句只有我想得到的很长的话", set()),
        ("1q2w3e4r5t6y7u8i", {"password_too_common"}),
    ],
)
def test_nist_wants_length_and_no_classes(nist, password, codes):
    assert refusals(password) == codes


def test_nist_wants_eight_beside_a_second_factor(nist, person):
    add_app(person)

    assert refusals("yushuiyu", person) == set()
    assert refusals("yushuiy", person) == {"password_too_short"}


@pytest.mark.parametrize("profile", ["dengbao", "nist"])
@pytest.mark.parametrize("own", ["username", "phone", "19990307", "990307", "1999-03-07"])
def test_nothing_of_oneself_stands_in_it(settings, person, profile, own):
    settings.AUTH_PASSWORD_VALIDATORS = settings.PASSWORD_VALIDATORS[profile]
    part = getattr(person, own, own)

    assert refusals(f"Yu-shui{part}-Nanjing", person) == {"password_oneself"}
    assert refusals("Yu-shui-7-Nanjing", person) == set()


def test_birthday_of_somebody_who_registers_counts_too():
    newcomer = User(username="newcomer")
    newcomer.birthday = date(1999, 3, 7)

    assert refusals("Yu-shui19990307", newcomer) == {"password_oneself"}


def test_last_five_are_not_taken_again(person):
    passwords = [PASSWORD, *(f"Password-no-{n}" for n in range(1, 6))]
    for password in passwords[1:]:
        person = change_password(person, password=password)

    assert [refusals(password, person) for password in passwords[1:]] == [{"password_reused"}] * 5
    assert refusals(PASSWORD, person) == set()
    assert OldPassword.objects.filter(user=person).count() == 4


def test_nist_does_not_ask_for_another_one(nist, person):
    person = change_password(person, password="a-long-enough-sentence")

    assert refusals("a-long-enough-sentence", person) == set()


def test_form_says_which_profile_holds(client, settings):
    client.force_login(UserFactory())
    assert "三类" in client.get("/account/password/").text

    settings.PASSWORD_PROFILE = "nist"

    page = client.get("/account/password/").text
    assert "三类" not in page
    assert "至少15个字符" in page


def test_reused_password_is_refused_by_the_form(client):
    user = change_password(UserFactory(), password="Another-2026")
    client.force_login(user)
    form = {"current": "Another-2026", "password": PASSWORD, "password_again": PASSWORD}

    response = client.post("/account/password/", form)

    assert response.context["form"].errors["password"] == ["不能使用最近5次用过的密码，请换一个。"]


def test_initial_passwords_fit_the_stricter_profile():
    found = {new_initial_password() for _n in range(50)}

    assert len(found) == 50
    assert all(count_classes(password) == 4 for password in found)
    assert set().union(*(refusals(password) for password in found)) == set()
