"""Words about a person: kept beside the event that carries their salted digests, erased when the law asks for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from workflow import clock, registry
from workflow.digests import is_digest_of, salted_digest
from workflow.enums import JobState, ObjectionStatus
from workflow.models import CaseEvent, Erasure, EventRemark, Job, Objection

REMARKS = "remarks"


class NotErased(Exception):
    """There is nothing to erase; the message is for whoever asked."""


@dataclass(frozen=True, slots=True)
class Words:
    """The text of one remark on its way to its row."""

    number: int
    text: str
    salt: str


def seal_remarks(payload: Mapping[str, Any]) -> tuple[dict[str, Any], list[Words]]:
    """The payload as the event keeps it, with digests in place of the texts of remarks, and those texts."""
    if REMARKS not in payload:
        return dict(payload), []
    words, places = [], []
    for number, entry in enumerate(payload[REMARKS]):
        salt, digest = salted_digest(entry["text"])
        words.append(Words(number, entry["text"], salt))
        places.append({key: value for key, value in entry.items() if key != "text"} | {"digest": digest})
    return {**payload, REMARKS: places}, words


def keep_remarks(act: uuid.UUID, words: Sequence[Words]) -> None:
    """The texts beside the events of this act; nothing for an act without remarks, which is nearly every one."""
    if not words:
        return
    events = CaseEvent.objects.filter(act=act).order_by("pk").values_list("pk", flat=True)
    EventRemark.objects.bulk_create(
        EventRemark(event_id=event, number=one.number, text=one.text, salt=one.salt)
        for event in events
        for one in words
    )


def load_remarks(events: Sequence[CaseEvent]) -> Sequence[CaseEvent]:
    """Read the texts of all remarks at once; no statement where no event has any."""
    prefetch_related_objects([event for event in events if REMARKS in event.payload], "remarks")
    return events


def texts_of(event: CaseEvent) -> Iterator[tuple[Mapping[str, Any], str]]:
    """(place, text) of each remark. Older events carry the text in the payload itself."""
    kept = {row.number: row.text for row in event.remarks.all()} if REMARKS in event.payload else {}
    for number, entry in enumerate(event.payload.get(REMARKS, [])):
        yield entry, entry.get("text") or kept.get(number) or _("(erased)")


def opinion_of(event: CaseEvent) -> str:
    return event.opinion or (_("(erased)") if event.opinion_digest else "")


def words_fault(event: CaseEvent) -> str:
    """Why the words are not those that were written; "" when they are, or were erased and the erasure is on record."""
    remarks = {row.number: row for row in event.remarks.all()}
    digests = {n: entry["digest"] for n, entry in enumerate(event.payload.get(REMARKS, [])) if "digest" in entry}
    if not _fits(event.opinion, event.opinion_salt, event.opinion_digest):
        return _("its opinion was changed")
    if remarks.keys() != digests.keys() or not all(_fits(r.text, r.salt, digests[n]) for n, r in remarks.items()):
        return _("its remarks were changed")
    is_erased = (event.opinion_digest and not event.opinion) or any(not row.text for row in remarks.values())
    if is_erased and not Erasure.objects.filter(event=event.pk).exists():
        return _("its words were erased, and no erasure is on record")
    return ""


def _fits(text: str, salt: str, digest: str) -> bool:
    """An erased text leaves its digest and nothing else; a text or a salt that is there must fit it."""
    return not (text or salt) or is_digest_of(text, salt, digest)


@transaction.atomic
def erase_words(event: CaseEvent, *, by: AbstractBaseUser, reason: str) -> Erasure:
    """Erase the opinion and the remarks of an event with every copy of them; digests and chain stay as they are.

    Raises NotErased where nothing is left to erase. What was put into the payload of an event before remarks had rows
    of their own lies under its digest and stays.
    """
    remarks = EventRemark.objects.filter(event=event).exclude(text="")
    if not event.opinion and not remarks.exists():
        raise NotErased(_("The event holds no words that could be erased."))
    erasure = Erasure.objects.create(event=event, by_id=by.pk, reason=reason, at=clock.now())
    _erase_from_tasks(event.opinion)
    _erase_from_finding(event)
    remarks.update(text="", salt="")
    CaseEvent.objects.filter(pk=event.pk).update(opinion="", opinion_salt="")
    event.opinion = event.opinion_salt = ""
    for erase in registry.erasers:
        erase(event)
    return erasure


def _erase_from_tasks(opinion: str) -> None:
    """A task that decided very many cases was told the opinion. One that runs still forgets it when it ends."""
    ended = Job.objects.exclude(state__in=[JobState.WAITING, JobState.RUNNING])
    for job in ended.filter(params__opinion=opinion) if opinion else ():
        job.params["opinion"] = ""
        job.save(update_fields=["params"])


def _erase_from_finding(event: CaseEvent) -> None:
    """The finding of an upheld objection became the opinion of the rejection; the database wants a finding to stay."""
    upheld = Objection.objects.filter(case=event.case_id, status=ObjectionStatus.UPHELD)
    if event.opinion:
        upheld.filter(finding=event.opinion).update(finding=_("(erased)"))
