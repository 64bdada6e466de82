"""Who is entitled to the rent subsidy: each rule answers pass or fail, with its reason and its basis.

Pure functions over frozen facts; nothing here asks the database or the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subsidies.amounts import (
    Shares,
    Span,
    add_months,
    counted_months,
    last_day,
    month_of,
    monthly_standard,
    months_between,
    remaining_months,
    split_amount,
    total_amount,
)
from subsidies.enums import WindowMode
from workflow.registry import Text


@dataclass(frozen=True, slots=True)
class Terms:
    """A programme, as the rules read it. ``standards`` holds the enabled levels only."""

    standards: Mapping[str, Decimal] = field(default_factory=dict)
    level_names: Mapping[str, str] = field(default_factory=dict)
    full_time_only: bool = True
    graduated_within_years: int = 0
    unit_kinds: frozenset[str] = frozenset()
    unit_kind_names: str = ""
    no_own_house: bool = True
    exclusive_with: tuple[str, ...] = ()
    contract_min_months: int = 0
    insurance_min_months: int = 0
    past_periods_only: bool = True
    max_months: int = 0
    cap_by_rent: bool = False
    city_share: Decimal = Decimal(1)
    window_mode: str = WindowMode.ALWAYS
    # "MM-DD", both days included.
    window_from: str = ""
    window_to: str = ""
    valid_from: date = date.min
    valid_until: date | None = None
    basis: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one application on one day; None where it has not been filled in yet."""

    today: date
    education: str = ""
    full_time: bool | None = None
    graduated_on: date | None = None
    has_current_work: bool = False
    works_at_registered_unit: bool = False
    unit_kind: str = ""
    contract: Span | None = None
    insured: Span | None = None
    insured_months: int | None = None
    lease: Span | None = None
    rent: Decimal | None = None
    owns_house: bool | None = None
    enjoyed_other: bool | None = None
    start: date | None = None
    end: date | None = None
    # Months that other applications of the same person hold: {month: number of the case}.
    taken: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One rule's answer. ``field`` is where the applicant can mend it; "" where the form cannot."""

    rule: str
    label: str
    passed: bool
    reason: str
    basis: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What the rules of arithmetic make of it; zero where something is still missing."""

    months: tuple[date, ...]
    asked: tuple[date, ...]
    standard: Decimal
    total: Decimal
    shares: Shares
    used: int
    remaining: int


@dataclass(frozen=True, slots=True)
class Finding:
    passed: bool
    reason: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    key: str
    label: Text
    judge: Callable[[Facts, Terms], Finding]


def entitlement(facts: Facts, terms: Terms) -> Entitlement:
    asked = months_between(facts.start, facts.end) if facts.start and facts.end else ()
    months = counted_months(asked[0], asked[-1], (facts.contract, facts.insured, facts.lease)) if asked else ()
    standard = monthly_standard(
        terms.standards.get(facts.education, Decimal(0)), facts.rent, cap_by_rent=terms.cap_by_rent
    )
    total = total_amount(standard, len(months))
    used = len(facts.taken)
    remaining = remaining_months(terms.max_months, used)
    return Entitlement(months, asked, standard, total, split_amount(total, terms.city_share), used, remaining)


def ym(month: date) -> str:
    return month.strftime("%Y-%m")


def _unknown(field: str) -> Finding:
    return Finding(False, _("Not filled in yet."), field)


def _education(facts: Facts, terms: Terms) -> Finding:
    levels = "、".join(terms.level_names.values())
    if not facts.education:
        return Finding(
            False,
            _("Choose the education that you apply with; the subsidy is for: %(levels)s.") % {"levels": levels},
            "education",
        )
    if facts.education not in terms.standards:
        return Finding(
            False,
            _("This education brings no subsidy; it is paid to graduates (毕业) of: %(levels)s.") % {"levels": levels},
            "education",
        )
    return Finding(True, _("%(level)s, graduated") % {"level": terms.level_names[facts.education]}, "education")


def _full_time(facts: Facts, terms: Terms) -> Finding:
    if not terms.full_time_only:
        return Finding(True, _("The programme does not ask for full-time education."))
    if facts.full_time is None:
        return _unknown("education")
    if not facts.full_time:
        return Finding(False, _("Only full-time education counts; choose a full-time one if you have it."), "education")
    return Finding(True, _("Full-time education"), "education")


def _graduated_within(facts: Facts, terms: Terms) -> Finding:
    years = terms.graduated_within_years
    if not years:
        return Finding(True, _("The programme sets no limit."))
    if facts.graduated_on is None:
        return _unknown("education")
    graduated = facts.graduated_on
    # Somebody who graduated on 29 February has until the 28th.
    day = 28 if (graduated.month, graduated.day) == (2, 29) else graduated.day
    limit = date(graduated.year + years, graduated.month, day)
    words = {"years": years, "graduated": graduated.isoformat(), "limit": limit.isoformat()}
    if graduated > facts.today:
        return Finding(False, _("The graduation date %(graduated)s lies in the future.") % words, "education")
    if facts.today > limit:
        return Finding(
            False,
            _("Graduated on %(graduated)s: the %(years)s years within which one can apply ended on %(limit)s.") % words,
            "education",
        )
    return Finding(True, _("Graduated on %(graduated)s; possible until %(limit)s.") % words, "education")


def _unit_kind(facts: Facts, terms: Terms) -> Finding:
    if not facts.unit_kind:
        return Finding(False, _("Your employer has not stated what kind of unit it is."))
    if terms.unit_kinds and facts.unit_kind not in terms.unit_kinds:
        return Finding(
            False,
            _("Your employer is of a kind that is not supported; supported: %(kinds)s.")
            % {"kinds": terms.unit_kind_names},
        )
    return Finding(True, _("The kind of employer is supported."))


def _current_unit(facts: Facts, terms: Terms) -> Finding:
    if not facts.has_current_work:
        return Finding(False, _("Your work experience has no present employment: add it on the page “工作经历”."))
    if not facts.works_at_registered_unit:
        return Finding(
            False,
            _("The present employer in your work experience is not the unit you registered with: correct one of them."),
        )
    return Finding(True, _("Present employer and registered unit are the same."))


def _own_house(facts: Facts, terms: Terms) -> Finding:
    if not terms.no_own_house:
        return Finding(True, _("The programme does not ask about own housing."))
    if facts.owns_house is None:
        return _unknown("owns_house")
    if facts.owns_house:
        return Finding(
            False, _("Whoever (or whose spouse) owns a home in this city cannot receive the subsidy."), "owns_house"
        )
    return Finding(True, _("Neither you nor your spouse own a home in this city."), "owns_house")


def _exclusive(facts: Facts, terms: Terms) -> Finding:
    names = "、".join(terms.exclusive_with)
    if not names:
        return Finding(True, _("The programme excludes no other support."))
    if facts.enjoyed_other is None:
        return _unknown("enjoyed_other")
    if facts.enjoyed_other:
        return Finding(
            False, _("The subsidy cannot be received together with: %(names)s.") % {"names": names}, "enjoyed_other"
        )
    return Finding(True, _("None of these is enjoyed: %(names)s.") % {"names": names}, "enjoyed_other")


def _contract(facts: Facts, terms: Terms) -> Finding:
    if facts.contract is None:
        return Finding(False, _("Your present employment has no labour contract yet: add it on the page “工作经历”."))
    months = facts.contract.months
    words = {"months": months, "min": terms.contract_min_months}
    if months is not None and months < terms.contract_min_months:
        return Finding(
            False,
            _(
                "The labour contract runs for %(months)s months; at least %(min)s are needed. If it was renewed, "
                "change its end on the page “工作经历”."
            )
            % words,
        )
    if months is None:
        return Finding(True, _("Open-ended labour contract"))
    return Finding(True, _("The labour contract runs for %(months)s months (at least %(min)s).") % words)


def _insurance(facts: Facts, terms: Terms) -> Finding:
    if facts.insured_months is None:
        return _unknown("insured_months")
    words = {"months": facts.insured_months, "min": terms.insurance_min_months}
    if facts.insured_months < terms.insurance_min_months:
        return Finding(
            False,
            _("Social insurance was paid for %(months)s months; at least %(min)s are needed.") % words,
            "insured_months",
        )
    return Finding(
        True, _("Social insurance was paid for %(months)s months (at least %(min)s).") % words, "insured_months"
    )


def _lease(facts: Facts, terms: Terms) -> Finding:
    if facts.lease is None or facts.lease.end is None:
        return _unknown("lease_start")
    if facts.start is None or facts.end is None:
        return _unknown("start")
    words = {
        "from": facts.lease.start.isoformat(),
        "to": facts.lease.end.isoformat(),
        "start": ym(facts.start),
        "end": ym(facts.end),
        "first": ym(_first_whole_month(facts.lease.start)),
        "last": ym(_last_whole_month(facts.lease.end)),
    }
    if facts.lease.start > facts.start:
        return Finding(
            False,
            _(
                "The lease begins on %(from)s, the period in %(start)s: start the period in %(first)s, or enter "
                "the beginning of the earlier lease and upload it too."
            )
            % words,
            "lease_start",
        )
    if facts.lease.end < last_day(facts.end):
        return Finding(
            False,
            _(
                "The lease ends on %(to)s, the period in %(end)s: end the period in %(last)s, or enter the end "
                "of the renewed lease and upload it."
            )
            % words,
            "lease_end",
        )
    return Finding(True, _("The lease from %(from)s to %(to)s covers the period.") % words, "lease_end")


def _first_whole_month(day: date) -> date:
    return day if day.day == 1 else add_months(month_of(day), 1)


def _last_whole_month(day: date) -> date:
    return month_of(day) if day == last_day(month_of(day)) else add_months(month_of(day), -1)


def _past_only(facts: Facts, terms: Terms) -> Finding:
    if facts.start is None or facts.end is None:
        return _unknown("start")
    if facts.end < facts.start:
        return Finding(
            False,
            _("The last month %(end)s lies before the first month %(start)s: change one of them.")
            % {"start": ym(facts.start), "end": ym(facts.end)},
            "end",
        )
    if not terms.past_periods_only:
        return Finding(True, _("Future months may be applied for."), "end")
    latest = add_months(month_of(facts.today), -1)
    if facts.end > latest:
        return Finding(
            False,
            _("The subsidy is paid for months that are over: the last month can be %(latest)s at most.")
            % {"latest": ym(latest)},
            "end",
        )
    return Finding(True, _("All months of the period are over."), "end")


def _window(facts: Facts, terms: Terms) -> Finding:
    today = facts.today
    if today < terms.valid_from or (terms.valid_until is not None and today > terms.valid_until):
        return Finding(False, _("The programme is not in force today."))
    if terms.window_mode == WindowMode.QUARTER_FIRST_MONTH and today.month % 3 != 1:
        opens = add_months(month_of(today), (1 - today.month) % 3)
        return Finding(
            False,
            _("Applications are accepted in the first month of each quarter; the next window opens on %(day)s.")
            % {"day": opens.isoformat()},
        )
    if terms.window_mode == WindowMode.YEARLY and not _in_year(today, terms.window_from, terms.window_to):
        return Finding(
            False,
            _("Applications are accepted each year from %(from)s to %(to)s.")
            % {"from": terms.window_from, "to": terms.window_to},
        )
    return Finding(True, _("Applications are accepted today."))


def _in_year(today: date, first: str, last: str) -> bool:
    day = today.strftime("%m-%d")
    return first <= day <= last if first <= last else day >= first or day <= last


def _cap(facts: Facts, terms: Terms) -> Finding:
    if facts.start is None or facts.end is None:
        return _unknown("start")
    result = entitlement(facts, terms)
    words = {"months": len(result.months), "max": terms.max_months, "used": result.used, "left": result.remaining}
    if len(result.months) > result.remaining:
        return Finding(
            False,
            _(
                "%(months)s months are asked for, but %(used)s of at most %(max)s are used: %(left)s are left. "
                "Shorten the period."
            )
            % words,
            "end",
        )
    return Finding(True, _("%(months)s months now, %(used)s used before, at most %(max)s.") % words, "end")


def _some_month(facts: Facts, terms: Terms) -> Finding:
    if facts.start is None or facts.end is None:
        return _unknown("start")
    result = entitlement(facts, terms)
    if not result.months:
        return Finding(
            False,
            _(
                "No month of the period is covered as a whole by labour contract, social insurance and lease: "
                "check their dates and the period."
            ),
            "start",
        )
    left_out = [month for month in result.asked if month not in result.months]
    if left_out:
        months = "、".join(ym(month) for month in left_out)
        return Finding(
            True,
            _(
                "%(count)s months count; not counted, because contract, insurance or lease do not cover them as a "
                "whole: %(months)s"
            )
            % {"count": len(result.months), "months": months},
            "start",
        )
    return Finding(True, _("%(count)s months count.") % {"count": len(result.months)}, "start")


def _months_free(facts: Facts, terms: Terms) -> Finding:
    if facts.start is None or facts.end is None:
        return _unknown("start")
    taken = [(month, facts.taken[month]) for month in entitlement(facts, terms).months if month in facts.taken]
    if taken:
        return Finding(False, overlap_reason(taken), "start")
    return Finding(True, _("No month has been applied for before."), "start")


def overlap_reason(taken: list[tuple[date, str]]) -> str:
    """``taken``: (month, number of the case that holds it)."""
    months = "、".join(ym(month) for month, _number in taken)
    numbers = "、".join(dict.fromkeys(number for _month, number in taken))
    return _("%(months)s is already applied for in case %(number)s: no month is paid twice. Choose other months.") % {
        "months": months,
        "number": numbers,
    }


RULES = (
    Rule("window", gettext_lazy("Window for applications"), _window),
    Rule("education", gettext_lazy("Level of education"), _education),
    Rule("full_time", gettext_lazy("Full-time education"), _full_time),
    Rule("graduated_within", gettext_lazy("Time since graduation"), _graduated_within),
    Rule("unit_kind", gettext_lazy("Kind of employer"), _unit_kind),
    Rule("current_unit", gettext_lazy("Present employer"), _current_unit),
    Rule("contract", gettext_lazy("Labour contract"), _contract),
    Rule("insurance", gettext_lazy("Social insurance"), _insurance),
    Rule("own_house", gettext_lazy("Own housing"), _own_house),
    Rule("exclusive", gettext_lazy("Other support"), _exclusive),
    Rule("lease", gettext_lazy("Lease covers the period"), _lease),
    Rule("past_only", gettext_lazy("Period of the subsidy"), _past_only),
    Rule("some_month", gettext_lazy("Months that count"), _some_month),
    Rule("months_free", gettext_lazy("No month twice"), _months_free),
    Rule("cap", gettext_lazy("Months in all"), _cap),
)


def check_all(facts: Facts, terms: Terms) -> list[Check]:
    """Every rule in the order of the page."""
    checks = []
    for rule in RULES:
        finding = rule.judge(facts, terms)
        basis = terms.basis.get(rule.key, "")
        checks.append(Check(rule.key, str(rule.label), finding.passed, finding.reason, basis, finding.field))
    return checks


def failures(checks: list[Check]) -> list[Check]:
    return [check for check in checks if not check.passed]
