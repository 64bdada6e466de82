"""What must hold before a change of a card is filed (spec 4.10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.enums import CardState, ChangeKind
from workflow.findings import Check, Finding
from workflow.registry import Text


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """The card, the employment that the talent space states now, and what was typed."""

    today: date
    state: CardState
    valid_until: date
    # The first day on which a renewal may be filed.
    renewal_opens: date
    # Reported lost, whatever else has happened to the card.
    is_lost: bool
    # Registered with an employer; and with the one on the card.
    has_unit: bool
    is_at_card_unit: bool
    # The present employment of the talent space is with the registered employer.
    works_at_registered_unit: bool
    # None: open-ended, or no contract at all.
    contract_end: date | None
    has_contract: bool
    # Number of another change of this card that is under way.
    under_way: str
    statement: str
    # Not filed yet, or filed through the employer that the holder is registered with now.
    same_reviewer: bool = True


def judge_card(facts: ChangeFacts) -> Finding:
    if facts.state == CardState.CANCELLED:
        return Finding(False, _("This card is cancelled."))
    if facts.state == CardState.FROZEN:
        return Finding(False, _("This card is frozen. Ask the office that issued it."))
    if facts.state == CardState.EXPIRED:
        return Finding(False, _("This card has run out: apply for a new one."))
    return Finding(True, _("The card can be changed."))


def judge_window(facts: ChangeFacts) -> Finding:
    if facts.today < facts.renewal_opens:
        words = {"day": facts.renewal_opens.isoformat(), "until": facts.valid_until.isoformat()}
        return Finding(False, _("The card is valid until %(until)s; it can be renewed from %(day)s on.") % words)
    return Finding(True, _("The card ends on %(until)s.") % {"until": facts.valid_until.isoformat()})


def judge_same_unit(facts: ChangeFacts) -> Finding:
    if not facts.is_at_card_unit:
        return Finding(False, _("You are no longer registered with the employer on the card: report the change first."))
    return _works(facts)


def judge_new_unit(facts: ChangeFacts) -> Finding:
    if not facts.has_unit:
        return Finding(False, _("Your registration names no employer: register with the new one first."))
    if facts.is_at_card_unit:
        return Finding(
            False, _("You are still registered with the employer on the card: register with the new one first.")
        )
    return _works(facts)


def _works(facts: ChangeFacts) -> Finding:
    if not facts.same_reviewer:
        return Finding(
            False,
            _("This was filed through another employer than yours of today: withdraw it, and apply anew."),
        )
    if not facts.works_at_registered_unit:
        return Finding(
            False,
            _("Your work experience does not say that you work for the employer you are registered with: correct it."),
        )
    return Finding(True, _("Employed at the registered unit."))


def judge_contract(facts: ChangeFacts) -> Finding:
    if not facts.has_contract:
        return Finding(False, _("Your work experience names no labour contract: add it."))
    if facts.contract_end is not None and facts.contract_end < facts.today:
        words = {"end": facts.contract_end.isoformat()}
        return Finding(False, _("The contract ended on %(end)s: enter the one in force.") % words)
    return Finding(True, _("The contract is in force."))


def judge_longer_contract(facts: ChangeFacts) -> Finding:
    end = facts.contract_end
    if facts.has_contract and end is not None and end <= facts.valid_until:
        words = {"end": end.isoformat(), "until": facts.valid_until.isoformat()}
        return Finding(
            False, _("The contract ends on %(end)s, not later than the card (%(until)s): renew the contract.") % words
        )
    return judge_contract(facts)


def judge_lost(facts: ChangeFacts) -> Finding:
    if not facts.is_lost:
        return Finding(False, _("The card is not reported lost: report the loss first, so that nobody else uses it."))
    return Finding(True, _("The card is reported lost."))


def judge_statement(facts: ChangeFacts) -> Finding:
    if not facts.statement.strip():
        return Finding(False, _("Say when and how the card was lost."), "statement")
    return Finding(True, _("Nothing is missing."))


def judge_once(facts: ChangeFacts) -> Finding:
    if facts.under_way:
        words = {"number": facts.under_way}
        return Finding(False, _("Your application %(number)s to change this card is still under way.") % words)
    return Finding(True, _("No other application is under way."))


@dataclass(frozen=True, slots=True)
class Rule:
    key: str
    label: Text
    judge: Callable[[ChangeFacts], Finding]


CARD = Rule("card", gettext_lazy("Talent card"), judge_card)
ONCE = Rule("once", gettext_lazy("One application at a time"), judge_once)
RULES: Mapping[str, Sequence[Rule]] = {
    ChangeKind.RENEW: (
        CARD,
        Rule("window", gettext_lazy("Time of renewal"), judge_window),
        Rule("unit", gettext_lazy("Present employer"), judge_same_unit),
        Rule("contract", gettext_lazy("Labour contract"), judge_longer_contract),
        ONCE,
    ),
    ChangeKind.MOVE: (
        CARD,
        Rule("unit", gettext_lazy("New employer"), judge_new_unit),
        Rule("contract", gettext_lazy("Labour contract"), judge_contract),
        ONCE,
    ),
    ChangeKind.REPLACE: (
        CARD,
        Rule("lost", gettext_lazy("Report of the loss"), judge_lost),
        Rule("unit", gettext_lazy("Present employer"), judge_same_unit),
        Rule("statement", gettext_lazy("Explanation"), judge_statement),
        ONCE,
    ),
}
# What must hold before the form is opened at all; the rest can be mended while it is filled in.
AT_START = frozenset({"card", "window", "lost", "once"})


def check_change(kind: str, facts: ChangeFacts) -> list[Check]:
    """Every rule of this kind in the order of the page."""
    checks = []
    for rule in RULES[kind]:
        finding = rule.judge(facts)
        checks.append(Check(rule.key, str(rule.label), finding.passed, finding.reason, "", finding.field))
    return checks


def why_not_yet(kind: str, facts: ChangeFacts) -> str:
    """Why nobody could begin this; "" where it can be begun. A new employer is known before, too."""
    first = AT_START | {"unit"} if kind == ChangeKind.MOVE else AT_START
    return next((check.reason for check in check_change(kind, facts) if check.rule in first and not check.passed), "")
