"""A row is added once, however often the button of its form is pressed: without scripts, on a slow line."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from talent.models import Education, FamilyMember, Honour, Project, WorkExperience
from talent.services.facts import MOST_ROWS, keep_fact
from talent.services.space import keep_row
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.space import FAMILY, HONOUR, PROJECT
from tests.talent.test_pages import study, work

pytestmark = pytest.mark.django_db

KINDS: dict[str, tuple[type[Model], Callable[[Person], dict[str, Any]]]] = {
    "education": (Education, lambda person: study()),
    "work": (WorkExperience, work),
    "honour": (Honour, lambda person: HONOUR),
    "project": (Project, lambda person: PROJECT),
    "family": (FamilyMember, lambda person: FAMILY),
}
ROWS = {"education": "talent:educations", "work": "talent:works"}


@pytest.fixture
def person(client: Client) -> Person:
    person: Person = PersonFactory(unit=UnitFactory())
    client.force_login(person.users.get())
    return person


def opened(client: Client, kind: str) -> str:
    """The token of the form as it was opened."""
    return str(client.get(reverse(f"talent:{kind}_add")).context["token"])


def count(kind: str) -> int:
    return KINDS[kind][0]._default_manager.count()


@pytest.mark.parametrize("kind", KINDS)
def test_second_press_leads_where_the_first_led(client: Client, person: Person, kind: str) -> None:
    data = KINDS[kind][1](person) | {"token": opened(client, kind), "next": reverse("talent:profile")}

    first, second = (client.post(reverse(f"talent:{kind}_add"), data) for _press in range(2))

    assert (first["Location"], second["Location"]) == (reverse("talent:profile"),) * 2
    assert count(kind) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_two_presses_that_are_judged_at_once_add_one(person: Person, kind: str) -> None:
    """Both have passed the form before the first is kept."""
    model, data = KINDS[kind]
    rows = [row_of(model, person, data(person)) for _press in range(2)]

    for row in rows:
        (keep_fact if kind in ROWS else keep_row)(row)

    assert count(kind) == 1


def row_of(model: type[Model], person: Person, data: dict[str, Any]) -> Any:
    values = {name: value for name, value in data.items() if name != "region"}
    if model is Education:
        values["full_time"] = True
    if model is WorkExperience:
        values |= {"region_id": data["region"], "insured_from": None}
    return model(person=person, token="00000000-0000-4000-8000-000000000001", **values)


def test_another_form_adds_another_row(client: Client, person: Person) -> None:
    for _form in range(2):
        client.post(reverse("talent:honour_add"), HONOUR | {"token": opened(client, "honour")})

    assert count("honour") == 2


def test_form_that_comes_back_keeps_its_token(client: Client, person: Person) -> None:
    token = opened(client, "honour")

    refused = client.post(reverse("talent:honour_add"), HONOUR | {"token": token, "name": ""})

    assert str(refused.context["token"]) == token
    assert f'value="{token}"' in refused.text


def test_second_press_for_the_last_row_of_a_full_list_is_no_error(client: Client, person: Person) -> None:
    FamilyMember.objects.bulk_create(FamilyMember(person=person, **FAMILY) for _row in range(MOST_ROWS - 1))
    data = FAMILY | {"token": opened(client, "family")}

    pages = [client.post(reverse("talent:family_add"), data, follow=True) for _press in range(2)]

    assert ["已保存" in page.text for page in pages] == [True, True]
    assert count("family") == MOST_ROWS


def test_changed_row_is_changed_with_each_press(client: Client, person: Person) -> None:
    client.post(reverse("talent:honour_add"), HONOUR | {"token": opened(client, "honour")})
    address = reverse("talent:honour_change", args=[Honour.objects.get().pk])

    for name in ("一等奖", "二等奖"):
        client.post(address, HONOUR | {"name": name})

    assert Honour.objects.get().name == "二等奖"


def test_token_of_somebody_else_adds_a_row_of_ones_own(client: Client, person: Person) -> None:
    token = opened(client, "honour")
    Honour.objects.create(person=PersonFactory(), token=token, **HONOUR)

    client.post(reverse("talent:honour_add"), HONOUR | {"token": token})

    assert Honour.objects.filter(person=person).count() == 1


def test_database_knows_a_form_once(person: Person) -> None:
    token = "00000000-0000-4000-8000-000000000001"
    Honour.objects.create(person=person, token=token, **HONOUR)

    with pytest.raises(IntegrityError), transaction.atomic():
        Honour.objects.create(person=person, token=token, **HONOUR)
