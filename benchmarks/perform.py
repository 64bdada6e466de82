"""Figure 1: ten thousand cases in one ``perform`` against the raw SQL that writes the same rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from importlib import import_module
from statistics import median

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.filling import clone_database, fill, officer_of, seat_at
from benchmarks.harness import Figure, Scale, interleave, ratio, spread
from workflow import clock
from workflow.deadlines import Calendars
from workflow.enums import Action
from workflow.models import Act, Case
from workflow.seats import Seat
from workflow.services.perform import Seen, perform

CASES = 10_000
# The digest covers what the product's digest covers: the head before, and the event as JSON.
RAW = """
WITH standing AS MATERIALIZED (
    SELECT id, applicant_id, due_on, seq + 1 AS seq, head AS previous FROM workflow_case
    WHERE id = ANY(%(ids)s) AND state = 'in_review' AND stage = %(stage)s AND holder_id = %(holder)s
    ORDER BY id FOR UPDATE
), hashed AS MATERIALIZED (
    SELECT *, encode(sha256(convert_to(previous || json_build_object(
        'case', id, 'seq', seq, 'act', %(act)s, 'actor', %(actor)s, 'organisation', %(holder)s,
        'action', 'approve', 'from_stage', %(stage)s, 'to_stage', %(next)s, 'state', 'in_review',
        'opinion_digest', '', 'payload', '{}'::json, 'filing', null, 'irreversible', false, 'at', %(at)s
    )::text, 'UTF8')), 'hex') AS digest FROM standing
), moved AS (
    UPDATE workflow_case c SET state = 'in_review', stage = %(next)s, holder_id = %(holder)s, resume_stage = '',
        entered_at = %(at)s, due_on = %(due)s, decided_at = coalesce(c.decided_at, %(at)s), closed_at = NULL,
        revision = c.revision + 1, seq = h.seq, head = h.digest
    FROM hashed h WHERE c.id = h.id RETURNING c.id
), told AS (
    INSERT INTO workflow_outboxmessage (kind, case_id, recipient_id, context, created_at, attempts, error)
    SELECT 'case.approve', id, applicant_id, json_build_object('seq', seq), %(at)s, 0, '' FROM hashed
), counted AS (
    INSERT INTO workflow_seatcounter (organisation_id, case_type, stage, due_on, waiting)
    SELECT %(holder)s, %(type)s, stage, due_on, sum(delta) FROM (
        SELECT %(stage)s AS stage, due_on, -1 AS delta FROM standing UNION ALL SELECT %(next)s, %(due)s, 1 FROM standing
    ) AS deltas GROUP BY stage, due_on ORDER BY stage, due_on
    ON CONFLICT (organisation_id, case_type, stage, due_on)
    DO UPDATE SET waiting = workflow_seatcounter.waiting + excluded.waiting
)
INSERT INTO workflow_caseevent (case_id, seq, act_id, actor_id, organisation_id, action, from_stage, to_stage, state,
    opinion, opinion_salt, opinion_digest, payload, irreversible, at, previous, digest)
SELECT id, seq, %(act)s::uuid, %(actor)s, %(holder)s, 'approve', %(stage)s, %(next)s, 'in_review',
    '', '', '', '{}', false, %(at)s, previous, digest FROM hashed
"""


class Desk:
    """Hands out sets of waiting cases, each set once."""

    def __init__(self, seat: Seat) -> None:
        self.seat, self.actor = seat, officer_of(seat)
        self.rows = list(Case.objects.in_seat(seat).order_by("pk").values_list("pk", "revision"))
        self.next = seat_next(seat)
        self.due = Calendars.of_regions([seat.organisation.region]).due_on(
            seat.organisation.region_id, clock.today(), self.next.working_days
        )

    def take(self, count: int = CASES) -> Sequence[tuple[int, int]]:
        taken, self.rows = self.rows[:count], self.rows[count:]
        if len(taken) < count:
            raise RuntimeError("No more cases wait.")
        return taken


def seat_next(seat: Seat):
    return Case(chain_id=seat.stage.chain_id).route.after(seat.stage.slug)


def product(desk: Desk) -> Act:
    act = perform(Action.APPROVE, [Seen(*row) for row in desk.take()], desk.actor, stage=desk.seat.stage.slug)
    assert act.done == CASES
    return act


def raw(desk: Desk) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        at, token, actor = timezone.now(), uuid.uuid4(), desk.actor
        cursor.execute(
            RAW,
            {
                "ids": [pk for pk, _revision in desk.take()], "act": str(token), "actor": actor.user_id,
                "holder": actor.organisation_id, "stage": desk.seat.stage.slug, "next": desk.next.slug, "at": at,
                "due": desk.due, "type": desk.seat.case_type,
            },
        )  # fmt: skip
        assert cursor.rowcount == CASES
        Act.objects.create(
            token=token, action=Action.APPROVE, case_type=desk.seat.case_type, stage=desk.seat.stage.slug,
            actor=actor.user, organisation=actor.organisation, at=at, asked=CASES, done=CASES,
        )  # fmt: skip


def statements(desk: Desk) -> int:
    with CaptureQueriesContext(connection) as captured:
        product(desk)
    return sum(not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for query in captured)


def naive(desk: Desk, count: int) -> None:
    """A case a transaction: what the first version of such a portal does."""
    for pk, revision in desk.take(count):
        act = perform(Action.APPROVE, [Seen(pk, revision)], desk.actor, stage=desk.seat.stage.slug)
        assert act.done == 1


def peers(desk: Desk, scale: Scale) -> Iterator[Figure]:
    """Cases a second; the peers decide fewer cases a round, for they are too slow for ten thousand."""
    count, rounds = scale.pick(200, 1_000), scale.pick(2, 4)
    sides = {"perform": lambda: product(desk), "one by one": lambda: naive(desk, count)}
    if settings.HAS_VIEWFLOW:
        batch = import_module("benchmarks.peers.viewflow_batch")
        batch.make_waiting_tasks(count * (rounds + 1))
        tasks = batch.Batch()
        sides["viewflow"] = lambda: tasks.decide(count)
    taken = interleave(sides, rounds=rounds)
    speed = {side: (CASES if side == "perform" else count) / median(seconds) for side, seconds in taken.items()}
    how = "; ".join(f"{side} {cases:,.0f} cases a second" for side, cases in speed.items())
    if "viewflow" in speed:
        yield Figure("perform / viewflow", speed["perform"] / speed["viewflow"], 50, "× its cases", how, at_least=True)
    yield Figure("perform / one by one", speed["perform"] / speed["one by one"], None, "× the cases", how)


def figures(scale: Scale) -> Iterator[Figure]:
    rounds, table = scale.pick(3, 7), scale.pick(200_000, 600_000)
    clone_database("bench_perform")
    seat = seat_at("county_hr")
    fill(table, seat=seat, waiting=CASES * (2 * (rounds + 1) + 7))
    desk = Desk(seat)
    count = statements(desk)
    taken = interleave({"perform": lambda: product(desk), "raw": lambda: raw(desk)}, rounds=rounds)
    how = f"{CASES} cases of {table}: {spread(taken, 'perform')} against {spread(taken, 'raw')}"
    yield Figure("perform / raw SQL", ratio(taken, "perform", "raw"), 2.0, "× of the raw time", how)
    yield Figure(
        "statements of a perform", count, 8, "data statements", f"for {CASES} cases, counted on the connection"
    )
    yield from peers(desk, scale)
