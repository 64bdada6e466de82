import threading
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from accounts import second_factor
from accounts.models import SignIn, User
from tests.accounts.factories import PASSWORD, OfficerFactory, PersonFactory, UserFactory
from tests.accounts.signing import SECOND, add_app, code, decrypted, sign_in, spare_codes

pytestmark = pytest.mark.django_db

SET_UP = "/account/security/second-factor/"


@pytest.fixture
def officer() -> User:
    return OfficerFactory()


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_password_alone_signs_nobody_in_who_has_a_second_factor(client, officer):
    add_app(officer)

    response = sign_in(client, officer)

    assert response.url == SECOND
    assert not is_signed_in(client)


def test_code_of_the_app_signs_in_and_leads_on(client, officer):
    secret = add_app(officer)
    sign_in(client, officer, next="/account/")

    response = client.post(SECOND, {"code": code(secret)})

    assert response.url == "/account/"
    assert is_signed_in(client)


def test_session_key_changes_at_both_factors(client, officer):
    secret = add_app(officer)
    client.get("/register/unit/form/")
    client.session.save()
    keys = [client.session.session_key]
    sign_in(client, officer)
    keys.append(client.session.session_key)

    client.post(SECOND, {"code": code(secret)})

    assert len({*keys, client.session.session_key}) == 3


def test_code_is_good_for_one_use(client, officer):
    secret = add_app(officer)
    shown = code(secret)
    sign_in(client, officer)
    client.post(SECOND, {"code": shown})
    again = Client()
    sign_in(again, officer)

    response = again.post(SECOND, {"code": shown})

    assert "验证码错误、已过期或已使用过" in response.text
    assert not is_signed_in(again)


def test_code_that_set_up_the_app_is_used_up(client, officer):
    secret = add_app(officer)
    counter = second_factor.counter_of(secret, code(secret))
    second_factor.set_up(officer, secret=secret, counter=counter)

    assert not second_factor.check_code(officer, code(secret))
    assert second_factor.check_code(officer, code(secret, ahead=1))


def test_code_older_than_a_minute_is_refused(officer):
    secret = add_app(officer)

    assert not second_factor.check_code(officer, code(secret, ahead=-2))
    assert second_factor.check_code(officer, code(secret, ahead=-1))


def test_recovery_code_is_good_for_one_use(officer):
    add_app(officer)
    spare = spare_codes(officer)[3]

    assert second_factor.check_code(officer, spare)
    assert not second_factor.check_code(officer, spare)
    assert second_factor.spare_codes_left(officer) == 9


def test_five_wrong_codes_lock_the_second_step(client, officer):
    secret = add_app(officer)
    sign_in(client, officer)
    for _try in range(5):
        client.post(SECOND, {"code": "000000" if code(secret) != "000000" else "000001"})

    locked = client.post(SECOND, {"code": code(secret)})

    assert "15分钟后再试" in locked.text
    assert list(SignIn.objects.of(officer.pk).values_list("outcome", flat=True)) == ["locked", *["wrong_second"] * 5]
    later = time.time() + 15 * 60 + 1
    with time_machine.travel(later):
        sign_in(client, officer)
        assert client.post(SECOND, {"code": code(secret)}).status_code == 302


def test_waiting_between_the_factors_ends_after_ten_minutes(client, officer):
    secret = add_app(officer)
    with time_machine.travel(time.time()) as clock:
        sign_in(client, officer)
        clock.shift(timedelta(minutes=11))
        response = client.post(SECOND, {"code": code(secret)})

    assert response.url == "/sign-in/"


@pytest.mark.parametrize("change", ["password", "closed"])
def test_account_changed_between_the_factors_is_not_let_in(client, officer, change):
    secret = add_app(officer)
    sign_in(client, officer)
    if change == "password":
        officer.set_password("Another-2026")
    else:
        officer.is_active = False
    officer.save()

    response = client.post(SECOND, {"code": code(secret)})

    assert response.url == "/sign-in/"
    assert not is_signed_in(client)


def test_second_page_is_for_those_who_passed_the_first(client):
    assert client.get(SECOND).url == "/sign-in/"


def test_session_without_the_second_factor_is_sent_to_it(client, officer):
    """By a way that forgot it: the gate does not forget."""
    secret = add_app(officer)
    client.force_login(officer)

    response = client.get("/account/")

    assert response.url == SECOND
    assert not is_signed_in(client)
    assert client.post(SECOND, {"code": code(secret)}).url == "/account/"


def test_secrets_are_encrypted_at_rest(officer):
    secret = add_app(officer)

    stored = {row.type: row.data for row in Authenticator.objects.filter(user=officer)}

    assert secret not in str(stored)
    assert decrypted(stored["totp"]["secret"]) == secret
    assert len(decrypted(stored["recovery_codes"]["seed"])) == 80


def set_up(client: Client) -> str:
    """Answers the secret that the page showed."""
    secret = client.get(SET_UP).context["secret"].replace(" ", "")
    client.post(SET_UP, {"code": code(secret), "current": PASSWORD})
    return secret


def test_setting_up_shows_the_recovery_codes_once(client):
    person = PersonFactory().users.get()
    client.force_login(person)

    set_up(client)

    assert second_factor.has_second_factor(person)
    assert client.get("/account/security/recovery-codes/").context["codes"] == spare_codes(person)
    assert client.get("/account/security/recovery-codes/").context["codes"] is None
    assert client.get("/account/").status_code == 200


def test_setting_up_needs_the_password_and_the_right_code(client):
    person = PersonFactory().users.get()
    client.force_login(person)
    secret = client.get(SET_UP).context["secret"].replace(" ", "")

    without = client.post(SET_UP, {"code": code(secret), "current": "Wrong-2026"})
    wrong = client.post(SET_UP, {"code": code("A" * 32), "current": PASSWORD})

    assert list(without.context["form"].errors) == ["current"]
    assert list(wrong.context["form"].errors) == ["code"]
    assert not second_factor.has_second_factor(person)


def test_secret_of_the_page_stays_the_same_and_is_encrypted_in_the_session(client):
    client.force_login(UserFactory())

    shown = {client.get(SET_UP).context["secret"].replace(" ", "") for _try in range(2)}

    assert len(shown) == 1
    assert shown.pop() not in str(dict(client.session))


def test_other_sessions_are_asked_when_a_second_factor_is_set_up(client):
    person = PersonFactory().users.get()
    other = Client()
    for browser in (client, other):
        browser.force_login(person)

    set_up(client)

    assert other.get("/account/").url == SECOND


def test_new_recovery_codes_make_the_old_ones_worthless(client, officer):
    secret = add_app(officer)
    old = spare_codes(officer)[0]
    sign_in(client, officer)
    client.post(SECOND, {"code": code(secret)})
    client.get("/account/security/recovery-codes/")

    refused = client.post("/account/security/recovery-codes/", {"current": "Wrong-2026"})
    new = client.post("/account/security/recovery-codes/", {"current": PASSWORD})

    assert refused.context["codes"] is None
    assert len(new.context["codes"]) == 10
    assert not second_factor.check_code(officer, old)


def removal(user: User) -> str:
    return f"{SET_UP}{Authenticator.objects.get(user=user, type='totp').pk}/remove/"


def test_second_factor_is_removed_for_the_password(client, officer):
    secret = add_app(officer)
    sign_in(client, officer)
    client.post(SECOND, {"code": code(secret)})

    client.post(removal(officer), {"current": "Wrong-2026"})
    assert Authenticator.objects.filter(user=officer).count() == 2
    client.post(removal(officer), {"current": PASSWORD})

    assert not Authenticator.objects.filter(user=officer).exists()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_code_sent_ten_times_at_once_is_used_once(officer):
    secret = add_app(officer)
    shown, answers = code(secret), []

    def use() -> None:
        answers.append(second_factor.check_code(officer, shown))
        connection.close()

    threads = [threading.Thread(target=use) for _n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [False] * 9 + [True]


@pytest.fixture
def strict(settings):
    settings.OFFICERS_NEED_SECOND_FACTOR = True


def test_officer_without_a_second_factor_sets_one_up_first(client, officer, strict):
    assert sign_in(client, officer, next="/account/").url == SET_UP

    assert client.get("/home/").url == SET_UP
    assert client.get("/").url == SET_UP
    set_up(client)
    onwards = client.get("/account/security/recovery-codes/").context["next"]
    assert onwards == "/account/"
    assert client.get(onwards).status_code == 200


def test_others_need_none(client, strict):
    person = PersonFactory().users.get()

    assert sign_in(client, person).url == "/home/"


def test_only_factor_of_an_officer_stays(client, officer, strict):
    secret = add_app(officer)
    sign_in(client, officer)
    client.post(SECOND, {"code": code(secret)})

    response = client.post(removal(officer), {"current": PASSWORD})

    assert "唯一的二次验证方式" in response.text
    assert second_factor.check_code(officer, code(secret, ahead=1))


def test_new_phone_takes_the_place_of_the_old_one(client, officer, strict):
    old = add_app(officer)
    spare = spare_codes(officer)
    sign_in(client, officer)
    client.post(SECOND, {"code": code(old)})

    new = set_up(client)

    assert not second_factor.check_code(officer, code(old, ahead=1))
    assert second_factor.check_code(officer, code(new, ahead=1))
    assert spare_codes(officer) == spare
    assert client.get("/account/").status_code == 200
