"""Figures 2 and 3: the queue page of a seat over HTTP, from ten thousand to millions of cases; its to-do counts.

One case in fifty waits in the seat, scattered between the others. A third of these share a surname, so that a name
found often fills a page in every database; five bear a rare one. Every database has its own gunicorn of one process.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from benchmarks.filling import clone_database, fill, officer_of, seat_at, use_database
from benchmarks.harness import Figure, Scale, interleave, spread
from benchmarks.queue_peers import STATEMENTS
from benchmarks.web import Officer, serve, sign_in
from workflow import clock
from workflow.enums import Action
from workflow.lookup_keys import identity_key
from workflow.models import Case
from workflow.sealing import seal
from workflow.seats import Seat, posts_of
from workflow.services.counters import recount
from workflow.services.perform import Seen, perform

STAGE, SHARE = "county_hr", 50
SMALL = 10_000
COMMON, RARE, NUMBER = "王", "欧阳", "130921199903070011"
SETTINGS = "benchmarks.portal_settings"
# What Django makes of the foreign keys when nobody says otherwise.
PLAIN_KEYS = ("holder_id", "chain_id", "supervisor_id", "region_id")
OWN_INDEXES = ("case_queue", "case_queue_by_name", "case_due")
COUNT_ROUNDS, COUNTS_AT_ONCE = 20, 20
Taken = dict[str, list[float]]


@dataclass(slots=True)
class Place:
    """One database with its server, its officer, and the queries of the pages that are asked there."""

    database: str
    officer: Officer
    kinds: dict[str, str]
    statements: dict[str, list[int]] = field(default_factory=dict)

    def page(self, kind: str, prefix: str = "") -> Callable[[], None]:
        address = prefix + reverse("workflow:queue", args=["graduate_rent", STAGE]) + self.kinds[kind]

        def ask() -> None:
            _body, headers = self.officer.ask(address)
            self.statements.setdefault(prefix + kind, []).append(int(headers[STATEMENTS]))

        return ask

    def html(self, kind: str, prefix: str = "") -> str:
        address = prefix + reverse("workflow:queue", args=["graduate_rent", STAGE]) + self.kinds[kind]
        body, _headers = self.officer.ask(address)
        return re.sub(r"csrfmiddlewaretoken\" value=\"\w+|X-CSRFToken\": \"\w+|=~[\w-]+", "", body.decode())


def figures(scale: Scale) -> Iterator[Figure]:
    sizes = [SMALL, 1_000_000, 5_000_000] if scale.full else [SMALL, 100_000]
    for size in sizes:
        _make(size)
    _make_plain(sizes[1])
    rounds = scale.pick(20, 150)
    with ExitStack() as stack:
        places = {size: _open(stack, _name(size)) for size in sizes}
        plain = _open(stack, _plain_name(sizes[1]))
        _same_html(places[sizes[1]])
        pages = _measure_pages(places, sizes[1], rounds)
        peers = _measure_peers(places[sizes[1]], plain, max(5, rounds // 4))
    yield _statements(places)
    for size in sizes[1:]:
        yield _growth(pages, size, 1.2 if size > 1_000_000 else 1.1)
    yield _over_floor(pages, sizes[1])
    yield from _against_peers(peers, sizes[1], judged=scale.full)
    yield from _counts(sizes)


def _name(size: int) -> str:
    return f"bench_queue_{size}"


def _plain_name(size: int) -> str:
    return f"bench_queue_plain_{size}"


def _make(size: int) -> None:
    clone_database(_name(size))
    seat = seat_at(STAGE)
    fill(size, seat=seat, waiting=size // SHARE, scattered=True)
    waiting = Case.objects.in_seat(seat)
    first = list(waiting.order_by("pk").values_list("pk", flat=True)[:6])
    with connection.cursor() as cursor:
        where = "state = 'in_review' AND holder_id = %s AND stage = %s"
        keys = [seat.organisation_id, STAGE]
        cursor.execute(f"UPDATE workflow_case SET subject = '{COMMON}' || subject WHERE {where} AND id %% 3 = 0", keys)
        cursor.execute("UPDATE workflow_case SET subject = %s || subject WHERE id = ANY(%s)", [RARE, first[:5]])
        cursor.execute("UPDATE workflow_case SET subject_key = %s WHERE id = %s", [identity_key(NUMBER), first[5]])
        cursor.execute("VACUUM ANALYZE workflow_case")


def _make_plain(size: int) -> None:
    """The same rows under the indexes that Django makes of the fields alone."""
    clone_database(_plain_name(size), _name(size))
    with connection.cursor() as cursor:
        for name in OWN_INDEXES:
            cursor.execute(f"DROP INDEX {name}")
        for column in PLAIN_KEYS:
            cursor.execute(f"CREATE INDEX ON workflow_case ({column})")
        cursor.execute("VACUUM ANALYZE workflow_case")


def _open(stack: ExitStack, database: str) -> Place:
    use_database(database)
    seat = seat_at(STAGE)
    port = stack.enter_context(serve(SETTINGS))
    return Place(database, Officer(port, sign_in(officer_of(seat).user)), _kinds(seat))


def _kinds(seat: Seat) -> dict[str, str]:
    """{kind of page: its query}; the days are the middle half of those on which the waiting cases were filed."""
    days = Case.objects.in_seat(seat).order_by("submitted_at").values_list("submitted_at", flat=True)
    count = days.count()
    since, until = (timezone.localdate(days[count * quarter // 4]).isoformat() for quarter in (1, 3))
    filters = {
        "all": {},
        "identity number": {"id_number": seal(NUMBER)},
        "name": {"name": COMMON},
        "rare name": {"name": RARE},
        "days": {"submitted_from": since, "submitted_to": until},
    }
    found = {}
    for name, query in filters.items():
        found[f"{name}, first"] = f"?{urlencode(query)}"
        if name in ("all", "name", "days"):
            found[f"{name}, last"] = f"?{urlencode(query | {'last': '1'})}"
    return found


def _same_html(place: Place) -> None:
    for kind in place.kinds:
        if place.html(kind) != place.html(kind, "/floor"):
            raise RuntimeError(f"The floor shows another page: {kind}.")


def _measure_pages(places: dict[int, Place], size: int, rounds: int) -> Taken:
    sides = {f"{n} {kind}": place.page(kind) for n, place in places.items() for kind in place.kinds}
    sides |= {f"floor {kind}": places[size].page(kind, "/floor") for kind in places[size].kinds}
    return interleave(sides, rounds=rounds, warm_up=2)


def _statements(places: dict[int, Place]) -> Figure:
    """Once in half a minute the session notes its use, once a minute a process reads the calendar: not of the page."""
    own = {
        f"{kind} at {size:,}": int(median(counts))
        for size, place in places.items()
        for kind, counts in place.statements.items()
        if not kind.startswith("/")
    }
    most = max(own, key=lambda kind: own[kind])
    how = f"most of {len(own)} kinds of pages: {most}; session, account, duties with their counts, cases"
    return Figure("queue page: data statements", own[most], 4, "statements", how)


def _worst(pages: Taken, over: str, under: str) -> tuple[float, str]:
    """(the largest ratio of medians, all of them as text)"""
    kinds = [side.removeprefix(f"{under} ") for side in pages if side.startswith(f"{under} ")]
    ratios = {kind: median(pages[f"{over} {kind}"]) / median(pages[f"{under} {kind}"]) for kind in kinds}
    worst = max(ratios, key=lambda kind: ratios[kind])
    both = f"{spread(pages, f'{over} {worst}')} over {spread(pages, f'{under} {worst}')}"
    listed = ", ".join(f"{kind} {value:.2f}" for kind, value in ratios.items())
    return ratios[worst], f"worst of {len(kinds)}: {worst}, {both}; {listed}"


def _growth(pages: Taken, size: int, limit: float) -> Figure:
    value, how = _worst(pages, str(size), str(SMALL))
    return Figure(f"queue page: {size:,} cases / {SMALL:,}", value, limit, "×", how)


def _over_floor(pages: Taken, size: int) -> Figure:
    value, how = _worst(pages, str(size), "floor")
    return Figure(f"queue page at {size:,} / the same HTML from objects", value, 1.5, "×", how)


def _measure_peers(place: Place, plain: Place, rounds: int) -> Taken:
    sides: dict[str, Callable[[], object]] = {}
    for kind in ("all, first", "all, last"):
        sides[f"own {kind}"] = place.page(kind)
        sides[f"plain {kind}"] = plain.page(kind, "/offset")
        sides[f"tuned {kind}"] = place.page(kind, "/offset")
    query = urlencode({"state__exact": "in_review", "stage__exact": STAGE})
    for where, one in (("plain", plain), ("tuned", place)):
        sides[f"{where} admin"] = lambda one=one: one.officer.ask(f"/peer-admin/workflow/case/?{query}")
    return interleave(sides, rounds=rounds, warm_up=1)


def _against_peers(peers: Taken, size: int, *, judged: bool) -> Iterator[Figure]:
    for where, title, limit in (
        ("plain", "OFFSET and COUNT", 10.0 if judged else None),
        ("tuned", "OFFSET and COUNT on our indexes", None),
    ):
        ratios = {
            kind: median(peers[f"{where} {kind}"]) / median(peers[f"own {kind}"])
            for kind in ("all, first", "all, last")
        }
        kind = min(ratios, key=lambda one: ratios[one])
        how = f"{kind} page: {spread(peers, f'{where} {kind}')} over {spread(peers, f'own {kind}')}; " + ", ".join(
            f"{one} {value:.1f}" for one, value in ratios.items()
        )
        yield Figure(f"{title} / queue page at {size:,}", ratios[kind], limit, "×", how, at_least=True)
    admin = median(peers["plain admin"]) / median(peers["own all, first"])
    both = f"{spread(peers, 'plain admin')}; on our indexes {spread(peers, 'tuned admin')}"
    how = f"first page filtered by state and stage: {both}"
    yield Figure(f"admin list / queue page at {size:,}", admin, None, "×", how, at_least=True)


def _counts(sizes: list[int]) -> Iterator[Figure]:
    """The statement that reads duties, seats and counts; then the counters after moves, against a recount."""
    taken: Taken = {str(size): [] for size in sizes}
    for _turn in range(3):
        for size in sizes:
            use_database(_name(size))
            user = officer_of(seat_at(STAGE)).user_id or 0
            sides = {str(size): partial(_read_counts, user)}
            taken[str(size)] += interleave(sides, rounds=COUNT_ROUNDS)[str(size)]
    largest = str(sizes[-1])
    value = median(taken[largest]) / median(taken[str(SMALL)])
    how = f"{COUNTS_AT_ONCE} times: {spread(taken, largest)} over {spread(taken, str(SMALL))}"
    yield Figure(f"to-do counts: {sizes[-1]:,} cases / {SMALL:,}", value, 1.1, "×", how)
    use_database(_name(SMALL))
    seat = seat_at(STAGE)
    seen = [Seen(*row) for row in Case.objects.in_seat(seat).order_by("pk").values_list("pk", "revision")[:100]]
    done = perform(Action.APPROVE, seen, officer_of(seat), stage=STAGE).done
    wrong = len(recount())
    how = f"counters that a recount finds wrong after a batch of {done} approvals"
    yield Figure("to-do counts: wrong counters", wrong if done else 1, 0, "counters", how)


def _read_counts(user: int) -> None:
    for _time in range(COUNTS_AT_ONCE):
        posts_of(user, clock.today())
