"""【立即注册】 pressed at the same moment, on a real PostgreSQL, and what a stranger learns."""

import re
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.forms.sign_up import PersonSignUpForm
from accounts.models import Identifier, SignUp, SmsCode, User
from accounts.services import sign_up as service
from accounts.services.codes import Visitor
from tests.accounts.factories import PersonFactory, UnitFactory, credit_code, id_number, phone_number
from tests.accounts.filling import proved
from tests.accounts.signing_up import ADDRESSES, FORMS, person_sign_up, press, unit_sign_up

RACE = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def press_together(kind: str, *forms: dict[str, Any]) -> list[int]:
    """The status of each answer; all forms start at one signal. Whoever has one phone has one browser."""
    start, answers, browsers = threading.Barrier(len(forms)), [], {}
    for phone in {form["phone"] for form in forms}:
        client = Client()
        browsers[phone] = (proved(client, phone), client.cookies)

    def send(form: dict[str, Any]) -> None:
        client = Client()
        code, client.cookies = browsers[form["phone"]]
        start.wait()
        answers.append(client.post(ADDRESSES[kind], form | {"code": code}).status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=[form]) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(answers)


class TestRaces:
    pytestmark = RACE

    def test_the_same_form_twice_at_once_makes_one_account(self) -> None:
        form = person_sign_up()

        answers = press_together("person", form, form)

        assert answers == [302, 302]
        assert User.objects.filter(kind="person").count() == SignUp.objects.count() == 1

    @pytest.mark.parametrize("same", ["number", "username"])
    def test_one_of_two_persons_with_the_same_number_or_name_is_registered(self, same: str) -> None:
        first = person_sign_up()

        answers = press_together("person", first, person_sign_up(701) | {same: first[same]})

        assert answers == [200, 302]
        assert User.objects.filter(kind="person").count() == 1

    def test_one_of_two_employers_with_the_same_code_is_registered(self) -> None:
        answers = press_together("unit", unit_sign_up(), unit_sign_up(801, uscc=credit_code(800)))

        assert answers == [200, 302]
        assert Identifier.objects.filter(kind="uscc").count() == User.objects.filter(kind="unit").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["person", "unit"])
def test_the_slower_one_is_told_of_the_conflict_that_only_the_database_saw(
    client: Client, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Looked before the other commits: what the constraint refuses is worded like any other conflict."""
    press(Client(), kind, FORMS[kind]())
    number = "number" if kind == "person" else "agent_number"
    real, looks = service._conflicts, []

    def look(*args: Any) -> dict[str, str]:
        looks.append(args)
        return real(*args) if len(looks) > 1 else {}

    monkeypatch.setattr(service, "_conflicts", look)

    answer = press(client, kind, FORMS[kind](900, **{number: FORMS[kind]()[number]}))

    assert set(answer.context["form"].errors) == {number}
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_service_called_again_with_the_token_answers_the_first_account(client: Client) -> None:
    form = PersonSignUpForm(person_sign_up() | {"code": "000000"}, visitor=Visitor("browser", "127.0.0.1"))
    assert form.is_valid(), form.errors
    again = {
        "account": form.account,
        "password": "Tongban-2026",
        "terms": form.agreed,
        "token": form.cleaned_data["token"],
    }

    first, second = (service.sign_up(form.statement, **again) for _time in range(2))

    assert first == second
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_half_an_account_is_never_left(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(service, "_keep", fail)
    form = person_sign_up()
    code = proved(client, form["phone"])

    with pytest.raises(RuntimeError):
        client.post(ADDRESSES["person"], form | {"code": code})

    assert (User.objects.count(), Identifier.objects.count(), SignUp.objects.count()) == (0, 0, 0)
    assert SmsCode.objects.get().used_at is None


# What differs from answer to answer, whoever asks.
DIFFERENT = re.compile(r'name="(csrfmiddlewaretoken|captcha_0)" value="\w+"|X-CSRFToken": "\w+"|[0-9a-f]{40}')


def answer_to(kind: str, form: dict[str, Any]) -> tuple[int, str]:
    """Status and body, without what was typed and what always differs; a browser of its own, nothing counted."""
    SmsCode.objects.all().delete()
    response = Client().post(ADDRESSES[kind], form)
    body = DIFFERENT.sub("", response.text)
    for value in sorted((str(value) for value in form.values() if len(str(value)) > 3), key=len, reverse=True):
        body = body.replace(value, "…")
    return response.status_code, body


@pytest.mark.django_db
@pytest.mark.parametrize("more", [{"send_code": "code"}, {"code": "000000"}])
@pytest.mark.parametrize(
    ("kind", "field"),
    [("person", "phone"), ("person", "number"), ("person", "username"), ("unit", "phone"), ("unit", "agent_number"),
     ("unit", "username"), ("unit", "uscc")],
)  # fmt: skip
def test_stranger_learns_nothing_without_the_code(kind: str, field: str, more: dict[str, str]) -> None:
    person, unit = PersonFactory(), UnitFactory()
    free = FORMS[kind](username="free_name", password="Tongban-2026")
    taken = {
        "phone": person.phone, "number": person.number, "agent_number": person.number,
        "username": person.users.get().username, "uscc": unit.code,
    }  # fmt: skip
    free |= {"number": id_number(600, born="19980201")} if kind == "person" else {"agent_number": id_number(600)}

    known, unknown = answer_to(kind, free | {field: taken[field]} | more), answer_to(kind, free | more)

    assert known == unknown
    assert known[0] == 200


@pytest.mark.django_db
def test_proved_phone_asks_of_five_numbers_at_most(client: Client) -> None:
    code = proved(client, phone_number(700))
    told = []
    for n in range(7):
        form = person_sign_up(username=f"probe_{n}", number=PersonFactory().number, code=code)
        told.append("number" in press(client, "person", form).context["form"].errors)

    assert told == [True] * 5 + [False] * 2
