"""Filing: rules, papers, months, the frozen form and the move. One application is a set of one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from subsidies.eligibility import Known, read_all
from subsidies.filing import build_filing
from subsidies.models import RentApplication
from subsidies.services.claims import Wish, lock_persons, replace_claims, taken_reason
from subsidies.services.intakes import open_intakes
from talent.services.refusals import NotReady
from workflow import clock
from workflow.actors import Actor
from workflow.bulk import update_rows
from workflow.enums import Action, State
from workflow.models import Act, Case
from workflow.services import Press, Refused, Seen, perform_all
from workflow.services.answers import answer_again, is_answer
from workflow.services.materials import load_materials, missing_materials


@dataclass(frozen=True, slots=True)
class Submission:
    """Somebody presses 【提交】. ``revision`` is the case as the person saw it, ``token`` the form's."""

    case_id: int
    actor: Actor
    token: uuid.UUID
    pledged: bool = False
    revision: int | None = None


Answer = Act | NotReady | Refused
Answers = dict[Submission, Answer]


def submit_application(
    application: RentApplication, actor: Actor, *, token: uuid.UUID, pledged: bool = False, revision: int | None = None
) -> Act:
    """File the form. A second call with the token returns the first act.

    Raises NotReady (rules, papers or the pledge) or Refused (months taken meanwhile, somebody was faster).
    """
    (answer,) = submit_applications([Submission(application.pk, actor, token, pledged, revision)])
    if isinstance(answer, Act):
        return answer
    raise answer


def submit_applications(submissions: Sequence[Submission]) -> list[Answer]:
    """File each form as its own act, all with the same statements. Who is refused leaves nothing, the others go on."""
    answers: Answers = {}
    while waiting := [submission for submission in submissions if submission not in answers]:
        answers |= _file(waiting)
    return [answers[submission] for submission in submissions]


class _Undone(Exception):
    """Nothing of this round is kept, for these could not be filed; the others try again."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers


def _file(submissions: Sequence[Submission]) -> Answers:
    """One round: answers at least one of them."""
    try:
        with transaction.atomic():
            return _Round(submissions).run()
    except _Undone as undone:
        return undone.answers
    except IntegrityError:
        if len(submissions) == 1:
            return {submissions[0]: _meet_constraint(submissions[0])}
    answers: Answers = {}
    for submission in submissions:
        answers |= _file([submission])
    return answers


def _meet_constraint(submission: Submission) -> Answer:
    """A month was taken after the rules were asked, or the token was used."""
    application = RentApplication.objects.whole().get(pk=submission.case_id)
    months = read_all([application])[application.pk].judge().entitlement.months
    if taken := taken_reason(application, months):
        return Refused(taken)
    case = application.case
    act = answer_again(submission.token, Action.SUBMIT, [Seen(case.pk, case.revision)], submission.actor)
    return act if act.done else Refused(act.refused[0]["reason"])


class _Round:
    """Locks, reads and writes for a set of submissions; everything is read once, under the locks, and passed down."""

    def __init__(self, submissions: Sequence[Submission]) -> None:
        self.cases = {case.pk: case for case in Case.objects.locked(row.case_id for row in submissions)}
        self.answers = self._answered_already(submissions)
        asked = [row for row in submissions if row not in self.answers]
        # One submission of a person at a time: two at once would each find the cap on months untouched by the other.
        lock_persons([row.case_id for row in asked])
        self.applications = self._read(asked)
        self.asked = self._one_a_person(asked)

    def _answered_already(self, submissions: Sequence[Submission]) -> Answers:
        """By the first press of the same form, or because the case has changed since. A draft was never filed."""
        tokens = [row.token for row in submissions if self.cases[row.case_id].seq]
        first = Act.objects.in_bulk(tokens) if tokens else {}
        answers: Answers = {}
        for row in submissions:
            act = first.get(row.token)
            case = self.cases[row.case_id]
            if act is not None and is_answer(act, Action.SUBMIT, [Seen(case.pk, case.revision)], row.actor):
                answers[row] = act
            elif row.revision is not None and row.revision != case.revision:
                words = _("The case has changed since you opened it. Look at it again and decide anew.")
                answers[row] = Refused(words)
        return answers

    def _read(self, asked: Sequence[Submission]) -> dict[int, RentApplication]:
        """The forms, each with its locked case in place of the one that was read beside it."""
        rows = RentApplication.objects.whole().filter(pk__in=[row.case_id for row in asked]) if asked else ()
        for application in rows:
            case, beside = self.cases[application.pk], application.case
            case.unit, case.region = beside.unit, beside.region
            application.case = case
        return {application.pk: application for application in rows}

    def _one_a_person(self, asked: Sequence[Submission]) -> list[Submission]:
        """The rest wait for the next round, which sees what this one has filed."""
        first: dict[int, Submission] = {}
        for row in asked:
            first.setdefault(self.applications[row.case_id].person_id, row)
        return list(first.values())

    def run(self) -> Answers:
        """Raises _Undone where the machine refuses one of them."""
        moved_on = [case for row in self.asked if (case := self._settle(row)) is not None]
        known = read_all([self.applications[row.case_id] for row in self.asked])
        load_materials([self.cases[row.case_id] for row in self.asked])
        ready = [row for row in self.asked if self._is_ready(row, known[row.case_id])]
        if ready:
            filed = {row.case_id for row in ready}
            _place([case for case in moved_on if case.pk in filed])
            self._write(ready, known)
        return self.answers

    def _settle(self, row: Submission) -> Case | None:
        """A draft goes to the unit that the person is registered with now; answers the case if that has changed."""
        application, case = self.applications[row.case_id], self.cases[row.case_id]
        unit = application.person.unit
        application.pledged = row.pledged
        if case.state != State.DRAFT or unit is None or (case.unit_id, case.supervisor_id) == (unit.pk, unit.parent_id):
            return None
        case.unit, case.supervisor_id, case.region = unit, unit.parent_id, unit.region
        case.region_lineage = unit.region.lineage  # type: ignore[attr-defined]
        return case

    def _is_ready(self, row: Submission, known: Known) -> bool:
        case, assessment = self.cases[row.case_id], known.judge()
        missing = [line.message for line in missing_materials(case)]
        case.judged = assessment
        if assessment.reasons or missing or not row.pledged:
            lines = [*assessment.reasons, *missing]
            self.answers[row] = NotReady(lines, failed=assessment.failed, pledged=row.pledged)
            return False
        return True

    def _write(self, ready: Sequence[Submission], known: Mapping[int, Known]) -> None:
        applications = [self.applications[row.case_id] for row in ready]
        self._open_intakes(applications)
        filings = {row.pk: build_filing(row, known[row.pk], self.cases[row.pk].judged) for row in applications}
        cases = [self.cases[row.case_id] for row in ready]
        presses = [
            Press(row.actor, [Seen(case.pk, case.revision)], row.token) for row, case in zip(ready, cases, strict=True)
        ]
        acts = perform_all(Action.SUBMIT, presses, filings=filings, locked=cases)
        refused = {row: Refused(act.refused[0]["reason"]) for row, act in zip(ready, acts, strict=True) if not act.done}
        if refused:
            raise _Undone(self.answers | refused)
        self._keep(applications, known)
        self.answers |= zip(ready, acts, strict=True)

    def _open_intakes(self, applications: Sequence[RentApplication]) -> None:
        """批次: the day of the first submission fixes it."""
        new = [row for row in applications if row.intake_id is None]
        intakes = open_intakes([row.programme for row in new], clock.today()) if new else {}
        for row in new:
            row.intake = intakes[row.programme_id]

    def _keep(self, applications: Sequence[RentApplication], known: Mapping[int, Known]) -> None:
        rows = [(row.pk, row.pledged, row.intake_id) for row in applications]
        update_rows(RentApplication, ("case", "pledged", "intake"), rows)
        months = {row.pk: frozenset(self.cases[row.pk].judged.entitlement.months) for row in applications}
        replace_claims([Wish(row, months[row.pk], known[row.pk].held) for row in applications])


def _place(cases: Sequence[Case]) -> None:
    rows = [(case.pk, case.unit_id, case.supervisor_id, case.region_id) for case in cases]
    update_rows(Case, ("id", "unit", "supervisor", "region"), rows)
