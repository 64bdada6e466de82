"""Every address of something × everybody × whose it is: own, the same unit's, another unit's, another county's.

What the table of ``test_urls`` says of the own county is said here of all four: whoever stands to something as a
stranger does in the table gets what the stranger gets; whoever may open such things elsewhere finds this one nowhere.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import PersonFactory, UnitFactory
from tests.doors import DOORS, Door
from tests.landscape import Landscape, make_landscape, make_things
from tests.test_urls import ask
from workflow import clock
from workflow.models import DemoClock

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

SCOPES = ("own", "same unit", "other unit", "other county")
# As whom a role stands to the things of a scope, in the words of the table; itself where nothing stands here.
STANDS = {
    "own": {},
    "same unit": {"applicant": "person", "person": "applicant"},
    "other unit": {"applicant": "person", "unit": "other_unit"},
    "other county": {
        "applicant": "person",
        "unit": "other_unit",
        "other_unit": "unit",
        "county_hr": "other_county_hr",
        "other_county_hr": "county_hr",
    },
}
# Offices of a county of which the table has no second one.
COUNTY_BOUND = {"county_org", "county_fin"}


@pytest.fixture
def lands(settings: Any) -> Iterator[dict[str, Landscape]]:
    """The same things four times; those who look are the people of the first."""
    settings.DEMO_CLOCK = True
    try:
        own = make_landscape()
        colleague, stranger = own.users["person"], own.users["other_unit"]
        assert colleague is not None
        assert colleague.person is not None
        assert stranger is not None
        elsewhere = PersonFactory(unit=stranger.duties.get().organisation)
        yield {
            "own": own,
            "same unit": make_things(colleague.person),
            "other unit": make_things(PersonFactory(unit=UnitFactory())),
            "other county": make_things(elsewhere),
        }
    finally:
        DemoClock.objects.all().delete()
        clock.read()


def clients(land: Landscape) -> dict[str, Client]:
    found = {role: Client(raise_request_exception=False) for role in land.users}
    for role, user in land.users.items():
        if user is not None:
            found[role].force_login(user)
    return found


def expected(door: Door, role: str, scope: str) -> set[int]:
    if scope == "other county" and role in COUNTY_BOUND and "anonymous" not in door.admits:
        return {404} if role in door.admits else {403, 404}
    return {door.status_for(STANDS[scope].get(role, role))}


def things(lands: dict[str, Landscape]) -> Iterator[tuple[str, str, list[Any]]]:
    """(name, scope, arguments) of every address that is about something of somebody."""
    for name, door in DOORS.items():
        places = {scope: door.args(land) for scope, land in lands.items() if land.users or not _is_of_users(door, land)}
        if len(set(map(str, places.values()))) > 1:
            yield from ((name, scope, place) for scope, place in places.items())


def _is_of_users(door: Door, land: Landscape) -> bool:
    try:
        door.args(land)
    except KeyError:
        return True
    return False


def test_nobody_opens_what_lies_outside_their_scope(lands: dict[str, Landscape]) -> None:
    wrong, cells = {}, Counter[str]()
    people = clients(lands["own"])

    for name, scope, place in things(lands):
        for role, client in people.items():
            status, due = ask(client, reverse(name, args=place), DOORS[name].post), expected(DOORS[name], role, scope)
            cells[scope] += 1
            if status not in due:
                wrong[name, role, scope] = f"{status}, not {due}"

    print(f"\n{cells.total()} cells of address, role and scope: {dict(cells)}")
    assert wrong == {}
    assert set(cells) == set(SCOPES)
    assert cells.total() > 2000


def test_walk_sees_what_it_should(lands: dict[str, Landscape]) -> None:
    """The control: were all cases everybody's, the walk would find it."""
    case, door = lands["other county"].waiting, DOORS["workflow:case"]
    bureau = clients(lands["own"])["county_hr"]

    assert expected(door, "county_hr", "other county") == {404}
    assert expected(door, "county_hr", "other unit") == {200}
    assert ask(bureau, reverse("workflow:case", args=[lands["other unit"].waiting.pk])) == 200
    assert ask(bureau, reverse("workflow:case", args=[case.pk])) == 404
