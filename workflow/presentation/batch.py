"""The selection bar of a queue and the page that asks before one decision moves many cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from workflow import registry
from workflow.enums import PERSON, Action
from workflow.models import Case, Selection, route_of
from workflow.presentation.options import label_of, return_label
from workflow.seats import Seat
from workflow.services.perform import Seen

# The names shown on the confirm page; the rest is a number.
NAMED = 20
REVIEW_ONE, PRINT = "one", "print"
# Digits that a key of the database may have.
LONGEST_KEY = 18
# The manual's plain word for a decision: where a stage prints it, the bar offers 【审核】 with its two ways.
PLAIN_APPROVAL = "审核通过"


@dataclass(frozen=True, slots=True)
class BarAction:
    """One button of the bar; ``value`` is posted: "one", "approve", "send_back:unit", "print:application"."""

    label: str
    value: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    review: tuple[BarAction, ...]
    actions: tuple[BarAction, ...]
    prints: tuple[BarAction, ...]
    has_amount: bool


def bar_of(seat: Seat) -> Bar:
    stage = seat.stage
    all_at_once = BarAction(_("%(label)s in one go") % {"label": stage.forward_label}, Action.APPROVE)
    case_type = registry.case_types[seat.case_type]
    if stage.forward == PLAIN_APPROVAL and case_type.review_menu:
        review = [BarAction(_("Review one by one"), REVIEW_ONE), all_at_once]
        forward = []
    else:
        review = []
        forward = [BarAction(stage.forward_label, f"{Action.APPROVE}:ticked", True), all_at_once]
    returns = [
        BarAction(return_label(stage, to, route_of(stage.chain_id).get(to)), f"{Action.SEND_BACK}:{to}")
        for to in stage.returns_to
    ]
    reject = [BarAction(label_of(Action.REJECT, stage), Action.REJECT)] if stage.may_reject else []
    return Bar(tuple(review), (*forward, *returns, *reject), tuple(_prints(seat)), case_type.has_amount)


def _prints(seat: Seat) -> Iterator[BarAction]:
    """【批量打印】, which says of which paper where there are several."""
    case_type = registry.case_types[seat.case_type]
    for document in case_type.documents:
        if not document.is_for(seat.stage):
            continue
        label = _("Print in one go")
        if len(case_type.documents) > 1:
            label = _("Print in one go: %(paper)s") % {"paper": document.label}
        yield BarAction(label, f"{PRINT}:{document.key}")


def read_ticks(data: QueryDict) -> list[Seen]:
    """The ticked rows as the page showed them: "pk:revision"; anything else is not ours."""
    ticks = []
    for text in data.getlist("case"):
        pk, _colon, revision = text.partition(":")
        if pk.isdecimal() and revision.isdecimal() and max(len(pk), len(revision)) <= LONGEST_KEY:
            ticks.append(Seen(int(pk), int(revision)))
    return ticks


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    label: str
    has_amount: bool
    named: Sequence[Case]
    unnamed: int
    along_label: str
    along: str
    ticked: bool


def confirm_page(selection: Selection, seat: Seat, action: str, target: str) -> ConfirmPage:
    case_type = registry.case_types[seat.case_type]
    along = case_type.passes_along.get(seat.stage.slug, "") if action == Action.APPROVE else ""
    first = [pk for pk, _revision in selection.members[:NAMED]]
    return ConfirmPage(
        label=label_of(action, seat.stage, target or PERSON),
        has_amount=case_type.has_amount,
        named=list(
            Case.objects.filter(pk__in=first).only("number", "subject", "amount").order_by("submitted_at", "id")
        ),
        unnamed=max(0, selection.count - len(first)),
        along_label=_along_label(seat, along),
        along=along,
        ticked=not selection.criteria,
    )


def _along_label(seat: Seat, along: str) -> str:
    route = route_of(seat.stage.chain_id)
    return _("Also: %(label)s") % {"label": route[along].forward_label} if along in route else ""
