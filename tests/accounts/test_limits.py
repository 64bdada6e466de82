import threading
import time

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import Limit
from accounts.services.limits import forget_old_limits, give_back, take
from tests.accounts.factories import UserFactory
from tests.accounts.signing import sign_in

pytestmark = pytest.mark.django_db


def test_so_many_tries_and_no_more():
    answers = [take("test", "name", tries=3, seconds=60) for _try in range(5)]

    assert answers == [True, True, True, False, False]


def test_time_over_opens_again():
    with time_machine.travel(time.time()) as moment:
        assert take("test", "name", tries=1, seconds=60)
        moment.shift(59)
        assert not take("test", "name", tries=1, seconds=60)
        moment.shift(2)
        assert take("test", "name", tries=1, seconds=60)


def test_kinds_and_names_are_counted_apart():
    assert all(take(kind, name, tries=1, seconds=60) for kind in "ab" for name in "cd")


def test_right_try_is_given_back():
    for _try in range(5):
        assert take("test", "name", tries=1, seconds=60)
        give_back("test", "name")


def test_names_are_not_kept_in_plain():
    take("test", "13800000000", tries=1, seconds=60)

    assert "13800000000" not in str(vars(Limit.objects.get()))


def test_old_counts_are_forgotten():
    take("test", "old", tries=1, seconds=60)
    with time_machine.travel(time.time() + 3 * 86400):
        take("test", "new", tries=1, seconds=60)

        assert forget_old_limits() == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_counted_one_by_one():
    answers = []

    def go() -> None:
        answers.append(take("test", "name", tries=5, seconds=60))
        connection.close()

    threads = [threading.Thread(target=go) for _n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(answers) == 5


def test_lock_holds_without_the_cache(client, monkeypatch):
    """Whoever empties or stops the cache gets no further tries."""
    user = UserFactory()
    for _try in range(5):
        sign_in(client, user, password="Wrong-2026")
    cache.clear()

    assert "请 15 分钟后再试" in sign_in(client, user).text


def test_stranger_does_not_lock_out_the_owner_s_browser(client):
    user = UserFactory()
    sign_in(client, user)
    client.post("/sign-out/")
    stranger = Client()
    for _try in range(6):
        locked = sign_in(stranger, user, password="Wrong-2026")

    assert "请 15 分钟后再试" in locked.text
    assert sign_in(client, user).status_code == 302


def test_known_browser_is_locked_by_its_own_failures(client):
    user = UserFactory()
    sign_in(client, user)
    client.post("/sign-out/")
    for _try in range(5):
        sign_in(client, user, password="Wrong-2026")

    assert "请 15 分钟后再试" in sign_in(client, user).text


def test_forged_cookie_is_a_stranger_s(client):
    user = UserFactory()
    for n in range(5):
        client.cookies["known"] = f"eyJ4IjoxfQ:forged:{n}"
        sign_in(client, user, password="Wrong-2026")
    client.cookies["known"] = "eyJ4IjoxfQ:forged:9"

    assert "请 15 分钟后再试" in sign_in(client, user).text


def test_cookie_is_kept_from_scripts(client):
    sign_in(client, UserFactory())

    morsel = client.cookies["known"]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"


def test_one_address_is_limited_over_all_names(client):
    with time_machine.travel(time.time(), tick=False):
        for _name in range(30):
            sign_in(client, UserFactory.build(), password="Wrong-2026")

        assert "请 15 分钟后再试" in sign_in(client, UserFactory()).text
        elsewhere = Client(REMOTE_ADDR="10.9.8.7")
        assert sign_in(elsewhere, UserFactory()).status_code == 302


def test_addresses_of_one_household_are_one():
    with time_machine.travel(time.time(), tick=False):
        for n in range(30):
            sign_in(Client(REMOTE_ADDR=f"2001:db8:1:2::{n:x}"), UserFactory.build(), password="Wrong-2026")

        assert "请 15 分钟后再试" in sign_in(Client(REMOTE_ADDR="2001:db8:1:2:ffff::1"), UserFactory()).text
        assert sign_in(Client(REMOTE_ADDR="2001:db8:1:3::1"), UserFactory()).status_code == 302


def test_forwarded_address_of_a_visitor_is_not_believed(settings):
    settings.TRUSTED_PROXIES = 1
    with time_machine.travel(time.time(), tick=False):
        for n in range(30):
            client = Client(headers={"X-Forwarded-For": f"1.2.3.{n}, 10.0.0.5"})
            sign_in(client, UserFactory.build(), password="Wrong-2026")
        last = Client(headers={"X-Forwarded-For": "9.9.9.9, 10.0.0.5"})

        assert "请 15 分钟后再试" in sign_in(last, UserFactory()).text
