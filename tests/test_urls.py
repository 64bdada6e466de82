"""Every address × everybody: one table says who gets in, and an address that is missing from it fails."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.doors import APPROVED, DOORS, EVERYBODY
from tests.landscape import Landscape, make_landscape
from workflow import clock
from workflow.models import DemoClock

pytestmark = pytest.mark.django_db

# Doors with a POST and no page of their own; a GET of Django's choice of language changes nothing and leads back.
POST_ALONE = sorted(name for name, door in DOORS.items() if door.post is not None and name != "set_language")


def named_addresses() -> Iterator[tuple[str, URLPattern]]:
    """(name with its namespaces, pattern) of everything that the resolver knows."""

    def walk(resolver: URLResolver, namespace: str) -> Iterator[tuple[str, URLPattern]]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
            else:
                yield f"{namespace}{entry.name}", entry

    yield from walk(get_resolver(), "")


def test_every_address_stands_in_the_table() -> None:
    names = {name for name, _pattern in named_addresses() if not name.startswith("admin:")}

    assert names - set(DOORS) == set(), "addresses without a door"
    assert set(DOORS) - names == set(), "doors without an address"


def test_every_public_address_is_public_in_the_table() -> None:
    public_views = {
        name for name, pattern in named_addresses() if not getattr(pattern.callback, "login_required", True)
    }
    open_doors = {
        name for name, door in DOORS.items() if door.status_for("anonymous") != 302 or "anonymous" in door.admits
    }

    assert {name for name in public_views if not name.startswith("admin:")} == open_doors


@pytest.fixture
def land(db: None, settings: Any) -> Iterator[Landscape]:
    settings.DEMO_CLOCK = True
    try:
        yield make_landscape()
    finally:
        DemoClock.objects.all().delete()
        clock.read()


@pytest.fixture
def people(land: Landscape) -> dict[str, Client]:
    """{role: somebody at a browser}"""
    found = {role: Client(raise_request_exception=False) for role in land.users}
    for role, user in land.users.items():
        if user is not None:
            found[role].force_login(user)
    return found


def ask(client: Client, address: str, post: Any = None) -> int:
    """The status; database and cookies are afterwards as they were before."""
    cookies, point = copy.deepcopy(client.cookies), transaction.savepoint()
    data = post() if callable(post) else post
    response = client.get(address) if post is None else client.post(address, data)
    if response.streaming:
        # Read to its end a download closes its file; closing the answer itself would close PostgreSQL's connection.
        list(response.streaming_content)
    transaction.savepoint_rollback(point)
    client.cookies = cookies
    return int(response.status_code)


@pytest.mark.production
def test_doors_open_for_those_of_the_table_alone(land: Landscape, people: dict[str, Client]) -> None:
    wrong = {}

    for name, door in DOORS.items():
        address = reverse(name, args=door.args(land))
        for role, client in people.items():
            status = ask(client, address, door.post)
            if status != door.status_for(role):
                wrong[name, role] = f"{status}, not {door.status_for(role)}"

    assert set(people) == EVERYBODY
    assert wrong == {}


def test_what_changes_something_is_never_done_by_a_link(land: Landscape, people: dict[str, Client]) -> None:
    insiders = {name: door for name, door in DOORS.items() if name in POST_ALONE}
    answers = {
        name: {ask(people[role], reverse(name, args=door.args(land))) for role in door.admits or APPROVED}
        for name, door in insiders.items()
    }

    assert answers == {name: {405} for name in insiders}


def test_posts_without_a_token_of_the_page_are_refused(land: Landscape) -> None:
    answers = {}
    for name in POST_ALONE:
        role = min(DOORS[name].admits & set(land.users) - {"anonymous"}, default="admin")
        client = Client(enforce_csrf_checks=True)
        client.force_login(land.users[role])
        answers[name] = ask(client, reverse(name, args=DOORS[name].args(land)), {})

    assert answers == dict.fromkeys(POST_ALONE, 403)


ADMIN_ARGS = {"id": 1, "object_id": "1", "app_label": "subsidies", "content_type_id": 1, "url": "nothing/"}


def admin_addresses() -> list[str]:
    found = []
    for name, pattern in named_addresses():
        if name.startswith("admin:") and pattern.name is not None:
            kwargs = {key: ADMIN_ARGS[key] for key in pattern.pattern.regex.groupindex}
            found.append(reverse(name, kwargs=kwargs))
    return found


@pytest.mark.walk
def test_administration_is_for_staff(land: Landscape, people: dict[str, Client]) -> None:
    inside = {"/admin/logout/"}
    public_there = {reverse("admin:login"), reverse("admin:jsi18n")}
    let_in = {
        (address, role)
        for address in set(admin_addresses()) - public_there - inside
        for role, client in people.items()
        if role != "admin" and ask(client, address) not in (302, 403, 404)
    }

    assert let_in == set()
    assert ask(people["admin"], reverse("admin:index")) == 200


def test_every_list_of_the_administration_opens(land: Landscape, people: dict[str, Client]) -> None:
    lists = [address for address in admin_addresses() if address.count("/") == 4 and "/r/" not in address]
    broken = {address: status for address in lists if (status := ask(people["admin"], address)) not in (200, 302, 405)}

    assert len(lists) > 5
    assert broken == {}
