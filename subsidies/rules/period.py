"""Rules about the months applied for."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from subsidies.amounts import add_months, last_day, month_of
from subsidies.enums import WindowMode
from subsidies.facts import Facts, Terms, entitlement
from subsidies.rules.wording import ym
from workflow.findings import Finding, unknown


def judge_window(facts: Facts, terms: Terms) -> Finding:
    today = facts.in_time_on
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


def judge_lease(facts: Facts, terms: Terms) -> Finding:
    if facts.lease is None or facts.lease.end is None:
        return unknown("lease_start")
    if facts.start is None or facts.end is None:
        return unknown("start")
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


def judge_past_only(facts: Facts, terms: Terms) -> Finding:
    if facts.start is None or facts.end is None:
        return unknown("start")
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


def judge_cap(facts: Facts, terms: Terms) -> Finding:
    if facts.start is None or facts.end is None:
        return unknown("start")
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


def judge_some_month(facts: Facts, terms: Terms) -> Finding:
    if facts.start is None or facts.end is None:
        return unknown("start")
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


def judge_months_free(facts: Facts, terms: Terms) -> Finding:
    if facts.start is None or facts.end is None:
        return unknown("start")
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
