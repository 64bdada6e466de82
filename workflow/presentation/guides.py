"""办事指南: the steps of a service and the papers that it asks for, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from workflow.enums import PERSON, OrganisationKind
from workflow.models import ChainVersion, PaperLine, Stage, route_of


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


def guide_papers(papers: Sequence[PaperLine]) -> list[GuidePaper]:
    """All lines of one list."""
    return [GuidePaper(str(paper), paper.hint_text, _need(paper, papers)) for paper in papers]


def _need(paper: PaperLine, papers: Sequence[PaperLine]) -> str:
    others = [str(other) for other in papers if paper.one_of and other.one_of == paper.one_of and other != paper]
    if others:
        return _("this or %(others)s") % {"others": "、".join(others)}
    if paper.condition != PaperLine.ALWAYS:
        return str(paper.get_condition_display())
    return _("to be handed in") if paper.required else _("optional")
