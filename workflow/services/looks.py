"""Who opened whose papers: a row a day, for whoever is concerned to read."""

from __future__ import annotations

from workflow import clock, registry
from workflow.actors import Actor
from workflow.models import Case, FiledMaterial, Material, PaperLook


def note_paper_look(material: Material, actor: Actor, *, how: str) -> None:
    """Nothing for the own papers, nor for those of an act, which concern nobody in particular."""
    if material.organisation_id is not None:
        for watch in registry.paper_watches:
            watch(material, actor)
    owner = material.owner_id if material.case is None else material.case.applicant_id
    if owner is None or actor.user_id is None or owner == actor.user_id:
        return
    look = PaperLook(
        owner_id=owner,
        viewer_id=actor.user_id,
        organisation_id=actor.organisation_id,
        case_id=material.case_id or _filed_with(material, actor),
        token=material.token,
        kind=material.kind,
        how=how,
        day=clock.today(),
        at=clock.now(),
    )
    PaperLook.objects.bulk_create([look], ignore_conflicts=True)


def _filed_with(material: Material, actor: Actor) -> int | None:
    """The last case by which a paper of somebody's own is before this office or employer."""
    filed = FiledMaterial.objects.filter(
        material=material, filing__case__in=Case.objects.visible_to(actor).values("pk")
    )
    return filed.order_by("-filing__case").values_list("filing__case", flat=True).first()
