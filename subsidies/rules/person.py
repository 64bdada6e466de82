"""Rules about the graduate, the employer and the household."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from subsidies.facts import Facts, Terms
from workflow.findings import Finding, unknown


def judge_education(facts: Facts, terms: Terms) -> Finding:
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


def judge_full_time(facts: Facts, terms: Terms) -> Finding:
    if not terms.full_time_only:
        return Finding(True, _("The programme does not ask for full-time education."))
    if facts.full_time is None:
        return unknown("education")
    if not facts.full_time:
        return Finding(False, _("Only full-time education counts; choose a full-time one if you have it."), "education")
    return Finding(True, _("Full-time education"), "education")


def judge_graduated_within(facts: Facts, terms: Terms) -> Finding:
    years = terms.graduated_within_years
    if not years:
        return Finding(True, _("The programme sets no limit."))
    if facts.graduated_on is None:
        return unknown("education")
    graduated = facts.graduated_on
    # Somebody who graduated on 29 February has until the 28th.
    day = 28 if (graduated.month, graduated.day) == (2, 29) else graduated.day
    limit = date(graduated.year + years, graduated.month, day)
    words = {"years": years, "graduated": graduated.isoformat(), "limit": limit.isoformat()}
    if graduated > facts.in_time_on:
        return Finding(False, _("The graduation date %(graduated)s lies in the future.") % words, "education")
    if facts.in_time_on > limit:
        return Finding(
            False,
            _("Graduated on %(graduated)s: the %(years)s years within which one can apply ended on %(limit)s.") % words,
            "education",
        )
    return Finding(True, _("Graduated on %(graduated)s; possible until %(limit)s.") % words, "education")


def judge_unit_kind(facts: Facts, terms: Terms) -> Finding:
    if not facts.unit_kind:
        return Finding(False, _("Your employer has not stated what kind of unit it is."))
    if terms.unit_kinds and facts.unit_kind not in terms.unit_kinds:
        return Finding(
            False,
            _("Your employer is of a kind that is not supported; supported: %(kinds)s.")
            % {"kinds": terms.unit_kind_names},
        )
    return Finding(True, _("The kind of employer is supported."))


def judge_current_unit(facts: Facts, terms: Terms) -> Finding:
    if not facts.has_current_work:
        return Finding(False, _("Your work experience has no present employment: add it on the page “工作经历”."))
    if not facts.works_at_registered_unit:
        return Finding(
            False,
            _("The present employer in your work experience is not the unit you registered with: correct one of them."),
        )
    return Finding(True, _("Present employer and registered unit are the same."))


def judge_own_house(facts: Facts, terms: Terms) -> Finding:
    if not terms.no_own_house:
        return Finding(True, _("The programme does not ask about own housing."))
    if facts.owns_house is None:
        return unknown("owns_house")
    if facts.owns_house:
        return Finding(
            False, _("Whoever (or whose spouse) owns a home in this city cannot receive the subsidy."), "owns_house"
        )
    return Finding(True, _("Neither you nor your spouse own a home in this city."), "owns_house")


def judge_exclusive(facts: Facts, terms: Terms) -> Finding:
    names = "、".join(terms.exclusive_with)
    if not names:
        return Finding(True, _("The programme excludes no other support."))
    if facts.enjoyed_other is None:
        return unknown("enjoyed_other")
    if facts.enjoyed_other:
        return Finding(
            False, _("The subsidy cannot be received together with: %(names)s.") % {"names": names}, "enjoyed_other"
        )
    return Finding(True, _("None of these is enjoyed: %(names)s.") % {"names": names}, "enjoyed_other")


def judge_contract(facts: Facts, terms: Terms) -> Finding:
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


def judge_insurance(facts: Facts, terms: Terms) -> Finding:
    if facts.insured_months is None:
        return unknown("insured_months")
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
