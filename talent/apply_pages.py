"""What the applicant's pages of the card show, put into words once."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from talent.completeness import OF_RULE, SECTIONS, TITLES, labels_of
from talent.eligibility import Assessment
from talent.enums import BOHAI_CARD, CardLevel, PaperCondition
from talent.models import CardApplication, CardCategory, CardPaper, CardScheme
from talent.rules.facts import Terms
from talent.services.specialists import contact_of
from workflow.enums import PERSON, State
from workflow.models import Case
from workflow.presentation.drafting import SectionMark, mark_section
from workflow.presentation.guides import GuidePaper, GuideStep, guide_steps, need_text
from workflow.queue import STATUS_KINDS
from workflow.services.materials import missing_materials


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
    blamed = {check.field for check in assessment.failed if check.field}
    failed = {OF_RULE[check.rule] for check in assessment.failed if check.rule in OF_RULE}
    return [
        mark_section(
            key,
            str(TITLES[key]),
            labels_of([name for name in names if name in gaps]),
            is_blamed=key in failed or bool(blamed & set(names)),
        )
        for key, names in SECTIONS.items()
    ]


@dataclass(frozen=True, slots=True)
class ListRow:
    """One application on the person's list."""

    pk: int
    number: str
    level: str
    category: str
    status: str
    kind: str
    saved: str
    next_label: str
    next_url: str
    case_url: str
    may_copy: bool


def list_row(application: CardApplication) -> ListRow:
    case = application.case
    label, url = _next_step(case)
    return ListRow(
        pk=case.pk,
        number=case.number or _("Draft %(pk)s") % {"pk": case.pk},
        level=str(CardLevel(application.level).label) if application.level else "",
        category=str(application.category or ""),
        status=case.status,
        kind=STATUS_KINDS[State(case.state)],
        saved=timezone.localtime(application.saved_at).strftime("%Y-%m-%d %H:%M") if application.saved_at else "",
        next_label=label,
        next_url=url,
        case_url=reverse("workflow:case", args=[case.pk]),
        may_copy=case.state in (State.WITHDRAWN, State.REJECTED),
    )


def _next_step(case: Case) -> tuple[str, str]:
    if case.state == State.DRAFT:
        return _("Go on filling in"), reverse("talent:apply_edit", args=[case.pk])
    if case.state == State.RETURNED:
        return _("Correct and submit again"), reverse("talent:apply_edit", args=[case.pk])
    stage = case.current_stage
    if stage is not None and stage.actor_kind == PERSON:
        return stage.forward_label, reverse("workflow:case", args=[case.pk])
    return "", ""


def missing_papers(application: CardApplication) -> list[str]:
    return [line.message for line in missing_materials(application.case)]


@dataclass(frozen=True, slots=True)
class Guide:
    """办事指南 of the card."""

    scheme: CardScheme
    # (card, the categories that bring it)
    levels: list[tuple[str, list[str]]]
    papers: list[GuidePaper]
    steps: list[GuideStep]
    services: list[tuple[str, str]]


def guide_of(scheme: CardScheme) -> Guide:
    """``scheme`` comes from ``.whole()``."""
    categories = [row for row in scheme.categories.all() if row.active]
    papers = list(scheme.papers.all())
    return Guide(
        scheme=scheme,
        levels=[(str(level.label), _names(categories, level)) for level in CardLevel],
        papers=[GuidePaper(str(paper), paper.hint_text, _need(paper, papers)) for paper in papers],
        steps=guide_steps(BOHAI_CARD),
        services=[(str(row), "、".join(row.levels)) for row in scheme.services.all() if row.active],
    )


def _names(categories: list[CardCategory], level: CardLevel) -> list[str]:
    return [_condition(row) for row in categories if row.level == level]


def _condition(row: CardCategory) -> str:
    name = str(row).partition(" · ")[2]
    words = {"name": name, "age": row.age_limit}
    return _("%(name)s (at most %(age)s years old)") % words if row.age_limit else name


def _need(paper: CardPaper, papers: list[CardPaper]) -> str:
    others = [str(other) for other in papers if paper.one_of and other.one_of == paper.one_of and other != paper]
    is_conditional = paper.condition != PaperCondition.ALWAYS
    condition = str(PaperCondition(paper.condition).label) if is_conditional else ""
    return need_text(others, condition, required=paper.required)
