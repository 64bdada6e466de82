"""Two people at the same moment, over HTTP, against two real web processes and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from tests.fire.judge import Tally, events_of, judge, pick
from tests.fire.races import RACES, Answer, Contest, Press, Ring
from tests.fire.site import Site

pytestmark = [pytest.mark.services]

PAIRS = pick(1, 100)
CONTROLS = pick(1, 20)
HOW = (
    "over HTTP against two gunicorn processes; every other trial holds the row until all contenders wait in "
    "mid-transaction, the others start at one barrier. Control: the same portal, each case read, moved and saved "
    "without lock, revision and token"
)


def run(site: Site, contest: Contest, *, held: bool) -> list[Answer | Exception]:
    """All contenders press at once; with ``held`` they surely meet inside their transactions."""
    start = Barrier(len(contest.presses))

    def press(one: Press) -> Answer:
        start.wait(timeout=30)
        return one.send()

    with ThreadPoolExecutor(len(contest.presses)) as crowd:
        if not held:
            return [_result(sent.result) for sent in [crowd.submit(press, one) for one in contest.presses]]
        with site.holding("SELECT 1 FROM workflow_case WHERE id = %s FOR UPDATE", contest.held) as release:
            sent = [crowd.submit(press, one) for one in contest.presses]
            site.until_waiting(len(contest.presses), lambda: any(one.done() for one in sent))
            release()
        return [_result(one.result) for one in sent]


def _result(ask: Callable[[], Answer]) -> Answer | Exception:
    try:
        return ask()
    except Exception as error:
        return error


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_race_has_one_outcome_and_everybody_knows_it(
    race: Callable[[Ring], Contest], product: Site, control: Site
) -> None:
    tally = Tally(race.__name__, HOW)
    ring, naive = Ring(product.town, product.web), Ring(control.town, control.web)

    tally.prove(
        product,
        [partial(_trial, race, ring, held=True), partial(_trial, race, ring, held=False)] * PAIRS,
        control=control,
        control_trials=[partial(_trial, race, naive, held=True)] * CONTROLS,
    )


def _trial(race: Callable[[Ring], Contest], ring: Ring, site: Site, *, held: bool) -> list[str]:
    contest = race(ring)
    before, deadlocks = events_of(contest.cases), site.deadlocks()
    answers = run(site, contest, held=held)
    return judge(contest, answers, before) + ["deadlock: the database had to choose"] * (site.deadlocks() - deadlocks)
