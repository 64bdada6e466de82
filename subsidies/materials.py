"""Which papers an application needs: the programme's list, less what does not concern this person."""

from __future__ import annotations

from collections.abc import Sequence

from subsidies.enums import MaterialCondition
from subsidies.models import ProgrammePaper, RentApplication
from workflow.filetypes import PAPERS
from workflow.models import Case
from workflow.registry import MaterialRule


def rent_materials(case: Case) -> Sequence[MaterialRule]:
    application = _application_of(case)
    if application is None:
        return ()
    return [
        rule_of(paper) for paper in application.programme.papers.all() if is_asked_for(paper.condition, application)
    ]


def _application_of(case: Case) -> RentApplication | None:
    """Read once where the form was read together with its case."""
    known: RentApplication | None = case._state.fields_cache.get("rent_application")
    return known or RentApplication.objects.with_papers().filter(case=case).first()


def rule_of(paper: ProgrammePaper) -> MaterialRule:
    return MaterialRule(
        paper.key, str(paper), required=paper.required, one_of=paper.one_of, hint=paper.hint_text, kinds=PAPERS
    )


def is_asked_for(condition: str, application: RentApplication) -> bool:
    if condition == MaterialCondition.MARRIED:
        return application.is_married
    if condition == MaterialCondition.FOREIGN_DEGREE:
        return application.education is not None and application.education.is_foreign
    return True
