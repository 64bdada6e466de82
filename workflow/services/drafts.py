"""Drafts that were never filed: no office has seen them, no event names them, so they may go without a trace."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from workflow.enums import State
from workflow.models import Case
from workflow.services.files import discard


@transaction.atomic
def never_filed(keys: Iterable[int]) -> list[Case]:
    """Of these cases, locked, those that may be discarded."""
    cases = Case.objects.select_for_update(of=("self",)).filter(pk__in=list(keys), state=State.DRAFT, number="", seq=0)
    return list(cases.order_by("pk"))


@transaction.atomic
def discard_drafts(cases: Iterable[Case]) -> None:
    """With their papers. What the service keeps of them must be gone before."""
    for case in cases:
        for material in case.materials.order_by("pk"):
            discard(material)
        case.delete()
