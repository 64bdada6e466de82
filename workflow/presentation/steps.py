"""The chain of one case as steps for ``_chain.html``, and its timeline for ``_timeline.html``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow import registry
from workflow.actors import STANDS_IN_FOR
from workflow.enums import Action, State
from workflow.models import Case, CaseEvent, Material, Stage
from workflow.presentation.materials import Paper, paper_of
from workflow.presentation.options import label_of
from workflow.presentation.remarks import remarks_of
from workflow.presentation.times import Remaining, day_text, minute_text, text_of
from workflow.services.words import opinion_of

DONE, HERE, AHEAD, SENT_BACK, STOPPED = "done", "here", "ahead", "returned", "stopped"
TONES = {
    Action.APPROVE: "done",
    Action.SEND_BACK: "back",
    Action.TAKE_BACK: "back",
    Action.REJECT: "stop",
    Action.WITHDRAW: "stop",
}


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    state: str
    who: str = ""
    when: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    when: str
    who: str
    organisation: str
    action: str
    stage: str
    opinion: str
    took: str
    tone: str
    details: list[tuple[str, str]] = field(default_factory=list)
    files: list[Paper] = field(default_factory=list)


def stages_passed(events: Sequence[CaseEvent]) -> set[str]:
    return {event.from_stage for event in events if event.action == Action.APPROVE}


def who_of(event: CaseEvent) -> str:
    """The office; a person only where a person acted for himself."""
    if event.organisation is not None:
        return str(event.organisation)
    return _("The applicant") if event.actor_id is not None else _("The system")


def chain_steps(case: Case, events: Sequence[CaseEvent], left: Remaining) -> list[Step]:
    """Submission first, then every stage: done, here, to come, sent back, stopped. Names offices, never persons."""
    return [_filing_step(case, events), *_stage_steps(case, events, left)]


def _filing_step(case: Case, events: Sequence[CaseEvent]) -> Step:
    filed = [event for event in events if event.action == Action.SUBMIT]
    label, who = _("Submit the application"), _("The applicant")
    if case.state == State.WITHDRAWN:
        return Step(label, STOPPED, who=who, when=day_text(case.closed_at))
    if case.state in (State.DRAFT, State.RETURNED):
        return Step(label, HERE, who=who)
    return Step(label, DONE, who=who, when=day_text(filed[-1].at) if filed else "")


def _stage_steps(case: Case, events: Sequence[CaseEvent], left: Remaining) -> Iterator[Step]:
    approved = {event.from_stage: event for event in events if event.action == Action.APPROVE}
    last = events[-1] if events else None
    here = _position(case)
    for position, stage in enumerate(case.route.stages):
        if case.state == State.REJECTED and last is not None and stage.slug == last.from_stage:
            yield Step(stage.step_label, STOPPED, who_of(last), day_text(last.at))
        elif stage.slug == case.stage:
            yield Step(
                stage.step_label,
                HERE,
                _holder(case),
                _("since %(day)s") % {"day": day_text(case.entered_at)},
                due_text(case, left),
            )
        elif stage.slug == case.resume_stage and position >= here:
            event = next(
                (e for e in reversed(events) if e.action == Action.SEND_BACK and e.from_stage == stage.slug), None
            )
            yield Step(stage.step_label, SENT_BACK, who_of(event) if event else "", day_text(event.at) if event else "")
        elif position < here and stage.slug in approved:
            yield Step(stage.step_label, DONE, who_of(approved[stage.slug]), day_text(approved[stage.slug].at))
        elif position < here:
            yield Step(stage.step_label, DONE, _("not needed here"))
        else:
            yield Step(stage.step_label, AHEAD)


def _position(case: Case) -> int:
    """Stages before it are behind the case."""
    if case.stage:
        return case.route.position(case.stage)
    if case.state == State.APPROVED:
        return len(case.route.stages)
    return 0


def _holder(case: Case) -> str:
    return str(case.holder) if case.holder is not None else _("The applicant")


def due_text(case: Case, left: Remaining) -> str:
    if left.days is None or case.due_on is None:
        return ""
    day = day_text(case.due_on)
    if left.tone == "late":
        late = max(-left.days, 1)
        over = ngettext("%(n)d working day overdue", "%(n)d working days overdue", late) % {"n": late}
        return _("was due on %(day)s, %(left)s") % {"day": day, "left": over}
    days = ngettext("%(n)d working day left", "%(n)d working days left", left.days) % {"n": left.days}
    return _("due on %(day)s, %(left)s") % {"day": day, "left": days}


def timeline(case: Case, events: Sequence[CaseEvent], files: Sequence[Material]) -> list[Entry]:
    """Newest first, with every opinion and what each office entered."""
    of_act: dict[object, list[Material]] = {}
    for material in files:
        of_act.setdefault(material.act_id, []).append(material)
    absent = _absent(events)
    pairs = zip([None, *events], events, strict=False)
    return [_entry(case, before, event, of_act, absent) for before, event in pairs][::-1]


def _absent(events: Sequence[CaseEvent]) -> dict[int, str]:
    """{user: name} of those in whose seats stand-ins acted; a question only where there are any."""
    found = {event.payload[STANDS_IN_FOR] for event in events if STANDS_IN_FOR in event.payload}
    return {pk: str(user) for pk, user in get_user_model().objects.in_bulk(found).items()} if found else {}


def _hand(event: CaseEvent, absent: dict[int, str]) -> str:
    if event.actor is None:
        return _("The system")
    whose = absent.get(event.payload.get(STANDS_IN_FOR, 0))
    return _("%(name)s (for %(absent)s)") % {"name": event.actor, "absent": whose} if whose else str(event.actor)


def _entry(
    case: Case,
    before: CaseEvent | None,
    event: CaseEvent,
    of_act: dict[object, list[Material]],
    absent: dict[int, str],
) -> Entry:
    stage = case.route.get(event.from_stage)
    returned_to = event.to_stage if event.action == Action.SEND_BACK and event.to_stage else ""
    target = returned_to or ("person" if event.action == Action.SEND_BACK else "")
    return Entry(
        when=minute_text(event.at),
        who=_hand(event, absent),
        organisation=str(event.organisation) if event.organisation is not None else "",
        action=label_of(event.action, stage, target, case.route.get(returned_to)),
        stage=stage.step_label if stage is not None else "",
        opinion=opinion_of(event),
        took=_took(before.at, event.at) if before is not None else "",
        tone=TONES.get(Action(event.action), ""),
        details=list(_details(stage, event)),
        files=[paper_of(material) for material in of_act.get(event.act_id, [])],
    )


def _took(begin: datetime, end: datetime) -> str:
    days = (end - begin).days
    if days:
        return ngettext("took %(n)d day", "took %(n)d days", days) % {"n": days}
    return _("took less than a day")


def _details(stage: Stage | None, event: CaseEvent) -> Iterator[tuple[str, str]]:
    """What the office entered while acting, under the labels of its form; files follow as links."""
    form = registry.stage_forms.get(stage.form) if stage is not None and stage.form else None
    for key, entered in form.base_fields.items() if form is not None else ():
        # In the order of the form: PostgreSQL keeps the keys of JSON in an order of its own.
        value = event.payload.get(key)
        if value not in (None, "") and not isinstance(value, dict | list):
            yield str(entered.label or key), _word_of(entered, value)
    for remark in remarks_of(event):
        yield remark.where, remark.text


def _word_of(field: forms.Field, value: Any) -> str:
    """What was chosen stands in the payload by its key."""
    words = dict(field.choices) if isinstance(field, forms.ChoiceField) else {}  # type: ignore[arg-type]
    return str(words.get(value) or text_of(value, "text"))
