"""Every list costs as many queries for three rows as for one."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person
from subsidies.services.payments import record_bounce
from subsidies.services.stops import stop_payments
from tests.accounts.factories import OfficeFactory, PersonFactory, UnitFactory
from tests.landscape import RENT
from tests.subsidies.factories import make_submitted_application
from tests.subsidies.walking import officer_of, open_offices, payment_of, walk
from tests.talent.factories import EducationFactory, WorkExperienceFactory, months_ahead
from workflow import clock
from workflow.models import DemoClock, Organisation, PublicNotice
from workflow.outbox import deliver_pending
from workflow.services.jobs import start_job
from workflow.services.notices import register_objection

pytestmark = pytest.mark.django_db

# {role: addresses of lists}
LISTS: dict[str, list[tuple[str, list[str]]]] = {
    "visitor": [("portal:hall", []), ("workflow:notices", [])],
    "person": [
        ("portal:home", []),
        ("accounts:messages", []),
        ("subsidies:rent_list", []),
        ("subsidies:my_payments", []),
        ("talent:works", []),
        ("talent:educations", []),
    ],
    "unit": [("portal:home", []), ("subsidies:statistics", []), ("subsidies:payments", [])],
    "county_hr": [
        ("portal:home", []),
        ("workflow:queue", [RENT, "county_hr"]),
        ("workflow:objections", []),
        ("workflow:jobs", []),
        ("subsidies:statistics", []),
        ("subsidies:payments", []),
        ("subsidies:batches", []),
        ("subsidies:stops", []),
    ],
    "county_fin": [("subsidies:ledger", []), ("subsidies:payments", []), ("subsidies:batches", [])],
    "city_hr": [("subsidies:statistics", []), ("subsidies:payments", []), ("subsidies:batches", [])],
}


class Row:
    """Adds one row to every list at a time."""

    def __init__(self) -> None:
        open_offices()
        self.unit: Organisation = UnitFactory()
        self.person: Person = PersonFactory(unit=self.unit)
        self.bureau = officer_of(self.unit.parent)
        self.count = 0

    def add(self) -> None:
        self.count += 1
        self._pay()
        waiting = make_submitted_application(unit=self.unit)
        walk(waiting.case, to="county_hr")
        stop_payments(waiting.person.number, self.bureau, starts_on=clock.today(), reason="已离职")
        start_job("workflow.export_queue", "导出", {"criteria": f"name={self.count}"}, self.bureau)
        EducationFactory(person=self.person, level="21", school=f"大学{self.count}")
        WorkExperienceFactory(
            person=self.person,
            past=True,
            joined_on=months_ahead(-40 - 2 * self.count),
            left_on=months_ahead(-39 - 2 * self.count),
        )
        deliver_pending()

    def _pay(self) -> None:
        """One more application of the same person: published, objected to, paid, sent back by the bank."""
        months = {"start": months_ahead(-4 * self.count), "end": months_ahead(1 - 4 * self.count)}
        case = make_submitted_application(person=self.person, work=self.count == 1, **months).case
        walk(case, to="person_confirm")
        finance = officer_of(payment_of(case).organisation)
        record_bounce(payment_of(case), finance, reason="户名不符", bounced_on=clock.today())
        published = make_submitted_application(unit=self.unit).case
        walk(published, to="publicity")
        notice = PublicNotice.objects.latest("id")
        register_objection(
            notice,
            member=notice.members().get(),
            name="赵七",
            contact="13800000000",
            content="有异议",
            token=uuid.uuid4(),
        )

    def clients(self) -> dict[str, Client]:
        users = {
            "visitor": None,
            "person": self.person.users.get(),
            "unit": self.unit.duties.get().user,
            "county_hr": self.bureau.user,
            "county_fin": officer_of(OfficeFactory(kind="county_fin")).user,
            "city_hr": officer_of(OfficeFactory(kind="city_hr")).user,
        }
        clients = {role: Client() for role in users}
        for role, user in users.items():
            if user is not None:
                clients[role].force_login(user)
        return clients


@pytest.fixture
def row(db: None, settings: Any) -> Iterator[Row]:
    settings.DEMO_CLOCK = True
    try:
        yield Row()
    finally:
        DemoClock.objects.all().delete()
        clock.read()


def measure(clients: dict[str, Client]) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """({list: queries}, {list: bytes}), on the second look, when everything that is kept is kept."""
    queries, size = {}, {}
    for role, lists in LISTS.items():
        for name, args in lists:
            address = reverse(name, args=args)
            clients[role].get(address)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                response = clients[role].get(address)
            assert response.status_code == 200, (role, name)
            queries[role, name], size[role, name] = len(captured), len(response.content)
    return queries, size


def test_three_rows_cost_as_many_queries_as_one(row: Row) -> None:
    clients = row.clients()
    row.add()
    one, short = measure(clients)

    row.add()
    row.add()
    three, long = measure(clients)

    assert three == one
    # Home pages of offices count; every other list has grown.
    assert [key for key in long if long[key] <= short[key] and key[1] != "portal:home"] == []
