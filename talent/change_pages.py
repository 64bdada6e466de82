"""What the holder's pages of changes show, put into words once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.change_eligibility import options_of
from talent.enums import CardLevel, CardState, ChangeKind
from talent.forms.change import ChangeForm
from talent.models import Card, CardChange
from talent.services.card_expiry import report_by
from workflow import clock
from workflow.enums import State
from workflow.models import Case
from workflow.presentation.remarks import Pinned, Remark, open_remarks
from workflow.queue import STATUS_KINDS
from workflow.registry import Text
from workflow.remark_forms import pin_remarks

CARD_SHAPES = {CardState.VALID: "done", CardState.LOST: "bad", CardState.FROZEN: "bad"}
WHAT: dict[ChangeKind, Text] = {
    ChangeKind.RENEW: gettext_lazy("The card gets a new end, as late as the labour contract and the rules allow."),
    ChangeKind.MOVE: gettext_lazy("You work for another employer, who is registered here: the card names it."),
    ChangeKind.REPLACE: gettext_lazy("You get a new card with the same number; the lost one stays void for good."),
}


@dataclass(frozen=True, slots=True)
class CardGlance:
    """The card that all of this is about."""

    pk: int
    number: str
    level: str
    unit: str
    until: str
    state: str
    shape: str


def glance_of(card: Card) -> CardGlance:
    state = card.state_on(clock.today())
    return CardGlance(
        pk=card.pk,
        number=card.number,
        level=str(CardLevel(card.level).label),
        unit=card.unit_name,
        until=card.valid_until.isoformat(),
        state=str(state.label),
        shape=CARD_SHAPES.get(state, "plain"),
    )


@dataclass(frozen=True, slots=True)
class Option:
    """One kind of change; ``closed``: why it cannot be begun now."""

    kind: str
    label: str
    text: str
    closed: str
    # By when it must be reported.
    by: str


def change_options(card: Card) -> list[Option]:
    last = report_by(card)
    by = last.isoformat() if last is not None else ""
    return [
        Option(kind.value, str(kind.label), str(WHAT[kind]), closed, by if kind == ChangeKind.MOVE else "")
        for kind, closed in options_of(card)
    ]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case on the person's list."""

    pk: int
    number: str
    label: str
    status: str
    kind: str
    next_label: str
    next_url: str
    case_url: str


def change_rows(changes: Iterable[CardChange]) -> list[CaseRow]:
    return [case_row(change.case, str(ChangeKind(change.kind).label), "talent:change_edit") for change in changes]


def case_row(case: Case, label: str, edit_url: str) -> CaseRow:
    go_on = _go_on(case)
    return CaseRow(
        pk=case.pk,
        number=case.number or _("Draft %(pk)s") % {"pk": case.pk},
        label=label,
        status=case.status,
        kind=STATUS_KINDS[State(case.state)],
        next_label=go_on,
        next_url=reverse(edit_url, args=[case.pk]) if go_on else "",
        case_url=reverse("workflow:case", args=[case.pk]),
    )


def _go_on(case: Case) -> str:
    if case.state == State.DRAFT:
        return _("Continue")
    return _("Correct it") if case.state == State.RETURNED else ""


def pin_to(change: CardChange, form: ChangeForm) -> list[Pinned]:
    """What the office marked, beside its field; the lines for the head of the page."""
    case = change.case
    return pin_remarks(
        form,
        open_remarks(case),
        lambda remark: [remark.row] if remark.row in form.fields else [],
        lambda remark: _elsewhere(case, remark),
    )


def _elsewhere(case: Case, remark: Remark) -> str:
    if remark.is_of_materials:
        return f"{reverse('talent:change_check', args=[case.pk])}#material-{remark.row}"
    page = reverse("talent:works") if remark.key.startswith("work.") else reverse("accounts:account")
    return f"{page}?next={reverse('talent:change_edit', args=[case.pk])}"
