"""Figure 4: the statements of one approval over HTTP: session, user, duty, case, decision."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from importlib import import_module

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.filling import clone_database, fill, officer_of, seat_at
from benchmarks.harness import Figure, Scale
from workflow.models import Case

CASES = 2_000
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def approve(client: Client, case: Case) -> None:
    data = {"token": str(uuid.uuid4()), "revision": case.revision, "opinion": ""}
    answer = client.post(reverse("workflow:decide", args=[case.pk, "approve"]), data)
    assert answer.status_code == 302, answer.status_code
    before, case.revision = case.revision, 0
    assert Case.objects.get(pk=case.pk).revision == before + 1


def figures(scale: Scale) -> Iterator[Figure]:
    clone_database("bench_approval")
    seat = seat_at("county_hr")
    fill(CASES, seat=seat, waiting=CASES // 10)
    first, second = Case.objects.in_seat(seat).order_by("pk")[:2]
    client = Client()
    client.force_login(officer_of(seat).user)
    approve(client, first)
    with CaptureQueriesContext(connection) as captured:
        approve(client, second)
    # The last one is our own look at the result.
    count = _count(captured) - 1
    how = "one POST of the case page's form, everything but BEGIN and COMMIT"
    if settings.HAS_VIEWFLOW:
        how += f"; viewflow without HTTP, session and user: {viewflow()}"
    yield Figure("statements of one approval", count, 12, "statements", how)


def viewflow() -> int:
    batch = import_module("benchmarks.peers.viewflow_batch")
    batch.make_waiting_tasks(2)
    tasks = batch.Batch()
    tasks.decide(1)
    with CaptureQueriesContext(connection) as captured:
        tasks.decide(1)
    return _count(captured)


def _count(captured: CaptureQueriesContext) -> int:
    return sum(not query["sql"].startswith(TRANSACTION) for query in captured)
