"""Proving that the record was not changed: every event, filing, opinion and case, and the daily seals over them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Max, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow import clock
from workflow.digests import event_digest
from workflow.enums import State
from workflow.models import Case, CaseEvent, Filing, Seal
from workflow.services.recording import event_body
from workflow.services.words import words_fault

CHUNK = 2_000
# A transaction that began before midnight has long ended by then: no event joins a sealed day later.
SEALED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written; ``where`` names the first changed event, filing, case or seal."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Report:
    cases: int = 0
    events: int = 0
    seals: int = 0
    faults: list[Fault] = field(default_factory=list)


def verify_events(limit: int = 100) -> Report:
    """Recompute everything in one pass over the events; stops after ``limit`` faults."""
    report = Report()
    for check in (_check_chains, _check_cases, _check_filings, changed_seals):
        for fault in check(report):
            report.faults.append(fault)
            if len(report.faults) >= limit:
                return report
    return report


def _check_chains(report: Report) -> Iterator[Fault]:
    try:
        for case, chain in groupby(_events(), key=lambda event: event.case):
            report.cases += 1
            yield from _check_chain(case, chain, report)
    except (ValueError, TypeError, AttributeError):
        # SQLite keeps anything in any column: what is no time, no number or no key cannot even be read.
        yield from _unreadable()


def _events() -> Iterator[CaseEvent]:
    """All of them, case by case, each with its remarks."""
    events = CaseEvent.objects.select_related("case").prefetch_related("remarks").order_by("case", "seq")
    return events.iterator(chunk_size=CHUNK)


def _check_chain(case: Case, chain: Iterator[CaseEvent], report: Report) -> Iterator[Fault]:
    """Only the first changed event is named: what follows it cannot fit any more."""
    head, seq, last, strays = "", 0, None, 0
    for event in chain:
        report.events += 1
        if event.seq < 1:
            # Numbered away from where it belongs: the gap that it left is named below.
            strays += 1
            continue
        seq += 1
        what = _("it is missing, or its number was changed") if event.seq != seq else _event_fault(event, head)
        if what:
            yield Fault(_place(case, seq), what)
            report.events += sum(1 for _event in chain)
            return
        head, last = event.digest, event
    if case.seq > seq:
        yield Fault(_place(case, seq + 1), _("it is missing, or its number was changed"))
    elif strays:
        yield Fault(_place(case, 0), _("it belongs to no move"))
    elif (case.head, case.seq) != (head, seq):
        yield Fault(_("case %(case)s") % {"case": case}, _("its last event is missing or its head was changed"))
    elif last is not None and (case.state, case.stage) != (last.state, last.to_stage):
        yield Fault(_("case %(case)s") % {"case": case}, _("its state is not that of its last event"))


def _place(case: Case | int, seq: object) -> str:
    return _("case %(case)s, event %(seq)s") % {"case": case, "seq": seq}


def _event_fault(event: CaseEvent, head: str) -> str:
    if event.previous != head:
        return _("it does not follow the event before it")
    return content_fault(event)


def content_fault(event: CaseEvent) -> str:
    """Why the row is not as it was written; "" when it is. Its place in the chain is not looked at."""
    if event_digest(event.previous, event_body(_body_of(event))) != event.digest:
        return _("its content was changed")
    return words_fault(event)


def changed_contents() -> Iterator[Fault]:
    """Every event, one by one, that is not as it was written."""
    try:
        for event in _events():
            if what := content_fault(event):
                yield Fault(_place(event.case, event.seq), what)
    except (ValueError, TypeError, AttributeError):
        yield from _unreadable()


def _unreadable() -> Iterator[Fault]:
    for pk, case, seq in CaseEvent.objects.order_by("pk").values_list("pk", "case_id", "seq").iterator():
        try:
            known = CaseEvent.objects.select_related("case").get(pk=pk)
            content_fault(known)
            is_number = known.seq > 0
        except (ValueError, TypeError, AttributeError):
            is_number = False
        if not is_number:
            yield Fault(_place(Case.objects.filter(pk=case).first() or case, seq), _("it cannot be read any more"))


def _body_of(event: CaseEvent) -> dict[str, Any]:
    """The row as it was digested when it was written."""
    return {
        "case": event.case_id,
        "seq": event.seq,
        "act": event.act_id.hex,
        "actor": event.actor_id,
        "organisation": event.organisation_id,
        "action": event.action,
        "from_stage": event.from_stage,
        "to_stage": event.to_stage,
        "state": event.state,
        "opinion": event.opinion,
        "opinion_salt": event.opinion_salt,
        "opinion_digest": event.opinion_digest,
        "payload": event.payload,
        "filing": event.filing_id,
        "irreversible": event.irreversible,
        "at": event.at,
        "previous": event.previous,
        "digest": event.digest,
    }


def _check_cases(report: Report) -> Iterator[Fault]:
    """A case that has a past must still have it, and asks for the amount that was filed last."""
    past = Q(seq__gt=0) | ~Q(state=State.DRAFT)
    for case in Case.objects.filter(past, events=None).iterator(chunk_size=CHUNK):
        yield Fault(_("case %(case)s") % {"case": case}, _("all its events are missing"))
    yield from changed_amounts()


def changed_amounts() -> Iterator[Fault]:
    """Cases that ask for another amount than was filed last."""
    latest = Filing.objects.filter(case=OuterRef("pk")).order_by("-number").values("amount")[:1]
    filed = Case.objects.filter(Exists(Filing.objects.filter(case=OuterRef("pk")))).annotate(filed=Subquery(latest))
    agrees = Q(amount=F("filed")) | Q(amount=None, filed=None)
    for case in filed.exclude(agrees).iterator(chunk_size=CHUNK):
        yield Fault(_("case %(case)s") % {"case": case}, _("its amount is not the one that was filed"))


def _check_filings(report: Report) -> Iterator[Fault]:
    yield from changed_filings()


def changed_filings() -> Iterator[Fault]:
    """The form as filed fits its own digest and the one that its event carries in the chain."""
    events = CaseEvent.objects.filter(filing__isnull=False).select_related("filing__case").order_by("pk")
    for event in events.iterator(chunk_size=CHUNK):
        filing = event.filing
        if filing is None:
            # The event names a filing that does not exist: it was changed, and is named for that.
            continue
        if filing.compute_digest() != filing.digest:
            yield Fault(_filed(filing), _("its content was changed"))
        elif not isinstance(event.payload, dict) or event.payload.get("filing") != filing.digest:
            yield Fault(_filed(filing), _("its digest is not the one in its event"))
    unclaimed = Filing.objects.filter(~Exists(CaseEvent.objects.filter(filing=OuterRef("pk")))).select_related("case")
    for filing in unclaimed.iterator(chunk_size=CHUNK):
        yield Fault(_filed(filing), _("no event belongs to it"))


def _filed(filing: Filing) -> str:
    return _("case %(case)s, submission %(number)s") % {"case": filing.case, "number": filing.number}


def changed_seals(report: Report) -> Iterator[Fault]:
    previous: Seal | None = None
    for seal in Seal.objects.order_by("day"):
        report.seals += 1
        expected = _seal_over(seal.day, seal.last_event, previous)
        if (seal.previous, seal.cases, seal.events, seal.digest) != (
            expected.previous, expected.cases, expected.events, expected.digest,
        ):  # fmt: skip
            yield Fault(_("seal of %(day)s") % {"day": seal.day}, _("events of that day were changed or removed"))
            return
        previous = seal


def seal_day() -> int:
    """Seal every day that is over and has no seal yet; answers how many. Safe to run twice at once."""
    sealed = 0
    for day in _days_to_seal():
        previous = Seal.objects.order_by("-day").first()
        seal = _seal_over(day, _last_event_of(day, previous), previous)
        seal.sealed_at = clock.now()
        try:
            with transaction.atomic():
                seal.save(force_insert=True)
        except IntegrityError:
            # Another worker was faster; its next round goes on from there.
            return sealed
        sealed += 1
    return sealed


def _days_to_seal() -> Iterator[date]:
    last = clock.local_date(clock.now() - SEALED_AFTER) - timedelta(days=1)
    latest = Seal.objects.order_by("-day").first()
    if latest is not None:
        day = latest.day + timedelta(days=1)
    else:
        first = CaseEvent.objects.aggregate(at=Min("at"))["at"]
        if first is None:
            return
        day = clock.local_date(first)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _last_event_of(day: date, previous: Seal | None) -> int:
    """The newest event that happened on this day or before; the last sealed one where there is none."""
    begin = previous.last_event if previous is not None else 0
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return CaseEvent.objects.filter(pk__gt=begin, at__lt=end).aggregate(pk=Max("pk"))["pk"] or begin


def _seal_over(day: date, last_event: int, previous: Seal | None) -> Seal:
    """The digest over all heads: those that moved since the seal before, chained to that seal."""
    begin = previous.last_event if previous is not None else 0
    window = CaseEvent.objects.filter(pk__gt=begin, pk__lte=last_event).order_by("case", "seq")
    heads, events, cases = hashlib.sha256(), 0, 0
    rows = window.values_list("case", "seq", "digest").iterator(chunk_size=CHUNK)
    for case, chain in groupby(rows, key=lambda row: row[0]):
        moved = list(chain)
        events += len(moved)
        cases += moved[0][1] == 1
        heads.update(f"{case}:{moved[-1][2]}\n".encode())
    seal = Seal(
        day=day,
        last_event=last_event,
        cases=cases + (previous.cases if previous is not None else 0),
        events=events + (previous.events if previous is not None else 0),
        previous=previous.digest if previous is not None else "",
    )
    body = {
        "day": day, "last_event": last_event, "cases": seal.cases, "events": seal.events, "heads": heads.hexdigest(),
    }  # fmt: skip
    seal.digest = event_digest(seal.previous, body)
    return seal


def seal_record(seal: Seal) -> dict[str, Any]:
    """A seal as it is printed, exported and kept elsewhere."""
    return {
        "day": seal.day.isoformat(),
        "cases": seal.cases,
        "events": seal.events,
        "last_event": seal.last_event,
        "previous": seal.previous,
        "digest": seal.digest,
        "sealed_at": seal.sealed_at.isoformat(),
    }
