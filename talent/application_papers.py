"""Which papers an application for the card needs: the scheme's list, less what does not concern this person."""

from __future__ import annotations

from collections.abc import Sequence

from talent.eligibility import profile_of
from talent.enums import PaperCondition
from talent.models import CardApplication, CardPaper
from talent.rules.levels import NO_TITLE
from workflow.filetypes import PAPERS
from workflow.models import Case
from workflow.registry import MaterialRule

# Kept in the talent space, printed on the form and filed from there.
PHOTO = "photo"


def card_materials(case: Case) -> Sequence[MaterialRule]:
    application = _application_of(case)
    if application is None:
        return ()
    papers = [paper for paper in application.scheme.papers.all() if paper.key != PHOTO]
    return [rule_of(paper) for paper in papers if is_asked_for(paper.condition, application)]


def _application_of(case: Case) -> CardApplication | None:
    """Read once where the form was read together with its case."""
    known: CardApplication | None = case._state.fields_cache.get("card_application")
    return known or CardApplication.objects.whole().filter(case=case).first()


def rule_of(paper: CardPaper) -> MaterialRule:
    return MaterialRule(
        paper.key, str(paper), required=paper.required, one_of=paper.one_of, hint=paper.hint_text, kinds=PAPERS
    )


def is_asked_for(condition: str, application: CardApplication) -> bool:
    profile, category = profile_of(application.person), application.category
    if condition == PaperCondition.TITLE:
        states = profile.title_level not in ("", NO_TITLE) or bool(profile.skill_level)
        return states or (category is not None and bool(category.min_title or category.min_skill))
    if condition == PaperCondition.EVIDENCE:
        return (category is not None and category.needs_evidence) or bool(profile.talent_certificate)
    if condition == PaperCondition.FOREIGN_DEGREE:
        return any(study.is_foreign for study in application.person.educations.all())
    return True
