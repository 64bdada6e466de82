"""PostgreSQL killed, Redis gone and flushed: what was acknowledged stands, and what was asked for is done once."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from accounts.enums import Channel
from accounts.models import Notification
from tests.fire.crashes import Form, approval, busy_worker, once, rejection, undelivered
from tests.fire.judge import Tally, events_of, pick
from tests.fire.post import sent_to
from tests.fire.servers import HASTY_COMMITS, PAUSE, kill_tree, until
from tests.fire.site import Site, Worker
from workflow.models import Case

pytestmark = [pytest.mark.services]

CLERKS, FORMS_EACH = 4, pick(2, 4)
# So many answers are out when the server dies; the other forms are under way.
ANSWERED = 3
# So many are sent to see that messages arrive again.
MESSAGES = 10
# Longer than this nobody waits for a page.
PATIENCE = 20


# PostgreSQL -----------------------------------------------------------------------------------------------------------


def test_postgres_killed_loses_nothing_acknowledged(product: Site, control: Site) -> None:
    tally = Tally(
        "postgres_killed",
        "kill -9 of the postmaster and all its processes while four clerks approve one case after the other; "
        "restart, then the forms without an answer again. Control: synchronous_commit = off",
    )

    tally.prove(
        product,
        [partial(_postgres_killed, {})] * pick(1, 15),
        control=control,
        control_trials=[partial(_postgres_killed, HASTY_COMMITS)] * pick(1, 3),
    )


def _postgres_killed(settings: Mapping[str, str], site: Site) -> list[str]:
    server = site.postgres
    if settings:
        server.stop()
        server.start(**settings)
        server.freeze_writers()
    cases = site.town.filed(CLERKS * FORMS_EACH)
    forms = {case.pk: approval(site, case) for case in cases}
    # What has been prepared is on the disk in any case.
    server.execute("CHECKPOINT")
    acknowledged = _press_until_killed(site, forms)
    server.start()
    found = events_of(list(forms))
    faults = [f"lost: case {pk} was acknowledged and is not there" for pk in acknowledged if found[pk] != 2]
    if not site.has_guards:
        return faults
    for pk in forms.keys() - acknowledged:
        again = forms[pk].send()
        faults += [] if again.status == 302 else [f"error: the second try was answered with {again.status}"]
    return faults + [fault for case in cases for fault in once(case, 2, stage="unit_report")]


def _press_until_killed(site: Site, forms: Mapping[int, Form]) -> set[int]:
    """The cases whose approval was acknowledged before the server died."""
    acknowledged: set[int] = set()

    def press(pks: Sequence[int]) -> None:
        for pk in pks:
            if forms[pk].send_and_lose():
                acknowledged.add(pk)

    pks = list(forms)
    with ThreadPoolExecutor(CLERKS) as clerks:
        pressed = [clerks.submit(press, pks[n::CLERKS]) for n in range(CLERKS)]
        until(lambda: len(acknowledged) >= ANSWERED, "the first answers")
        site.postgres.kill()
        for one in pressed:
            one.result()
    return acknowledged


# Redis ----------------------------------------------------------------------------------------------------------------


def test_redis_gone_and_flushed_loses_no_message(
    product: Site, brisk_worker: Worker, control: Site, naive_worker: Worker
) -> None:
    tally = Tally(
        "redis_gone_and_flushed",
        "kill -9 of Redis while every worker has work in hand and more in front of it, cases sent back meanwhile, an "
        "empty Redis a minute (the others: three seconds) later; every other trial flushes it with everything that was "
        "sent. A worker that ends is started again, as docker-compose.yml does. Control: the message is a task of the "
        "broker",
    )
    lengths = pick(1, 60), *[3] * pick(0, 5)
    gone_and_flushed = [trial for seconds in lengths for trial in (partial(_redis_gone, seconds), _redis_flushed)]

    tally.prove(
        product,
        [*gone_and_flushed, _redis_hangs],
        control=control,
        control_trials=[partial(_redis_gone, 0)] * pick(1, 3),
    )


def test_worker_that_ended_is_started_again(product: Site, brisk_worker: Worker) -> None:
    ended = brisk_worker.process

    kill_tree(ended)

    with product.in_process():
        (case,) = product.town.filed()
        assert _send_back(product, case) + _told_once(product, [case]) == []
    assert brisk_worker.process is not ended


def _redis_gone(seconds: int, site: Site) -> list[str]:
    cases = site.town.filed(3)
    with busy_worker(site):
        site.redis.kill()
        begun = time.monotonic()
        try:
            # The page is opened and its form sent while there is no Redis.
            faults = [fault for case in cases for fault in _send_back(site, case)]
            while time.monotonic() - begun < seconds:
                time.sleep(PAUSE)
        finally:
            site.redis.start()
    return faults + _told_once(site, cases)


def _redis_flushed(site: Site) -> list[str]:
    cases = site.town.filed(3)
    faults = [fault for case in cases for fault in _send_back(site, case)]
    site.redis.flush()
    return faults + _told_once(site, cases)


def _redis_hangs(site: Site) -> list[str]:
    """It takes connections and answers nothing: people wait a few seconds, and their messages come later."""
    (case,) = site.town.filed()
    form = rejection(site, case)
    site.redis.freeze()
    begun = time.monotonic()
    try:
        answer = form.send()
    finally:
        site.redis.thaw()
    took = time.monotonic() - begun
    faults = [] if answer.status == 302 and took < PATIENCE else [f"error: {answer.status} after {took:.0f} s"]
    return faults + _told_once(site, [case])


def _send_back(site: Site, case: Case) -> list[str]:
    answer = rejection(site, case).send()
    return [] if answer.status == 302 else [f"error: sending back was answered with {answer.status}"]


def _told_once(site: Site, cases: Sequence[Case]) -> list[str]:
    if site.has_guards:
        until(lambda: not undelivered(cases), "every message to be delivered", 90)
    else:
        _wait_for_later_messages(site)
    faults = [f"lost: nobody told the applicant of case {case.pk}" for case in cases if not _told(case)]
    if site.has_guards:
        sent = {case.pk: sent_to(site.folder, case.applicant.phone) for case in cases}
        faults += [f"double: {n} text messages about case {pk}" for pk, n in sent.items() if n != 1]
    return faults


def _wait_for_later_messages(site: Site) -> None:
    """Until people are told again; the first messages after an outage may be lost on connections that died with it."""
    later: list[Case] = []

    def is_told() -> bool:
        if len(later) < MESSAGES:
            later.extend(site.town.filed())
            _send_back(site, later[-1])
        return any(map(_told, later))

    until(is_told, "the message of a case that came later", 90)


def _told(case: Case) -> int:
    return Notification.objects.filter(case=case, channel=Channel.STATION).count()
