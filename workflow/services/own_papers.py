"""Papers of a person's own: kept once, filed with any number of cases, and never lost to a filing that names them.

What they prove, who may change them and until when they are good is known to the floors above.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from workflow.actors import Actor
from workflow.models import FiledMaterial, Filing, Material
from workflow.services.files import check_room, discard, put_aside, store_file


@transaction.atomic
def keep_own(
    upload: File[bytes], *, kind: str, actor: Actor, kinds: Sequence[str] = (), beside: Sequence[Material] = ()
) -> Material:
    """Check and keep a file of the person who acts.

    Raises ValidationError, also where ``beside`` are as many of its kind as may be, or the same file already.
    """
    if not actor.is_person or actor.user_id is None:
        raise PermissionDenied(_("Only individuals keep papers of their own."))
    check_room(sum(other.kind == kind for other in beside))
    material = store_file(upload, actor, kind=kind, owner_id=actor.user_id, kinds=kinds)
    try:
        _check_twin(material, beside)
    except ValidationError:
        # The row goes with the transaction, the file must be taken back by hand.
        material.file.storage.delete(material.file.name)
        raise
    return material


def check_beside(material: Material, beside: Sequence[Material]) -> None:
    """Raise ValidationError where a paper that is kept already may not stand beside these."""
    check_room(sum(other.kind == material.kind for other in beside))
    _check_twin(material, beside)


def _check_twin(material: Material, beside: Sequence[Material]) -> None:
    twin = next((other for other in beside if other.sha256 == material.sha256), None)
    if twin is not None:
        message = _("This file is here already, as “%(name)s”. Choose another one.")
        raise ValidationError(message, "twice", {"name": twin.name})


@transaction.atomic
def give_up_own(material: Material) -> None:
    """The person no longer keeps it; a filing that names it does."""
    if material.filed.exists():
        put_aside(material)
    else:
        discard(material)


def own_lines(filing: Filing) -> list[dict[str, Any]]:
    return [line for line in filing.content.get("materials", []) if line.get("own")]


def hold_filed(filings: Iterable[Filing]) -> None:
    """Tie the papers of their own that these new filings name to them; nothing is asked where there are none."""
    rows = [FiledMaterial(filing=filing, material_id=line["id"]) for filing in filings for line in own_lines(filing)]
    if rows:
        FiledMaterial.objects.bulk_create(rows)


def filed_materials(filings: Sequence[Filing], kind: str = "") -> dict[int, list[Material]]:
    """{filing: papers of the person's own, as they were filed}; no statement where no filing names any."""
    naming = [filing for filing in filings if own_lines(filing)]
    found: dict[int, list[Material]] = {}
    if not naming:
        return found
    rows = FiledMaterial.objects.filter(filing__in=naming).select_related("material").order_by("material")
    for row in rows.filter(material__kind=kind) if kind else rows:
        found.setdefault(row.filing_id, []).append(row.material)
    return found
