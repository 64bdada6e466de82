"""The applicant's own papers with an application for the card: it states every study and employment of the space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from talent.application_papers import card_materials
from talent.models import CardApplication
from talent.services.own_papers import Stated, keep_upload, lines_kept, papers_of
from workflow.actors import Actor
from workflow.models import Case, Material
from workflow.registry import OwnPaper, OwnPapers


def card_own_papers(cases: Sequence[Case]) -> Mapping[int, Sequence[OwnPaper]]:
    return papers_of({row.case_id: Stated(row.person_id, whole=True) for row in _applications(cases)})


def _applications(cases: Sequence[Case]) -> list[CardApplication]:
    """Read once where the form was read together with its case."""
    known = {case.pk: case._state.fields_cache.get("card_application") for case in cases}
    unread = [case for case in cases if known[case.pk] is None]
    read = CardApplication.objects.of_cases(unread).select_related("person") if unread else ()
    return [*(row for row in known.values() if row is not None), *read]


def _keeps(case: Case) -> list[str]:
    return lines_kept(_applications([case])[0].person, card_materials(case))


def _keep(case: Case, material: Material, actor: Actor) -> None:
    keep_upload(_applications([case])[0].person, material, actor)


CARD_OWN_PAPERS = OwnPapers(of=card_own_papers, keeps=_keeps, keep=_keep)
