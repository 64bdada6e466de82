"""A seat is (organisation, stage, case type): menu entry, queue, counter and authority in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db import connection, models

from workflow.actors import Actor
from workflow.enums import ChainStatus, Role
from workflow.models import ChainVersion, Duty, Organisation, Region, SeatCounter, Stage, route_of


@dataclass(frozen=True, slots=True)
class Seat:
    organisation: Organisation
    case_type: str
    stage: Stage

    @property
    def organisation_id(self) -> int:
        return self.organisation.pk

    @property
    def key(self) -> tuple[str, str]:
        return self.case_type, self.stage.slug


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in a seat, and how much of it is overdue."""

    count: int = 0
    overdue: int = 0


@dataclass(slots=True)
class Post:
    """A duty with its seats and what waits in each: ``waiting`` {(case type, stage): what waits}."""

    duty: Duty
    seats: list[Seat] = field(default_factory=list)
    waiting: dict[tuple[str, str], Waiting] = field(default_factory=dict)
    # The user is the unit's administrator too.
    also_manages: bool = False


def posts_of(user_id: int, day: date) -> list[Post]:
    """The posts that this user has on this day, in the order of the duties; one statement for all that a page asks.

    Every signed-in page runs it, so it is written out: the ORM takes longer to compose it than the database to answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(_posts_sql(connection.vendor), [ChainStatus.PUBLISHED, day, user_id, *[day] * 4])
        rows = cursor.fetchall()
    posts = [_post_of(_duty_of(person), chains or "", counters or "") for *person, chains, counters in rows]
    return _beside_work(posts)


def _beside_work(posts: list[Post]) -> list[Post]:
    """Whoever works for a unit and keeps its users does both in one post: there is nothing to change between."""
    managed = {post.duty.organisation_id for post in posts if post.duty.role == Role.MANAGER}
    worked = {post.duty.organisation_id for post in posts if post.duty.role != Role.MANAGER}
    for post in posts:
        post.also_manages = post.duty.organisation_id in managed
    return [post for post in posts if post.duty.role != Role.MANAGER or post.duty.organisation_id not in worked]


@cache
def _posts_sql(vendor: str) -> str:
    """A duty a row, with the published chains as "id,id" and the counters of its office as "type stage n late,…".

    What is read once needs no join: the planner takes longer over the joins than the database over the rows.
    """
    joined = "string_agg" if vendor == "postgresql" else "group_concat"
    columns = ", ".join([*_columns("d", Duty), *_columns("o", Organisation), *_columns("r", Region)])
    counter = "w.case_type || ' ' || w.stage || ' ' || w.waiting || ' ' || CASE WHEN w.due_on < %s THEN 1 ELSE 0 END"
    on_the_day = "{0}.starts_on <= %s AND ({0}.ends_on IS NULL OR {0}.ends_on >= %s)"
    return f"""
        SELECT {columns},
            (SELECT {joined}(CAST(c.id AS text), ',') FROM {_table(ChainVersion)} c WHERE c.status = %s),
            (SELECT {joined}({counter}, ',') FROM {_table(SeatCounter)} w WHERE w.organisation_id = o.id)
        FROM {_table(Duty)} d
        JOIN {_table(Organisation)} o ON o.id = d.organisation_id
        JOIN {_table(Region)} r ON r.code = o.region_id
        WHERE d.user_id = %s AND o.active AND {on_the_day.format("d")} AND (d.stands_in_for_id IS NULL OR EXISTS (
            SELECT 1 FROM {_table(Duty)} a
            WHERE a.user_id = d.stands_in_for_id AND a.organisation_id = d.organisation_id AND a.role = d.role
                AND a.stands_in_for_id IS NULL AND {on_the_day.format("a")}
        ))
        ORDER BY d.id
    """  # noqa: S608


def _post_of(duty: Duty, chains: str, counters: str) -> Post:
    post = Post(duty)
    for route in sorted(map(route_of, map(int, filter(None, chains.split(",")))), key=lambda r: r.chain.case_type):
        for stage in route.stages:
            if stage.hand_moved and (stage.actor_kind, stage.role) == (duty.organisation.kind, duty.role):
                post.seats.append(Seat(duty.organisation, route.chain.case_type, stage))
    found: dict[tuple[str, str], list[int]] = {seat.key: [0, 0] for seat in post.seats}
    for counter in filter(None, counters.split(",")):
        case_type, slug, count, is_late = counter.split(" ")
        if here := found.get((case_type, slug)):
            here[0] += int(count)
            here[1] += int(count) * int(is_late)
    post.waiting = {key: Waiting(count, overdue) for key, (count, overdue) in found.items()}
    return post


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(alias: str, model: type[models.Model]) -> Iterator[str]:
    yield from (f"{alias}.{connection.ops.quote_name(str(f.column))}" for f in model._meta.concrete_fields)


def _duty_of(values: Sequence[Any]) -> Duty:
    """The duty with its organisation and region out of one row."""
    found: list[Any] = []
    for model in (Duty, Organisation, Region):
        names = [f.attname for f in model._meta.concrete_fields]
        found.append(model.from_db(connection.alias, names, values[: len(names)]))
        values = values[len(names) :]
    duty: Duty = found[0]
    duty.organisation, duty.organisation.region = found[1:]
    return duty


def seats_of(actor: Actor) -> list[Seat]:
    """One query: the stages of all published chains in which this duty acts, in the order of the chains."""
    if actor.organisation is None:
        return []
    stages = (
        Stage.objects.filter(
            chain__status=ChainStatus.PUBLISHED, actor_kind=actor.organisation.kind, role=actor.role, hand_moved=True
        )
        .select_related("chain")
        .order_by("chain__case_type", "position")
    )
    return [Seat(actor.organisation, stage.chain.case_type, stage) for stage in stages]


def seat_of(actor: Actor, case_type: str, stage: str) -> Seat | None:
    """The actor's seat at this stage, or None where the duty has no authority."""
    return next((seat for seat in seats_of(actor) if seat.key == (case_type, stage)), None)
