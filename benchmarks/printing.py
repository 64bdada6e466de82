"""Figure 6: the application form against WeasyPrint alone, its fonts cut by HarfBuzz, a thousand forms as one zip.

The job's memory is taken in a fresh process that stands for the worker, its printing processes included:
python -m benchmarks.printing DATABASE FORMS.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from copy import copy
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()

from weasyprint import HTML
from weasyprint.pdf import fonts
from weasyprint.urls import URLFetcher, URLFetcherResponse

from accounts.models import User
from benchmarks.filling import clone_database, fill, officer_of, seat_at, use_database
from benchmarks.harness import Figure, Scale, interleave, ratio, spread
from portal.demo import graduates
from portal.demo.names import Crowd
from portal.demo.units import make_units
from portal.demo.walk import Walker
from subsidies.models import RentApplication
from workflow import clock, registry
from workflow.enums import Action, JobState
from workflow.models import Act, Case, CaseEvent, Filing, Job
from workflow.printing import read_resource
from workflow.registry import Look
from workflow.services.jobs import claim_job, run_job
from workflow.services.printouts import print_paper, start_printing
from workflow.typesetting import BASE_URL, has_fast_fonts

DATABASE, STAGE = "bench_printing", "county_hr"
# A worker that prints takes its processes with it: two of about 140 MB.
MOST_MEMORY = 400


def figures(scale: Scale) -> Iterator[Figure]:
    forms = scale.pick(8, 1_000)
    _prepare(forms)
    yield from _single(scale)
    yield from _many(forms)


def _prepare(forms: int) -> None:
    """Cases at the county's desk, each with a form that the real services have written for one of them."""
    clone_database(DATABASE)
    seat = seat_at(STAGE)
    fill(forms + 100, seat=seat, waiting=forms)
    model = _file_one()
    application, filing = RentApplication.objects.get(case=model), Filing.objects.get(case=model)
    cases = list(Case.objects.in_seat(seat))
    RentApplication.objects.bulk_create(_copy(application, case=case) for case in cases)
    Filing.objects.bulk_create(_copy(filing, pk=None, case=case, content=_named(filing, case)) for case in cases)
    for event in CaseEvent.objects.filter(case=model, action=Action.APPROVE).order_by("seq"):
        act = Act.objects.create(action=event.action, case_type=model.case_type, at=clock.now(), asked=1, done=1)
        CaseEvent.objects.bulk_create(_copy(event, pk=None, case=case, act=act) for case in cases)


def _file_one() -> Case:
    walker, crowd = Walker(), Crowd(seed=1, today=clock.today(), first=1)
    unit, invented = make_units(walker)[0], crowd.next()
    walker = Walker()
    with clock.travelling(-90):
        user: User = graduates.settle(graduates.register(invented, unit, "bench_graduate"), walker)
    case = graduates.submit(graduates.fill_in(user, invented, months=6), user)
    for opinion in ("情况属实，同意申报。", "已核对，同意上报。"):
        walker.step([case], opinion=opinion)
    return Case.objects.get(pk=case)


def _copy(row, **changes):  # type: ignore[no-untyped-def]
    """A row like this one; ``pk=None`` gives it a key of its own."""
    other = copy(row)
    other._state = copy(row._state)
    other._state.adding = True
    for name, value in changes.items():
        setattr(other, name, value)
    return other


def _named(filing: Filing, case: Case) -> object:
    """The form's content under the name of its case, so that no two documents need the same glyphs."""
    content = json.loads(json.dumps(filing.content))
    for section in content["sections"]:
        for row in section["rows"]:
            if row["key"] == "name":
                row["value"] = case.subject
    return content


def _single(scale: Scale) -> Iterator[Figure]:
    actor, document = officer_of(seat_at(STAGE)), _document()
    cases = list(Case.objects.in_seat(seat_at(STAGE))[: scale.pick(1, 5)])
    pages = list(document.pages(cases, Look(actor, "benchmark")))
    sides = {
        "portal": lambda: [print_paper(case, document, actor) for case in cases],
        "weasyprint": lambda: [_alone(page) for page in pages],
    }
    taken = interleave(sides, rounds=7)
    yield Figure(
        "form: the portal / WeasyPrint alone", ratio(taken, "portal", "weasyprint"), 1.3, "×",
        f"{len(cases)} forms in turn, database, permission, log of looks and template included:"
        f" {spread(taken, 'portal')}; WeasyPrint on the same HTML {spread(taken, 'weasyprint')}",
    )  # fmt: skip
    assert has_fast_fonts(), "libharfbuzz-subset0 is missing: make bench installs it, or names it"
    taken = interleave(
        {"harfbuzz": lambda: _alone(pages[0]), "fonttools": lambda: _slowly(pages[0])},
        rounds=scale.pick(1, 3),
        warm_up=scale.pick(0, 1),
    )
    yield Figure(
        "form: fontTools / HarfBuzz", ratio(taken, "fonttools", "harfbuzz"), 2.0, "×",
        f"one form, fonts cut by fontTools {spread(taken, 'fonttools')}, by HarfBuzz {spread(taken, 'harfbuzz')}",
        at_least=True,
    )  # fmt: skip


def _many(forms: int) -> Iterator[Figure]:
    few, many = (_in_fresh_process(count) for count in (max(forms // 10, 4), forms))
    yield Figure(
        "zip of forms: forms a second", forms / many["seconds"], None, "/s",
        f"{forms:,} forms in {many['seconds']:.1f} s, {many['size'] / 1e6:.0f} MB,"
        f" {many['processes']:.0f} printing processes",
    )  # fmt: skip
    yield Figure(
        "zip of forms: peak memory above idle", many["peak"] - many["idle"], MOST_MEMORY, "MB",
        f"{forms:,} forms, the worker and its printing processes together; the worker alone"
        f" {many['own'] - many['idle']:.0f} MB above its idle {many['idle']:.0f} MB",
    )  # fmt: skip
    yield Figure(
        "zip of forms: memory that ten times the forms add", many["peak"] - few["peak"], 60, "MB",
        f"peak with {few['forms']:.0f} forms {few['peak']:.0f} MB, with {forms:,} forms {many['peak']:.0f} MB",
    )  # fmt: skip


def _document() -> registry.Document:
    (document,) = registry.case_types["graduate_rent"].documents
    return document


def _fetch(url: str) -> object:
    if url.startswith("data:"):
        return URLFetcher(allowed_protocols=["data"])(url)
    content, kind = read_resource(url)
    return URLFetcherResponse(url, content, {"Content-Type": kind})


def _alone(page: str) -> bytes:
    """As WeasyPrint's own documentation has it."""
    return bytes(HTML(string=page, base_url=BASE_URL, url_fetcher=_fetch).write_pdf())


def _slowly(page: str) -> bytes:
    """As it is where libharfbuzz-subset0 is missing, without the warning."""
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    kept, fonts.harfbuzz_subset = fonts.harfbuzz_subset, None
    try:
        return _alone(page)
    finally:
        fonts.harfbuzz_subset = kept


def _in_fresh_process(forms: int) -> dict[str, float]:
    answer = subprocess.check_output([sys.executable, "-m", "benchmarks.printing", DATABASE, str(forms)])
    return dict(json.loads(answer.splitlines()[-1]))


def _memory(pid: int, key: str = "VmRSS") -> float:
    """MB of a process; 0 for one that has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(key)), 0)


def _children() -> list[int]:
    tasks = Path("/proc/self/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]


class Watch(threading.Thread):
    """The greatest sum of this process and its children, looked at twenty times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.own, self.processes, self.over = 0.0, 0.0, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.05):
            own, children = _memory(os.getpid()), _children()
            self.own, self.peak = max(self.own, own), max(self.peak, own + sum(map(_memory, children)))
            self.processes = max(self.processes, len(children))


def main(database: str, forms: int) -> None:
    use_database(database)
    seat = seat_at(STAGE)
    actor, cases = officer_of(seat), list(Case.objects.in_seat(seat).values_list("pk", flat=True)[:forms])
    start_printing(_document(), seat.case_type, cases, actor)
    idle, watch = _memory(os.getpid()), Watch()
    watch.start()
    began = time.perf_counter()
    claimed = claim_job()
    assert claimed is not None
    run_job(claimed)
    seconds = time.perf_counter() - began
    watch.over.set()
    watch.join()
    job = Job.objects.get(pk=claimed.pk)
    assert (job.state, job.done, job.refused) == (JobState.DONE, forms, 0), job.error
    with job.result.open() as file, zipfile.ZipFile(file) as archive:
        assert len(set(archive.namelist())) == forms
    answer = {
        "forms": forms, "seconds": seconds, "size": job.result.size, "idle": idle, "own": watch.own,
        "peak": watch.peak, "processes": watch.processes,
    }  # fmt: skip
    job.result.delete()
    print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
