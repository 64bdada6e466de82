"""Processes that die in the middle: nothing acknowledged is lost, nothing happens twice, work goes on by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.fire.crashes import (
    BATCH,
    CAUGHT,
    GATE,
    Form,
    approval,
    batch_faults,
    ended,
    list_faults,
    once,
    sending,
    start_batch,
    start_list,
    submission,
    take,
    taken_up,
)
from tests.fire.judge import Tally, events_of, pick
from tests.fire.servers import until
from tests.fire.site import Site, Worker
from workflow.enums import Action
from workflow.models import Case
from workflow.services.counters import recount
from workflow.services.jobs import cancel_job

pytestmark = [pytest.mark.services]

HOLD_CASE = "SELECT 1 FROM workflow_case WHERE id = %s FOR UPDATE"
HOLD_COUNTERS = "SELECT 1 FROM workflow_seatcounter FOR UPDATE"


# The web process ------------------------------------------------------------------------------------------------------


def test_web_killed_in_mid_submit_leaves_nothing_half_done(product: Site, control: Site) -> None:
    tally = Tally(
        "web_killed_in_mid_submit",
        "kill -9 of both web processes while the submission waits for the counters, its rows written and not "
        "committed; then the same form again. Control: no transaction around the writes",
    )

    tally.prove(
        product,
        [_killed_in_mid_submit] * pick(1, 30),
        control=control,
        control_trials=[_killed_in_mid_submit] * pick(1, 5),
    )


def _killed_in_mid_submit(site: Site) -> list[str]:
    # The seat has a counter once somebody has filed.
    site.town.filed()
    case, differing = site.town.draft().case, set(map(str, recount()))
    form = submission(site, case)
    with site.holding(HOLD_COUNTERS) as release, sending(form) as answer:
        site.until_waiting()
        site.web.kill_processes()
        release()
        faults = ["error: an answer came out of a killed process"] if answer.result() else []
    site.until_still()
    faults += [f"half: {n} events of a submission that nobody finished" for n in events_of([case.pk]).values() if n]
    site.web.wait()
    again = form.send()
    faults += [] if again.status == 302 else [f"error: the second try was answered with {again.status}"]
    faults += [f"half: {row}" for row in set(map(str, recount())) - differing]
    return faults + once(case, 1, stage="unit")


@pytest.mark.parametrize("press", [submission, approval], ids=lambda press: press.__name__)
def test_answer_lost_after_the_commit_is_given_again(
    press: Callable[[Site, Case], Form], product: Site, control: Site
) -> None:
    tally = Tally(
        f"answer_lost_after_commit_of_{press.__name__}",
        "kill -9 of both web processes after the commit and before the answer (the broker stands still, so that "
        "the request waits there); then the same form again. Control of the approval: no token",
    )

    tally.prove(
        product,
        [partial(_answer_lost, press)] * pick(1, 20),
        control=control,
        control_trials=[partial(_answer_lost, approval)] * pick(1, 5),
    )


def _answer_lost(press: Callable[[Site, Case], Form], site: Site) -> list[str]:
    is_filed = press is approval
    case = site.town.filed()[0] if is_filed else site.town.draft().case
    form = press(site, case)
    site.redis.freeze()
    try:
        with sending(form):
            until(lambda: events_of([case.pk])[case.pk] == 1 + is_filed, "the commit")
            site.web.kill_processes()
    finally:
        site.redis.thaw()
    site.web.wait()
    again = form.send()
    faults = [] if again.status == 302 else [f"error: the second try was answered with {again.status}"]
    return faults + once(case, 1 + is_filed, stage="unit_report" if is_filed else "unit")


# The worker -----------------------------------------------------------------------------------------------------------


def test_worker_killed_in_mid_batch_is_followed_by_another(
    product: Site, brisk_worker: Worker, control: Site, naive_worker: Worker
) -> None:
    tally = Tally(
        "worker_killed_in_mid_batch",
        "kill -9 of the working processes while the second chunk of a batch waits for a row, its first chunk "
        "committed. Control: a job that was taken belongs to nobody else (no lease, early ack)",
    )

    tally.prove(
        product,
        [partial(_killed_in_mid_batch, brisk_worker)] * pick(1, 20),
        control=control,
        control_trials=[partial(_killed_in_mid_batch, naive_worker)] * pick(1, 3),
    )


def _killed_in_mid_batch(worker: Worker, site: Site) -> list[str]:
    cases = site.town.filed(BATCH)
    before = events_of([case.pk for case in cases])
    with site.holding(HOLD_CASE, sorted(before)[CAUGHT]) as release:
        job = start_batch(site, cases, Action.SEND_BACK)
        site.until_waiting()
        worker.kill_hands()
        release()
    site.until_still()
    return taken_up(site, job) or batch_faults(site, job, cases, before)


def test_worker_killed_in_mid_export_is_followed_by_another(
    product: Site, brisk_worker: Worker, control: Site, naive_worker: Worker
) -> None:
    tally = Tally(
        "worker_killed_in_mid_export",
        "kill -9 of the working processes at the first, second or third write of a running export (progress, "
        "result). Control: a job that was taken belongs to nobody else (no lease, early ack)",
    )
    steps = [3, 1, 2]

    tally.prove(
        product,
        [partial(_killed_in_mid_export, brisk_worker, step) for step in (steps * 7)[: pick(1, 21)]],
        control=control,
        control_trials=[partial(_killed_in_mid_export, naive_worker, step) for step in steps[: pick(1, 3)]],
    )


def _killed_in_mid_export(worker: Worker, step: int, site: Site) -> list[str]:
    site.town.filed()
    site.postgres.execute("ALTER SEQUENCE fire_step RESTART", site.database)
    with site.holding("SELECT pg_advisory_xact_lock(%s, %s)", GATE, step) as release:
        job = start_list(site)
        site.until_waiting(1, ended(job))
        if ended(job)():
            return ["error: the export ended before it was killed"]
        worker.kill_hands()
        release()
    site.until_still()
    faults = taken_up(site, job) or list_faults(site, job)
    # Whoever asks for the same list again is given the job under way, and in the control nobody ends it.
    cancel_job(job)
    return faults


def test_job_delivered_three_times_is_done_once(
    product: Site, brisk_worker: Worker, control: Site, naive_worker: Worker
) -> None:
    tally = Tally(
        "job_delivered_three_times",
        "three processes run the same decision at once; all wait for one row in mid-transaction. "
        "Control: the same without lock, revision and token",
    )

    tally.prove(
        product,
        [_delivered_three_times] * pick(1, 50),
        control=control,
        control_trials=[_delivered_three_times] * pick(1, 5),
    )


def _delivered_three_times(site: Site) -> list[str]:
    cases = site.town.filed(2)
    before = events_of([case.pk for case in cases])
    with site.holding(HOLD_CASE, min(before)) as release:
        job = start_batch(site, cases, Action.SEND_BACK)
        take(job)
        for _time in range(3):
            site.knock("fire.deliver", job.pk)
        site.until_waiting(3)
        release()
    until(ended(job), "the job to end", 60)
    site.until_still()
    return batch_faults(site, job, cases, before)
