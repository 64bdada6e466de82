"""Where a case stands, for whoever knows its number and the end of the identity number: no name, no office's person."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from workflow import clock
from workflow.identifiers import normalise_code
from workflow.lookup_keys import tail_key
from workflow.models import Case
from workflow.presentation.steps import Step, chain_steps
from workflow.presentation.times import Countdown
from workflow.registry import case_type_of


@dataclass(frozen=True, slots=True)
class Progress:
    title: str
    number: str
    status: str
    steps: list[Step]


def find_progress(number: str, tail: str) -> Progress | None:
    case = (
        Case.objects.exclude(number="").filter(number=normalise_code(number)).select_related("region", "holder").first()
    )
    known = str(case.summary.get("tail_key", "")) if case is not None else ""
    if case is None or not known or not secrets.compare_digest(known, tail_key(tail)):
        return None
    events = list(case.events.select_related("organisation").order_by("seq"))
    stage = case.current_stage
    left = Countdown(case.region, clock.today()).of(case.due_on, stage.working_days if stage is not None else 0)
    # Who acted would name the employer.
    steps = [replace(step, who="") for step in chain_steps(case, events, left)]
    return Progress(str(case_type_of(case).label), case.number, case.status, steps)
