"""Before the machine is asked: where each case of a set would go, who would hold it, and why it may not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from workflow import clock, registry
from workflow.actors import STANDS_IN_FOR
from workflow.deadlines import Calendars
from workflow.enums import PERSON, Action
from workflow.models import Case, CaseEvent, Plan, Stage, ancestors_by_region
from workflow.routing import Offices

Group = tuple[int, str]  # chain, stage


@dataclass(frozen=True, slots=True)
class Passed:
    """A stage that a case has really passed, and who decided there: a stand-in, and the absent person too."""

    stage: str
    users: frozenset[int]


def group_by_stage(cases: Iterable[Case]) -> dict[Group, list[Case]]:
    groups: dict[Group, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.chain_id, case.stage].append(case)
    return groups


def gate_keys(action: Action, case: Case) -> tuple[str, ...]:
    """Gates of the stage for its forward button, gates of the case type for every other action."""
    of_type = tuple(registry.case_type_of(case).gates.get(action, ()))
    stage = case.current_stage
    return (*stage.gates, *of_type) if action == Action.APPROVE and stage is not None else of_type


def closed_gates(action: Action, cases: Sequence[Case]) -> registry.Closed:
    """{case pk: reason} of all cases whose gates are closed; each gate is asked once per group."""
    closed: registry.Closed = {}
    for group in group_by_stage(cases).values():
        for key in gate_keys(action, group[0]):
            for pk, reason in registry.gates[key](group).items():
                closed.setdefault(pk, reason)
    return closed


def _target(stage: Stage, target: str) -> str:
    """Where a return goes: the target that was asked for, else the first that the stage offers."""
    return target or (stage.returns_to[0] if stage.returns_to else PERSON)


def _needs_history(stage: Stage | None, action: Action, target: str) -> bool:
    if stage is None:
        return False
    return bool(stage.barred) or (action == Action.SEND_BACK and _target(stage, target) != PERSON)


def load_history(action: Action, cases: Sequence[Case], target: str) -> dict[int, list[Passed]]:
    """What permissions and return targets read of the past: nothing, unless a stage asks for it."""
    needed = [case.pk for case in cases if _needs_history(case.current_stage, action, target)]
    passed: dict[int, list[Passed]] = _load_passed(needed) if needed else defaultdict(list)
    for case in cases:
        stage_now = case.current_stage
        if stage_now is not None and stage_now.barred:
            case.barred_users = _barred(stage_now, passed[case.pk])
    if action == Action.TAKE_BACK:
        events = CaseEvent.objects.filter(case__in=[case.pk for case in cases]).order_by("case", "seq")
        last = {event.case_id: event for event in events}
        for case in cases:
            case.last_event = last.get(case.pk)
    return passed


def load_barred(case: Case, stage: Stage) -> None:
    """Whom this stage bars, wherever the case stands now: for what is done beside the chain."""
    case.barred_users = _barred(stage, _load_passed([case.pk])[case.pk]) if stage.barred else frozenset()


def _load_passed(case_ids: Sequence[int]) -> dict[int, list[Passed]]:
    passed: dict[int, list[Passed]] = defaultdict(list)
    rows = CaseEvent.objects.filter(case__in=case_ids, action=Action.APPROVE)
    columns = "case", "from_stage", "actor", f"payload__{STANDS_IN_FOR}"
    for case_id, stage, actor_id, absent_id in rows.values_list(*columns):
        passed[case_id].append(Passed(stage, frozenset({actor_id, absent_id} - {None})))
    return passed


def _barred(stage: Stage, passed: Iterable[Passed]) -> frozenset[int]:
    return frozenset(user_id for p in passed if p.stage in stage.barred for user_id in p.users)


class Planner:
    """Plans one action over locked cases; asks for offices and calendars once."""

    def __init__(self, action: Action, cases: Sequence[Case], *, target: str, at: datetime) -> None:
        self.action, self.target, self.day = action, target, clock.local_date(at)
        self.passed = load_history(action, cases, target)
        self.closed = closed_gates(action, cases)
        self.offices = Offices(cases, self._possible_stages(cases))
        self.calendars = Calendars(ancestors_by_region(cases))
        self._entries: dict[tuple[int, str, int | None], Plan] = {}

    def _possible_stages(self, cases: Sequence[Case]) -> set[Stage]:
        routes = {case.chain_id: case.route for case in cases}
        if self.action == Action.APPROVE:
            stages = {(chain_id, slug) for chain_id, slug in group_by_stage(cases)}
            return {s for chain, slug in stages for s in routes[chain].stages[routes[chain].position(slug) + 1 :][:3]}
        if self.action == Action.SUBMIT:
            resumed = {stage for case in cases if (stage := routes[case.chain_id].get(case.resume_stage)) is not None}
            return {stage for route in routes.values() for stage in route.stages[:3]} | resumed
        return {stage for route in routes.values() for stage in route.stages}

    def plan(self, case: Case, *, restart: bool = False) -> Plan:
        reason = str(self.closed.get(case.pk, ""))
        if reason or self.action in (Action.REJECT, Action.WITHDRAW):
            return Plan("", closed=reason)
        if self.action == Action.SUBMIT:
            return self._plan_submit(case, restart)
        if self.action == Action.SEND_BACK:
            return self._plan_return(case)
        if self.action == Action.TAKE_BACK:
            return self._plan_take_back(case)
        return self._plan_forward(case, case.stage)

    def _enter(self, case: Case, stage: Stage) -> Plan:
        key = stage.pk, case.region_id, self.offices.holder_id(case, stage)
        if key not in self._entries:
            self._entries[key] = self._entry(stage, case.region_id, key[-1])
        return self._entries[key]

    def _entry(self, stage: Stage, region_id: str, holder_id: int | None) -> Plan:
        if holder_id is None and stage.actor_kind != PERSON:
            return Plan(
                "", closed=_("No office is set up for the step “%(step)s” in this region.") % {"step": stage.step_label}
            )
        return Plan(stage.slug, holder_id, self.calendars.due_on(region_id, self.day, stage.working_days))

    def _plan_forward(self, case: Case, slug: str) -> Plan:
        stage = case.route.after(slug)
        while stage is not None and stage.optional and self.offices.holder_id(case, stage) is None:
            stage = case.route.after(stage.slug)
        return self._enter(case, stage) if stage is not None else Plan("")

    def _plan_submit(self, case: Case, restart: bool) -> Plan:
        if case.resume_stage and not restart and case.resume_stage in case.route:
            return self._enter(case, case.route[case.resume_stage])
        return self._plan_forward(case, "")

    def _plan_return(self, case: Case) -> Plan:
        stage = case.current_stage
        if stage is None:
            return Plan("")
        target = _target(stage, self.target)
        if target not in stage.returns_to:
            return Plan("", closed=_("This step does not return cases there."))
        if target == PERSON:
            return Plan("")
        if target not in {passed.stage for passed in self.passed[case.pk]}:
            return Plan("", closed=_("The case has not passed that step, so it cannot be returned to it."))
        return self._enter(case, case.route[target])

    def _plan_take_back(self, case: Case) -> Plan:
        event = case.last_event
        if event is None or event.action in (Action.SUBMIT, Action.TAKE_BACK) or not event.from_stage:
            return Plan("", closed=_("There is nothing to take back."))
        if event.irreversible:
            return Plan(
                "",
                closed=_("This decision has taken effect outside (payment, public notice) and cannot be taken back."),
            )
        return self._enter(case, case.route[event.from_stage])


def entitlement_changed(case: Case, entitlement: Mapping[str, object], previous: Mapping[str, object] | None) -> bool:
    """Whether a resubmission must start at the first stage again: months, amount or category differ."""
    return previous is not None and dict(previous) != dict(entitlement)
