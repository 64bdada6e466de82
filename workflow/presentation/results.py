"""What became of one press of a button: how many moved, their sum, and every refusal by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from workflow import registry
from workflow.models import Act, ChainVersion, Stage, route_of
from workflow.presentation.options import label_of
from workflow.presentation.times import minute_text


@dataclass(frozen=True, slots=True)
class RefusedRow:
    number: str
    subject: str
    reason: str
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One step that was asked for, summed over its chunks."""

    label: str
    asked: int
    done: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Result:
    when: str
    outcomes: list[Outcome]
    refused: list[RefusedRow]
    has_amount: bool
    queue_url: str
    links: list[registry.Link]


def result_of(acts: Sequence[Act]) -> Result:
    steps: dict[str, list[Act]] = {}
    for act in acts:
        steps.setdefault(act.stage, []).append(act)
    first = acts[0]
    case_type = registry.case_types.get(first.case_type)
    return Result(
        when=minute_text(first.at),
        outcomes=[_outcome(group) for group in steps.values()],
        refused=[row for act in acts for row in _refused(act)],
        has_amount=case_type is not None and case_type.has_amount,
        queue_url=reverse("workflow:queue", args=[first.case_type, first.stage]) if case_type and first.stage else "",
        links=[link for act in acts for links in registry.act_links for link in links(act)],
    )


def _stage_of(act: Act) -> Stage | None:
    chain = ChainVersion.objects.filter(case_type=act.case_type, status="published").first()
    return route_of(chain.pk).get(act.stage) if chain is not None else None


def _label(act: Act) -> str:
    return label_of(act.action, _stage_of(act)) or _("Decision")


def _outcome(acts: Sequence[Act]) -> Outcome:
    return Outcome(
        label=_label(acts[0]),
        asked=sum(act.asked for act in acts),
        done=sum(act.done for act in acts),
        amount=sum((act.amount for act in acts), Decimal(0)),
    )


def _refused(act: Act) -> list[RefusedRow]:
    label = _label(act)
    return [
        RefusedRow(
            number=row["number"] or f"#{row['case']}",
            subject=row["subject"],
            reason=row["reason"],
            url=reverse("workflow:case", args=[row["case"]]),
            label=label,
        )
        for row in act.refused
    ]
