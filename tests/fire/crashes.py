"""What is under way when something dies, and what must be found when it is back."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import openpyxl
from django.http import QueryDict

from accounts.models import TextMessage
from subsidies.enums import GRADUATE_RENT
from subsidies.models import MonthClaim
from tests.fire import CHUNK
from tests.fire.browser import Browser, NoAnswer, Page
from tests.fire.judge import broken_chains, events_of
from tests.fire.post import sent_to
from tests.fire.servers import until
from tests.fire.site import HANDS, Site
from workflow import clock
from workflow.enums import Action, JobState
from workflow.models import Case, Filing, Job, OutboxMessage
from workflow.queue import WAITING, filtered
from workflow.seats import Seat, seat_of
from workflow.services import selections
from workflow.services.exports import start_export
from workflow.services.perform import Seen
from workflow.services.selections import Decision, select_cases

# A batch of two chunks and a rest, caught in the second one.
BATCH, CAUGHT = 2 * CHUNK + 1, CHUNK + 1
# The advisory lock before which a running job stands when it writes for the n-th time.
GATE = 7
GATE_SQL = f"""
CREATE SEQUENCE fire_step;
CREATE FUNCTION fire_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({GATE}, nextval('fire_step')::int);
    RETURN NEW;
END $$;
CREATE TRIGGER fire_gate BEFORE UPDATE ON workflow_job FOR EACH ROW
    WHEN (OLD.state = 'running') EXECUTE FUNCTION fire_gate();
"""


# Forms that are sent again --------------------------------------------------------------------------------------------


class Form:
    """A filled-in form of somebody, which can be sent once more when its answer was lost."""

    def __init__(self, browser: Browser, page: str, action: str = "", **entered: str) -> None:
        self.browser, self.path = browser, action or page
        self.fields = browser.get(page).fields | entered

    def send(self) -> Page:
        return self.browser.post(self.path, self.fields)

    def send_and_lose(self) -> bool:
        """Whether an answer came all the same."""
        try:
            return self.send().status < 500
        except NoAnswer:
            return False


def submission(site: Site, case: Case) -> Form:
    return Form(site.web.browser(case.applicant), f"/rent/{case.pk}/check/", pledged="on")


def approval(site: Site, case: Case) -> Form:
    clerk = site.web.browser(site.town.clerks[0])
    return Form(clerk, f"/cases/{case.pk}/", f"/cases/{case.pk}/approve/")


def rejection(site: Site, case: Case) -> Form:
    """Back to the applicant, who is told by text message."""
    clerk, page = site.web.browser(site.town.clerks[0]), f"/cases/{case.pk}/"
    return Form(clerk, page, f"{page}send_back/", target="person", opinion="请补充租房合同")


@contextmanager
def sending(form: Form) -> Iterator[Future[bool]]:
    with ThreadPoolExecutor(1) as hand:
        yield hand.submit(form.send_and_lose)


def once(case: Case, events: int, *, stage: str) -> list[str]:
    """The case has exactly so many events, stands there, and everything that came with them is there once."""
    case = Case.objects.get(pk=case.pk)
    found = events_of([case.pk])[case.pk]
    faults = [f"double: {found} events of case {case.pk} instead of {events}"] if found != events else []
    if case.stage != stage:
        faults.append(f"place: case {case.pk} stands at {case.stage!r} instead of {stage!r}")
    if Filing.objects.filter(case=case).count() > 1:
        faults.append(f"double: case {case.pk} was filed twice")
    months = case.summary.get("months")
    if stage and months is not None and MonthClaim.objects.filter(case=case).count() != months:
        faults.append(f"months: case {case.pk} does not hold its {months} months")
    return faults + broken_chains([case.pk])


# Long work ------------------------------------------------------------------------------------------------------------


def unit_seat(site: Site) -> Seat:
    seat = seat_of(site.town.actor(site.town.clerks[0]), GRADUATE_RENT, "unit")
    assert seat is not None
    return seat


def start_batch(site: Site, cases: Sequence[Case], action: Action) -> Job:
    """One decision over these cases as a job, in chunks of a few."""
    actor = site.town.actor(site.town.clerks[0])
    ticked = [Seen(case.pk, case.revision) for case in Case.objects.filter(pk__in=[case.pk for case in cases])]
    selection = select_cases(unit_seat(site), actor.user_id, ticked=ticked, criteria="")
    opinion, target = ("请补充租房合同", "person") if action == Action.SEND_BACK else ("", "")
    decision = Decision(action=action, token=uuid.uuid4(), target=target, opinion=opinion)
    inline, selections.INLINE = selections.INLINE, 0
    try:
        job = selections.decide_selection(selection, actor, decision, {})
    finally:
        selections.INLINE = inline
    assert job is not None
    return job


@contextmanager
def busy_worker(site: Site) -> Iterator[None]:
    """Each process of the worker stands in mid-transaction, and the worker holds calls that none of them can follow."""
    cases = [case.pk for case in site.town.filed(HANDS)]
    with site.holding("SELECT 1 FROM workflow_case WHERE id = ANY(%s) FOR UPDATE", cases):
        for case in Case.objects.filter(pk__in=cases):
            start_batch(site, [case], Action.APPROVE)
        site.until_waiting(HANDS)
        # It takes no more of what the beat sends.
        until(lambda: site.redis.length(site.broker, "celery") >= HANDS, "calls that nobody takes")
        yield


def start_list(site: Site) -> Job:
    return start_export(unit_seat(site), site.town.actor(site.town.clerks[0]), criteria="")


def ended(job: Job) -> Callable[[], bool]:
    ends = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
    return lambda: Job.objects.filter(pk=job.pk, state__in=ends).exists()


def take(job: Job) -> None:
    """Somebody has it: no round takes it up."""
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, attempts=1, heartbeat_at=clock.machine_now() + timedelta(hours=1)
    )


def taken_up(site: Site, job: Job) -> list[str]:
    """Wait for the end of the job; in a control for the end of work that came later, which shows that none comes."""
    waited_for = job if site.has_guards else start_batch(site, site.town.filed(), Action.APPROVE)
    until(ended(waited_for), "the work to be taken up again", 60)
    return [] if ended(job)() else ["lost: nobody takes up the work of the dead"]


def batch_faults(site: Site, job: Job, cases: Sequence[Case], before: dict[int, int]) -> list[str]:
    """Every case moved once, every applicant told once."""
    until(lambda: not undelivered(cases), "every message to be delivered", 60)
    job.refresh_from_db()
    faults = [f"job: {job.state}, {job.done} done, {job.refused} refused"] if not _is_complete(job, cases) else []
    after = events_of(before.keys())
    faults += [f"double: case {pk} moved {after[pk] - n} times" for pk, n in before.items() if after[pk] - n != 1]
    for case in cases:
        sent = sent_to(site.folder, case.applicant.phone)
        if sent != 1:
            faults.append(f"told: the applicant of case {case.pk} got {sent} text messages")
    return faults + broken_chains([case.pk for case in cases])


def _is_complete(job: Job, cases: Sequence[Case]) -> bool:
    return (job.state, job.done, job.refused) == (JobState.DONE, len(cases), 0)


def undelivered(cases: Sequence[Case]) -> int:
    """Messages that nobody has taken up, and texts that have not left."""
    waiting = OutboxMessage.objects.filter(case__in=cases, delivered_at=None).count()
    return waiting + TextMessage.objects.queued().filter(case__in=cases).count()


def list_faults(site: Site, job: Job) -> list[str]:
    """One file, with every case of the queue once."""
    job.refresh_from_db()
    if job.state != JobState.DONE:
        return [f"job: {job.state} {job.error}"]
    sheets = openpyxl.load_workbook(io.BytesIO((site.folder / job.result.name).read_bytes())).worksheets
    cells = [row[0] for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    waiting = sorted(filtered(unit_seat(site), QueryDict(""), WAITING).qs.values_list("number", flat=True))
    listed = sorted(cell for cell in cells if cell in set(waiting))
    faults = [] if listed == waiting else [f"list: {len(listed)} of {len(waiting)} cases"]
    files = list((site.folder / "jobs").glob(f"{job.token.hex}*"))
    return faults if len(files) == 1 else [*faults, f"files: {len(files)} of one result"]
