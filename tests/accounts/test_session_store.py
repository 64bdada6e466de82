"""The statement that reads a session, against Django's own."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.session_store import SessionStore

pytestmark = pytest.mark.django_db


def saved() -> str:
    store = SessionStore()
    store["colour"] = "青"
    store.save()
    assert store.session_key is not None
    return store.session_key


def test_a_session_is_read_as_django_reads_it(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    others, key = saved(), saved()
    SessionStore(others).load()

    with django_assert_num_queries(1):
        found = SessionStore(key).load()

    assert found == db.SessionStore(key).load() == {"colour": "青"}


def test_a_session_past_its_day_and_an_invented_key_hold_nothing() -> None:
    key = saved()
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))

    for store in (SessionStore(key), SessionStore("x" * 32), SessionStore("'; --" + "x" * 27)):
        assert store.load() == {}
        assert store.session_key is None
