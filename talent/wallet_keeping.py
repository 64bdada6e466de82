"""保存期限 of the wallet: what has run out long ago serves nobody; what was filed of it stays with the filing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import DateTimeField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy

from accounts.looks import register_paper_names
from talent.enums import ProofKind
from talent.models import Proof
from talent.services.wallet import remove_proof
from workflow.retention import NECESSARY, YEAR, RetentionClass, register_retention

# In 谁看过我的信息.
register_paper_names({kind.value: kind.label for kind in ProofKind})


def _limited() -> QuerySet[Any]:
    """Papers with a last day; the others are their owners' until they or the account go."""
    return Proof.objects.exclude(valid_until=None).annotate(ended_at=Cast("valid_until", DateTimeField()))


def _remove(keys: Sequence[Any]) -> None:
    """In the order of the persons, whose rows are locked."""
    for proof in Proof.objects.filter(pk__in=keys).select_related("person").order_by("person", "pk"):
        remove_proof(proof)


register_retention(
    RetentionClass(
        "wallet_papers",
        gettext_lazy("Papers of the document wallet that have run out"),
        NECESSARY,
        _limited,
        "ended_at",
        preset_days=YEAR,
        remove=_remove,
    )
)
