"""Which categories a person's facts point to, and so which card: A before B before C."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from talent.rules.facts import Facts, Study, Terms
from workflow.codelists import DEGREE, SKILL_LEVEL, TITLE_LEVEL

# 职称 9 is 无; 名誉博士 is an honour, not a degree.
NO_TITLE, HONORARY = "9", "1"


def suggest(facts: Facts, categories: Iterable[Terms]) -> list[Terms]:
    """Every category that the facts meet, the highest card first; categories that rest on evidence are left out."""
    met = [terms for terms in categories if terms.is_told_by_facts and not terms.needs_evidence]
    return sorted((terms for terms in met if not list(unmet(facts, terms))), key=lambda terms: terms.level)


def unmet(facts: Facts, terms: Terms) -> Iterator[str]:
    """What of the category's conditions the facts do not show, in words."""
    if terms.age_limit is not None and facts.age is None:
        yield _("the date of birth is not known, and the limit of age is %(limit)s") % {"limit": terms.age_limit}
    elif terms.age_limit is not None and facts.age is not None and facts.age > terms.age_limit:
        yield _("the age is %(age)s, at most %(limit)s") % {"age": facts.age, "limit": terms.age_limit}
    if terms.asks_study and not any(_suits(study, terms) for study in facts.studies):
        yield _("no education on your list is: %(wanted)s") % {"wanted": _wanted(terms)}
    if terms.min_title and not reaches(facts.title_level, terms.min_title, NO_TITLE):
        yield _("no title of at least: %(level)s") % {"level": TITLE_LEVEL.label(terms.min_title)}
    if terms.min_skill and not reaches(facts.skill_level, terms.min_skill):
        yield _("no skill level of at least: %(level)s") % {"level": SKILL_LEVEL.label(terms.min_skill)}


def reaches(code: str, least: str, *none: str) -> bool:
    """In these lists the smaller code is the higher one, compared as text ("01" is above "1")."""
    return bool(code) and code not in none and code <= least


def _suits(study: Study, terms: Terms) -> bool:
    return (
        (not terms.min_degree or reaches(study.degree, terms.min_degree, HONORARY))
        and (study.full_time or not terms.full_time)
        and (study.double_first_class or not terms.double_first_class)
        and (study.is_foreign or not terms.abroad)
    )


def _wanted(terms: Terms) -> str:
    words = [
        _("full-time") if terms.full_time else "",
        _("double first-class") if terms.double_first_class else "",
        _("abroad, with certification") if terms.abroad else "",
        _("%(degree)s or above") % {"degree": DEGREE.label(terms.min_degree)} if terms.min_degree else "",
    ]
    return _(", ").join(word for word in words if word)
