"""办事指南: the steps of a service and the papers that it asks for, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from workflow.enums import PERSON, OrganisationKind
from workflow.models import ChainVersion, Stage, route_of


@dataclass(frozen=True, slots=True)
class GuideStep:
    label: str
    who: str
    days: int


@dataclass(frozen=True, slots=True)
class GuidePaper:
    label: str
    hint: str
    need: str


def guide_steps(case_type: str) -> list[GuideStep]:
    """Of the chain in force."""
    return [_step(stage) for stage in route_of(ChainVersion.objects.published(case_type).pk).stages]


def _step(stage: Stage) -> GuideStep:
    who = _("Applicant") if stage.actor_kind == PERSON else str(OrganisationKind(stage.actor_kind).label)
    return GuideStep(stage.step_label, who, stage.working_days)


def need_text(others: list[str], condition: str, *, required: bool) -> str:
    """``others``: alternatives to the paper; ``condition``: when it is asked for at all, "" for always."""
    if others:
        return _("this or %(others)s") % {"others": "、".join(others)}
    if condition:
        return condition
    return _("to be handed in") if required else _("optional")
