"""Plausible cases in any number, walked by the real ``perform`` with returns, objections and refusals."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from accounts.models import User
from portal.demo.crowds import Newcomer, Settlement, submit_all
from portal.demo.names import Crowd
from portal.demo.story import DAYS, ORDER, object_to
from portal.demo.walk import Walker, persons
from subsidies.enums import GRADUATE_RENT
from subsidies.models import Programme
from workflow import clock
from workflow.enums import Action, ObjectionStatus, State
from workflow.models import Case, Objection, Organisation
from workflow.services.notices import decide_objection

# Out of a hundred cases that come to a desk, how many are sent back, refused or objected to; and how many rest there.
RETURNED, REJECTED, OBJECTED, RESTS = 0.02, 0.01, 0.01, 0.04
# How many confirm their money themselves; for the others the days run out.
CONFIRMED = 0.1
FILED_AT_ONCE = 500


@dataclass(slots=True)
class Report:
    """What a run did: moves and their time, and where the cases stand."""

    cases: int = 0
    filing_seconds: float = 0.0
    moves: int = 0
    seconds: float = 0.0
    returned: int = 0
    objections: int = 0
    waits: Counter[str] = field(default_factory=Counter)

    @property
    def filed_a_second(self) -> float:
        return self.cases / self.filing_seconds if self.filing_seconds else 0.0

    @property
    def moves_a_second(self) -> float:
        return self.moves / self.seconds if self.seconds else 0.0


def _subsidises(unit: Organisation) -> bool:
    """Whether somebody whom this employer employs may be paid at all: its kind is one of the programme's."""
    programme = Programme.objects.for_applicants_of(unit.region, clock.today())
    kinds = programme.unit_kinds if programme is not None else ()
    return programme is not None and (not kinds or (hasattr(unit, "profile") and unit.profile.unit_kind in kinds))


class Simulation:
    def __init__(self, *, seed: int, tell: Callable[[str], object]) -> None:
        self.random, self.tell = random.Random(seed), tell  # noqa: S311
        first = 10_000_000 + User.objects.count() * 3
        self.crowd = Crowd(seed, clock.today(), first=first)
        self.walker = Walker()
        self.settlement = Settlement()
        units = Organisation.objects.active().units().select_related("region", "profile").order_by("pk")
        self.units: list[Organisation] = [unit for unit in units if _subsidises(unit)]
        self.report = Report()

    def run(self, cases: int, *, at_once: int = 2_000) -> Report:
        """Raises ValueError where no employer is registered."""
        if not self.units:
            raise ValueError("Register an employer first, or load the demonstration.")
        for start in range(0, cases, at_once):
            self._walk(self._file(min(at_once, cases - start)))
            self.report.cases = min(start + at_once, cases)
            self.tell(
                f"{self.report.cases} of {cases} cases, {self.report.filed_a_second:.0f} filed a second, "
                f"{self.report.moves_a_second:.0f} moves a second"
            )
        places = Case.objects.of_type(GRADUATE_RENT).order_by().values_list("state", "stage").annotate(n=Count("pk"))
        self.report.waits.update({stage or state: count for state, stage, count in places})
        return self.report

    def _file(self, count: int) -> list[int]:
        """So many more graduates, settled with an employer, file an application."""
        newcomers = [
            Newcomer(self.crowd.next(), self.random.choice(self.units), self.random.randint(3, 12))
            for _n in range(count)
        ]
        started = time.monotonic()
        with clock.travelling(DAYS[""]):
            cases = [
                case
                for start in range(0, count, FILED_AT_ONCE)
                for case in self.settlement.file(newcomers[start : start + FILED_AT_ONCE])
            ]
        self.report.filing_seconds += time.monotonic() - started
        return cases

    def _walk(self, cases: Sequence[int]) -> None:
        going = list(cases)
        for stage in ORDER[1:]:
            with clock.travelling(DAYS[stage]):
                going = [case for case in going if self.random.random() > RESTS]
                self._disturb(stage, going)
                if stage == "person_confirm":
                    going = self._pick(going, CONFIRMED)
                started = time.monotonic()
                acts = self.walker.step(going)
                self.report.seconds += time.monotonic() - started
                self.report.moves += sum(act.done for act in acts)

    def _disturb(self, stage: str, going: Sequence[int]) -> None:
        if stage in ("publish", "publicity", "county_fin", "person_confirm", "unit_report"):
            chosen = self._pick(going, OBJECTED) if stage == "publicity" else []
            self._object(chosen)
            return
        returned = self._pick(going, RETURNED)
        self.walker.step(returned, action=Action.SEND_BACK, opinion="材料不清晰，请补正后重新提交。", target="person")
        self.report.returned += len(returned)
        came_back = persons(Case.objects.filter(pk__in=returned, state=State.RETURNED))
        submit_all(came_back.items())
        if stage == "review":
            self.walker.step(self._pick(going, REJECTED), action=Action.REJECT, opinion="评审认为不符合条件。")

    def _pick(self, going: Sequence[int], share: float) -> list[int]:
        return [case for case in going if self.random.random() < share]

    def _object(self, chosen: Sequence[int]) -> None:
        """Objections come while the notice runs; every second one is upheld."""
        for case_id in chosen:
            with clock.travelling(DAYS["publish"] - DAYS["publicity"] + 1):
                object_to(case_id)
            objection = Objection.objects.filter(case=case_id, status=ObjectionStatus.OPEN).latest("pk")
            officer = self.walker.officers[objection.notice.batch.organisation_id]
            upheld = self.random.random() < 0.5
            decide_objection(objection, officer, upheld=upheld, finding="已核实。", token=uuid.uuid4())
            self.report.objections += 1
