"""What must hold after every trial, and the tally of all of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.fire.races import Answer, Contest
from tests.fire.scale import LONG
from tests.fire.site import Site
from workflow.models import Case, CaseEvent
from workflow.services.counters import recount
from workflow.services.verification import verify_events

# Where `make chaos` reads what the tests found; a line of JSON for each tally.
RECORD = os.environ.get("TONGBAN_FIRE_RECORD", "")
# Something is done to a site; answers the faults that this showed.
Trial = Callable[[Site], Sequence[str]]
UNTOLD, ERROR = "untold: ", "error: "
# What a guard prevents; everything else is a failure of the product, and no harm yet in a control.
HARMS = ("double: ", "lost: ", "half: ", "chain: ", "state: ", "deadlock: ")


def pick(short: int, long: int) -> int:
    return long if LONG else short


@dataclass
class Tally:
    """The trials of one proof. ``harmed``: trials of the control that showed what the guard prevents."""

    name: str
    how: str
    trials: int = 0
    failures: int = 0
    control_trials: int = 0
    harmed: int = 0
    faults: list[str] = field(default_factory=list)
    harms: list[str] = field(default_factory=list)

    def record(self) -> None:
        """A line for `make chaos`, with the name of the test that found it."""
        if RECORD:
            test = os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2].rpartition(" ")[0]
            with Path(RECORD).open("a") as file:
                file.write(json.dumps({"test": test, **asdict(self)}, ensure_ascii=False) + "\n")

    def count(self, faults: Sequence[str]) -> None:
        self.trials += 1
        self.failures += bool(faults)
        self.faults += faults

    def count_control(self, faults: Sequence[str]) -> None:
        harms = [fault for fault in faults if fault.startswith(HARMS)]
        self.control_trials += 1
        self.harmed += bool(harms)
        self.harms += harms

    def blame(self, faults: Sequence[str]) -> None:
        """Something found over all trials together."""
        self.failures += len(faults)
        self.faults += faults

    def prove(self, product: Site, trials: Sequence[Trial], *, control: Site, control_trials: Sequence[Trial]) -> None:
        """Try the product, look at its whole database, try the control; then fail where it must.

        What was found is written down even where a trial breaks off; `make chaos` then reports an error.
        """
        try:
            with product.in_process():
                for trial in trials:
                    self.count(trial(product))
                self.blame(whole())
            with control.in_process():
                for trial in control_trials:
                    self.count_control(trial(control))
        finally:
            self.record()
        assert self.faults == [], "\n".join(self.faults)
        assert self.harmed > 0, f"the control of “{self.name}” showed no harm: the proof proves nothing"


def events_of(pks: Sequence[int]) -> dict[int, int]:
    counts = dict.fromkeys(pks, 0)
    for pk in CaseEvent.objects.filter(case__in=pks).values_list("case", flat=True):
        counts[pk] += 1
    return counts


def broken_chains(pks: Sequence[int]) -> list[str]:
    """Every event follows the one before it, and the case stands where its last event left it."""
    faults = []
    for case in Case.objects.filter(pk__in=pks):
        head = ""
        events = list(CaseEvent.objects.filter(case=case).order_by("seq", "id"))
        for place, event in enumerate(events, start=1):
            if event.seq != place or event.previous != head:
                faults.append(f"chain: event {event.seq} of case {case.pk} does not follow event {place - 1}")
                break
            head = event.digest
        last = events[-1] if events else None
        if last is not None and (case.seq, case.head) != (len(events), head):
            faults.append(f"lost: case {case.pk} counts {case.seq} moves and has {len(events)} events")
        if last is not None and (case.state, case.stage) != (last.state, last.to_stage):
            faults.append(f"state: case {case.pk} does not stand where its last event left it")
    return faults


def judge(contest: Contest, answers: Sequence[Answer | Exception], before: dict[int, int]) -> list[str]:
    """Faults of one trial: not exactly one outcome, an event too few or too many, somebody left in the dark."""
    faults = [f"{ERROR}{answer!r}" for answer in answers if isinstance(answer, Exception) or answer.status >= 500]
    told = [answer for answer in answers if isinstance(answer, Answer)]
    after = events_of(contest.cases)
    for pk in contest.cases:
        new, winners = after[pk] - before[pk], sum(pk in answer.done for answer in told)
        if new != 1:
            faults.append(f"double: case {pk} moved {new} times" if new else f"nothing: case {pk} did not move")
        if contest.one_form:
            if winners != len(contest.presses):
                faults.append(f"{UNTOLD}{winners} of {len(contest.presses)} got the first result")
        elif winners != 1:
            faults.append(
                f"{'double' if winners else 'nobody'}: {winners} contenders were told that case {pk} is theirs"
            )
    for press, answer in zip(contest.presses, answers, strict=True):
        if not isinstance(answer, Answer):
            continue
        if answer.done | answer.beaten != press.cases:
            faults.append(f"{UNTOLD}somebody does not know what became of {set(press.cases)}: {answer}")
    return faults + broken_chains(contest.cases)


def whole() -> list[str]:
    """All chains recomputed, all counters counted again."""
    faults = [f"verify_events: {fault}" for fault in verify_events().faults]
    return faults + [f"counters: {difference}" for difference in recount()]
