"""Who opened whose papers: a row a day, for whoever is concerned to read."""

from __future__ import annotations

from workflow import clock
from workflow.actors import Actor
from workflow.models import Material, PaperLook


def note_paper_look(material: Material, actor: Actor, *, how: str) -> None:
    """One statement; nothing for the own papers, nor for those of an act, which concern nobody in particular."""
    owner = material.owner_id if material.case is None else material.case.applicant_id
    if owner is None or actor.user_id is None or owner == actor.user_id:
        return
    look = PaperLook(
        owner_id=owner,
        viewer_id=actor.user_id,
        organisation_id=actor.organisation_id,
        case_id=material.case_id,
        token=material.token,
        kind=material.kind,
        how=how,
        day=clock.today(),
        at=clock.now(),
    )
    PaperLook.objects.bulk_create([look], ignore_conflicts=True)
