"""What this actor may press on a case now, and what a closed gate holds back, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from workflow import clock
from workflow.actors import Actor
from workflow.authority import undecided
from workflow.enums import NEEDS_OPINION, PERSON, Action
from workflow.models import Case, Stage
from workflow.planning import Planner, load_history
from workflow.registry import why_limited
from workflow.services.denials import denial, refusal

# What a button of the case page may do; submitting belongs to the form of the service.
BUTTONS = (Action.APPROVE, Action.SEND_BACK, Action.REJECT, Action.TAKE_BACK, Action.WITHDRAW)


@dataclass(frozen=True, slots=True)
class Option:
    """One button. ``reason`` tells why it is held back; "" when it may be pressed."""

    action: str
    label: str
    target: str = ""
    reason: str = ""
    main: bool = False
    needs_opinion: bool = False

    @property
    def key(self) -> str:
        return f"{self.action}-{self.target}" if self.target else self.action


def return_label(stage: Stage, target: str, to: Stage | None = None) -> str:
    """The manual's label of a return; a further target without a label of its own is named by its step."""
    if target == PERSON:
        return str(Action.SEND_BACK.label)
    offices = [slug for slug in stage.returns_to if slug != PERSON]
    if stage.backward and offices and target == offices[0]:
        return stage.backward_label
    return _("Return to “%(step)s”") % {"step": to.step_label if to is not None else target}


def label_of(action: str, stage: Stage | None, target: str = "", to: Stage | None = None) -> str:
    if stage is not None and action == Action.APPROVE:
        return stage.forward_label
    if stage is not None and action == Action.SEND_BACK and target:
        return return_label(stage, target, to)
    if stage is not None and action == Action.REJECT and stage.rejection:
        return stage.rejection_label
    if action == Action.REJECT:
        return pgettext("decision", "Not approved")
    if action == Action.TAKE_BACK:
        return _("Take back this decision")
    return str(Action(action).label)


def _targets(case: Case, action: Action, passed: set[str]) -> list[str]:
    stage = case.current_stage
    if action != Action.SEND_BACK or stage is None:
        return [""]
    # Only stages really passed are offered among offices.
    return [target for target in stage.returns_to if target == PERSON or target in passed]


def available_actions(case: Case, actor: Actor, *, passed: set[str]) -> list[Option]:
    """``passed``: slugs of the stages this case was approved at. The number of queries does not depend on the case."""
    return list(_options(case, actor, passed))


def _options(case: Case, actor: Actor, passed: set[str]) -> Iterator[Option]:
    stage = case.current_stage
    for action in BUTTONS:
        load_history(action, [case], "")
        if denial(case, action, actor):
            continue
        for target in _targets(case, action, passed):
            case.plan = Planner(action, [case], target=target, at=clock.now()).plan(case)
            reason = refusal(case, action, actor) or why_limited(actor, case.case_type)
            if reason and (action == Action.TAKE_BACK or (action == Action.WITHDRAW and not undecided(case))):
                # It is not a gate that may open again: no button.
                continue
            to = case.route.get(target)
            yield Option(
                action=str(action),
                label=label_of(action, stage, target, to),
                target=target,
                reason=reason,
                main=action == Action.APPROVE,
                needs_opinion=action in NEEDS_OPINION,
            )
