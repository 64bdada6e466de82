"""What must hold before an application for the card is filed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.rules.facts import Facts
from talent.rules.levels import unmet
from workflow.findings import Check, Finding, unknown
from workflow.registry import Text


@dataclass(frozen=True, slots=True)
class Rule:
    key: str
    label: Text
    judge: Callable[[Facts], Finding]


def judge_space(facts: Facts) -> Finding:
    if facts.space_gaps:
        words = {"fields": _(", ").join(facts.space_gaps)}
        return Finding(False, _("Fill in on the page “Basic information”: %(fields)s.") % words)
    return Finding(True, _("Basic information is complete."))


def judge_photo(facts: Facts) -> Finding:
    if not facts.has_photo:
        return Finding(False, _("Upload your photo on the page “Basic information”: it is printed on the card."))
    return Finding(True, _("The photo is there."))


def judge_studies(facts: Facts) -> Finding:
    if not facts.studies:
        return Finding(False, _("Your list of education is empty: add the highest one at least."))
    return Finding(True, _("%(count)s on the list") % {"count": len(facts.studies)})


def judge_work(facts: Facts) -> Finding:
    if facts.is_with_former_unit:
        return Finding(
            False, _("This was filed through another employer than yours of today: withdraw it, and apply anew.")
        )
    if not facts.has_current_work:
        return Finding(False, _("Your work experience has no present employment: add it on the page “工作经历”."))
    if not facts.works_at_registered_unit:
        return Finding(
            False,
            _("The present employer in your work experience is not the unit you registered with: correct one of them."),
        )
    return Finding(True, _("Employed at the registered unit."))


def judge_dates(facts: Facts) -> Finding:
    """What a draft may hold and the form marks: it is filed by nobody."""
    future = _("The date lies in the future. Check the year.")
    if facts.arrived_on is not None and facts.arrived_on > facts.today:
        return Finding(False, future, "arrived_on")
    if facts.insured_from is not None and facts.insured_from > facts.today:
        return Finding(False, _("The month lies in the future. Check the year."), "insured_from")
    return Finding(True, _("No date lies in the future."))


def judge_contract(facts: Facts) -> Finding:
    if facts.contract_start is None:
        return unknown("contract_start")
    if facts.contract_start > facts.today:
        words = {"start": facts.contract_start.isoformat()}
        reason = _("The contract begins on %(start)s: apply once it is in force.")
        return Finding(False, reason % words, "contract_start")
    if facts.is_open_ended and facts.contract_end is not None:
        reason = _("An open-ended contract has no end. Clear this field or change the kind.")
        return Finding(False, reason, "contract_end")
    if facts.contract_end is None and not facts.is_open_ended:
        return unknown("contract_end")
    if facts.contract_end is not None and facts.contract_end < facts.today:
        words = {"end": facts.contract_end.isoformat()}
        return Finding(False, _("The contract ended on %(end)s: enter the one in force.") % words, "contract_end")
    return Finding(True, _("The contract is in force."))


def judge_category(facts: Facts) -> Finding:
    if facts.category is None:
        return unknown("category")
    if not facts.is_offered:
        return Finding(
            False, _("Nobody is granted a card under this category any more: choose another one."), "category"
        )
    missing = list(unmet(facts, facts.category))
    if missing:
        words = {"reasons": _("; ").join(missing)}
        return Finding(False, _("This category does not fit what you have stated: %(reasons)s.") % words, "category")
    return Finding(True, _("The category fits what you have stated."))


def judge_evidence(facts: Facts) -> Finding:
    if facts.category is not None and facts.category.needs_evidence and not facts.evidence:
        return Finding(False, _("This category stands on evidence: enter its number or certificate."), "evidence")
    return Finding(True, _("Nothing is missing."))


def judge_scheme(facts: Facts) -> Finding:
    if not facts.is_granted:
        return Finding(False, _("This draft belongs to rules that do not hold for your county today: begin a new one."))
    return Finding(True, _("The card is granted in your county."))


def judge_held(facts: Facts) -> Finding:
    """A card is prolonged by its renewal, in its time; a new application is for a higher one."""
    held = facts.held
    if held is None:
        return Finding(True, _("You hold no such card."))
    if held.is_frozen:
        return Finding(
            False, _("Your card %(number)s is frozen: ask the office that issued it.") % {"number": held.number}
        )
    if facts.category is None or facts.category.level < held.level:
        return Finding(True, _("The card applied for is higher than the one that you hold."))
    words = {"number": held.number, "level": held.level}
    reason = _(
        "You hold the card %(number)s of type %(level)s: renew, change or replace it there. "
        "A new application is for a higher type."
    )
    return Finding(False, reason % words)


def judge_once(facts: Facts) -> Finding:
    if facts.under_way:
        words = {"number": facts.under_way}
        return Finding(
            False, _("Your application %(number)s is still under way: one person has one at a time.") % words
        )
    return Finding(True, _("No other application is under way."))


RULES = (
    Rule("space", gettext_lazy("Basic information"), judge_space),
    Rule("photo", gettext_lazy("Photo"), judge_photo),
    Rule("studies", gettext_lazy("Education"), judge_studies),
    Rule("work", gettext_lazy("Present employer"), judge_work),
    Rule("dates", gettext_lazy("Dates"), judge_dates),
    Rule("contract", gettext_lazy("Labour contract"), judge_contract),
    Rule("category", gettext_lazy("Category of application"), judge_category),
    Rule("evidence", gettext_lazy("Evidence of the category"), judge_evidence),
    Rule("scheme", gettext_lazy("Rules in force"), judge_scheme),
    Rule("held", gettext_lazy("Card held already"), judge_held),
    Rule("once", gettext_lazy("One application at a time"), judge_once),
)


def check_all(facts: Facts) -> list[Check]:
    """Every rule in the order of the page."""
    checks = []
    for rule in RULES:
        finding = rule.judge(facts)
        checks.append(Check(rule.key, str(rule.label), finding.passed, finding.reason, "", finding.field))
    return checks
