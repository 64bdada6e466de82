"""Two people at the same moment, on a real PostgreSQL."""

import threading
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Identifier, User
from accounts.models.registration import first_with_token
from accounts.views import register
from tests.accounts.factories import UnitFactory
from tests.accounts.filling import person_form, proved, send
from workflow.models import Case

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def send_together(*forms: dict[str, str]) -> list[int]:
    """The status of each answer; all forms start at one signal. Whoever has one phone has one browser."""
    start, answers, browsers = threading.Barrier(len(forms)), [], {}
    for phone in {form["phone"] for form in forms}:
        client = Client()
        client.post("/register/person/")
        browsers[phone] = (proved(client, phone), client.cookies)

    def send(form: dict[str, str]) -> None:
        client = Client()
        code, client.cookies = browsers[form["phone"]]
        start.wait()
        answers.append(client.post("/register/person/form/", form | {"code": code}).status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=[form]) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(answers)


def test_one_of_two_with_the_same_id_number_is_registered():
    unit = UnitFactory()
    first, second = person_form(unit), person_form(unit, username="person-other", phone="13900000777")

    answers = send_together(first, second)

    assert answers == [200, 302]
    assert User.objects.filter(kind="person").count() == 1
    assert Identifier.objects.filter(kind="id_number").count() == 1


def test_the_same_form_twice_at_once_makes_one_account():
    unit = UnitFactory()
    form = person_form(unit)

    answers = send_together(form, form)

    assert answers == [302, 302]
    assert Case.objects.count() == 1
    assert User.objects.filter(kind="person").count() == 1


def test_the_slower_press_finds_what_the_faster_one_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked before the other commits, judged after it: the form is the same, not somebody else's."""
    form = person_form(UnitFactory())
    clients = Client(), Client()
    for client in clients:
        client.post("/register/person/")
    send(clients[0], "person", form)
    looks: list[object] = []

    def look(token: UUID) -> Case | None:
        looks.append(token)
        return first_with_token(token) if len(looks) > 1 else None

    monkeypatch.setattr(register, "first_with_token", look)

    answer = send(clients[1], "person", form)

    assert answer.status_code == 302
    assert User.objects.filter(kind="person").count() == 1
