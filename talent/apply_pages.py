"""What the applicant's pages of the card show, put into words once."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from talent.completeness import OF_RULE, SECTIONS, TITLES, labels_of
from talent.eligibility import Assessment
from talent.enums import BOHAI_CARD, CardLevel
from talent.models import CardApplication, CardCategory, CardScheme
from talent.rules.facts import Terms
from talent.services.specialists import contact_of
from workflow.presentation.drafting import SectionMark, mark_section
from workflow.presentation.guides import GuidePaper, GuideStep, guide_papers, guide_steps


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category that the person's facts point to; ``is_chosen``: the form names it."""

    level: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """The aside: which card it will be, what is missing."""

    level: str
    category: str
    suggestions: list[Suggestion]
    # The chosen category brings a lower card than the facts would.
    is_below: bool
    specialist: dict[str, str]
    saved: str
    marks: list[SectionMark]


def summary_of(application: CardApplication, assessment: Assessment) -> Summary:
    level, category = application.level, application.category
    saved = timezone.localtime(application.saved_at).strftime("%H:%M") if application.saved_at else ""
    best = assessment.suggestions[0].level if assessment.suggestions else ""
    return Summary(
        level=str(CardLevel(level).label) if level else "",
        category=str(category) if category else "",
        suggestions=[_suggestion(terms, application) for terms in assessment.suggestions[:3]],
        is_below=bool(level and best and best < level),
        specialist=contact_of(application.specialist),
        saved=saved,
        marks=section_marks(assessment),
    )


def _suggestion(terms: Terms, application: CardApplication) -> Suggestion:
    chosen = application.category is not None and application.category.code == terms.code
    return Suggestion(str(CardLevel(terms.level).label), terms.name, chosen)


def section_marks(assessment: Assessment) -> list[SectionMark]:
    gaps = set(assessment.gaps)
    return [
        mark_section(
            key,
            str(TITLES[key]),
            labels_of([name for name in names if name in gaps]),
            [check for check in assessment.failed if check.field in names or OF_RULE.get(check.rule) == key],
        )
        for key, names in SECTIONS.items()
    ]


@dataclass(frozen=True, slots=True)
class Guide:
    """办事指南 of the card."""

    scheme: CardScheme
    legal_basis: str
    contact: str
    # (card, the categories that bring it)
    levels: list[tuple[str, list[str]]]
    papers: list[GuidePaper]
    steps: list[GuideStep]
    services: list[tuple[str, str]]


def guide_of(scheme: CardScheme) -> Guide:
    """``scheme`` comes from ``.whole()``."""
    categories = [row for row in scheme.categories.all() if row.active]
    return Guide(
        scheme=scheme,
        legal_basis=scheme.legal_basis_text,
        contact=scheme.contact_text,
        levels=[(str(level.label), _names(categories, level)) for level in CardLevel],
        papers=guide_papers(list(scheme.papers.all())),
        steps=guide_steps(BOHAI_CARD),
        services=[(str(row), _(", ").join(row.levels)) for row in scheme.services.all() if row.active],
    )


def _names(categories: list[CardCategory], level: CardLevel) -> list[str]:
    return [_condition(row) for row in categories if row.level == level]


def _condition(row: CardCategory) -> str:
    name = str(row).partition(" · ")[2]
    words = {"name": name, "age": row.age_limit}
    return _("%(name)s (at most %(age)s years old)") % words if row.age_limit else name
