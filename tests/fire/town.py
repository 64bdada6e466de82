"""Who stands under fire: an employer and a bureau with two people each, and as many applicants as wanted."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import User
from subsidies.enums import GRADUATE_RENT
from subsidies.models import RentApplication
from tests.accounts.factories import OfficerFactory, PersonFactory, UnitFactory, UserFactory
from tests.subsidies.factories import make_submittable_application, make_submitted_application
from tests.subsidies.walking import open_offices, walk
from workflow.actors import Actor
from workflow.enums import Action, Role
from workflow.models import Case, Duty, Organisation
from workflow.services import Seen, perform

# Identity numbers count to a thousand on one day of birth.
ONE_DAY = 900
_serials = count(1)


class Town:
    def __init__(self) -> None:
        open_offices()
        self.unit: Organisation = UnitFactory()
        self.bureau: Organisation = self.unit.parent
        clerk = UserFactory(unit=True)
        Duty.objects.create(user=clerk, organisation=self.unit, role=Role.HANDLER, starts_on="2020-01-01")
        self.clerks: list[User] = [self.unit.duties.exclude(user=clerk).get().user, clerk]
        self.officers: list[User] = [OfficerFactory(office=self.bureau), OfficerFactory(office=self.bureau)]

    def draft(self) -> RentApplication:
        return make_submittable_application(person=self._person())

    def filed(self, count: int = 1) -> list[Case]:
        """Cases that wait for the employer."""
        return [make_submitted_application(person=self._person()).case for _n in range(count)]

    def at_bureau(self, count: int = 1) -> list[Case]:
        """Cases that wait for the county HR bureau."""
        cases = self.filed(count)
        walk(*cases, to="county_hr")
        return list(Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk"))

    def _person(self) -> Any:
        serial = next(_serials)
        day, _rest = divmod(serial, ONE_DAY)
        return PersonFactory(unit=self.unit, serial=serial, born=f"199802{day + 1:02d}")

    def actor(self, user: User) -> Actor:
        duty = Duty.objects.select_related("organisation").get(user=user)
        return Actor.in_duty(duty, user)

    def bring_back(self, pks: list[int]) -> None:
        """What the bureau has passed on waits in its review again."""
        cases = Case.objects.filter(pk__in=pks, stage="publish")
        seen = [Seen(case.pk, case.revision) for case in cases]
        if seen:
            act = perform(Action.SEND_BACK, seen, self.actor(self.officers[0]), target="county_hr", opinion="再看一次")
            assert act.done == len(seen)


def queue_path(stage: str, rest: str = "") -> str:
    return f"/queue/{GRADUATE_RENT}/{stage}/{rest}"
