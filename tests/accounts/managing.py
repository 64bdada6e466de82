"""Units with their administrators, and what their pages are filled in with."""

from datetime import date
from typing import Any

from django.test import Client

from accounts.models import Terms, User
from accounts.services.consents import give_consents
from tests.accounts.factories import UnitFactory, UserFactory, claim, id_number, phone_number
from workflow.actors import Actor
from workflow.enums import Role
from workflow.models import Duty, Organisation


def make_unit(**facts: Any) -> Organisation:
    """A unit whose handler keeps its users too, as whoever registered it does."""
    unit: Organisation = UnitFactory(**facts)
    Duty.objects.create(user=handler_of(unit), organisation=unit, role=Role.MANAGER, starts_on=date(2020, 1, 1))
    return unit


def handler_of(unit: Organisation) -> User:
    return User.objects.get(duties__organisation=unit, duties__role=Role.HANDLER)


def add_manager(unit: Organisation, **facts: Any) -> User:
    """A second administrator."""
    user: User = UserFactory(unit=True, **facts)
    Duty.objects.create(user=user, organisation=unit, role=Role.MANAGER, starts_on=date(2020, 1, 1))
    return user


def as_manager(user: User) -> Actor:
    duty = Duty.objects.select_related("organisation").get(user=user, role=Role.MANAGER)
    return Actor.in_duty(duty, user)


def as_handler(unit: Organisation) -> Actor:
    duty = Duty.objects.select_related("organisation__region").get(organisation=unit, role=Role.HANDLER)
    return Actor.in_duty(duty, User.objects.get(pk=duty.user_id))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def colleague_form(n: int = 700, **changes: Any) -> dict[str, Any]:
    """【新增】 of the n-th colleague."""
    form = {
        "username": f"colleague-{n}",
        "name": "赵同事",
        "number": id_number(n, "19900101"),
        "phone": phone_number(n),
        "email": f"c{n}@example.com",
        "roles": ["handler"],
    }
    return form | changes


def add_colleague(client: Client, n: int = 700, **changes: Any) -> User:
    form = colleague_form(n, **changes)
    response = client.post("/unit/users/add/", form)
    assert response.status_code == 302, response.context["form"].errors
    user = User.objects.get(username=form["username"])
    give_consents(user, list(Terms.objects.due_to(user.pk)))
    return User.objects.get(pk=user.pk)


def hold(user: User, *, number: str = "", phone: str = "") -> None:
    """Somebody else has these numbers."""
    claim(user, number=number, phone=phone)
