"""The applicant's own papers with an application for the rent subsidy: the wallet of the talent space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from subsidies.materials import rent_materials
from subsidies.models import RentApplication
from talent.services.own_papers import Stated, keep_upload, lines_kept, papers_of
from workflow.actors import Actor
from workflow.models import Case, Material
from workflow.registry import OwnPaper, OwnPapers


def rent_papers(cases: Sequence[Case]) -> Mapping[int, Sequence[OwnPaper]]:
    return papers_of({row.case_id: Stated(row.person_id, row.education_id) for row in _applications(cases)})


def _applications(cases: Sequence[Case]) -> list[RentApplication]:
    """Read once where the form was read together with its case."""
    known = {case.pk: case._state.fields_cache.get("rent_application") for case in cases}
    unread = [case for case in cases if known[case.pk] is None]
    read = RentApplication.objects.of_cases(unread) if unread else ()
    return [*(row for row in known.values() if row is not None), *read]


def _keeps(case: Case) -> list[str]:
    return lines_kept(_applications([case])[0].person, rent_materials(case))


def _keep(case: Case, material: Material, actor: Actor) -> None:
    application = _applications([case])[0]
    keep_upload(application.person, material, actor, education=application.education)


RENT_PAPERS = OwnPapers(of=rent_papers, keeps=_keeps, keep=_keep)
