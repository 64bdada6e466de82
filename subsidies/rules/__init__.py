"""Who is entitled to the rent subsidy: each rule answers pass or fail, with its reason and its basis.

Pure functions over frozen facts; nothing here asks the database or the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from subsidies.facts import Facts, Terms
from subsidies.rules import period, person
from workflow.findings import Check, Finding
from workflow.registry import Text


@dataclass(frozen=True, slots=True)
class Rule:
    key: str
    label: Text
    judge: Callable[[Facts, Terms], Finding]


RULES = (
    Rule("window", gettext_lazy("Window for applications"), period.judge_window),
    Rule("education", gettext_lazy("Level of education"), person.judge_education),
    Rule("full_time", gettext_lazy("Full-time education"), person.judge_full_time),
    Rule("graduated_within", gettext_lazy("Time since graduation"), person.judge_graduated_within),
    Rule("unit_kind", gettext_lazy("Kind of employer"), person.judge_unit_kind),
    Rule("current_unit", gettext_lazy("Present employer"), person.judge_current_unit),
    Rule("contract", gettext_lazy("Labour contract"), person.judge_contract),
    Rule("insurance", gettext_lazy("Social insurance"), person.judge_insurance),
    Rule("own_house", gettext_lazy("Own housing"), person.judge_own_house),
    Rule("exclusive", gettext_lazy("Other support"), person.judge_exclusive),
    Rule("lease", gettext_lazy("Lease covers the period"), period.judge_lease),
    Rule("past_only", gettext_lazy("Period of the subsidy"), period.judge_past_only),
    Rule("some_month", gettext_lazy("Months that count"), period.judge_some_month),
    Rule("months_free", gettext_lazy("No month twice"), period.judge_months_free),
    Rule("cap", gettext_lazy("Months in all"), period.judge_cap),
)


def check_all(facts: Facts, terms: Terms) -> list[Check]:
    """Every rule in the order of the page."""
    checks = []
    for rule in RULES:
        finding = rule.judge(facts, terms)
        basis = str(terms.basis.get(rule.key, ""))
        checks.append(Check(rule.key, str(rule.label), finding.passed, finding.reason, basis, finding.field))
    return checks


def failures(checks: list[Check]) -> list[Check]:
    return [check for check in checks if not check.passed]
