"""The kinds of papers of the wallet: how they are grouped, what they prove, and which lines of services they fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from talent.enums import ProofKind

# Each belongs to one employment, and goes with it.
OF_WORK = (ProofKind.CONTRACT, ProofKind.INSURANCE, ProofKind.SERVICE, ProofKind.OTHER)
# May belong to one study.
OF_EDUCATION = (ProofKind.DIPLOMA, ProofKind.DEGREE, ProofKind.CHSI, ProofKind.FOREIGN)

GROUPS: Sequence[tuple[Promise, Sequence[ProofKind]]] = (
    (_("Identity and family"), (ProofKind.IDENTITY, ProofKind.MARRIAGE)),
    (_("Education"), OF_EDUCATION),
    (_("Work"), (*OF_WORK, ProofKind.LICENCE)),
    (_("Title and talent"), (ProofKind.TITLE, ProofKind.TALENT)),
    (_("Housing"), (ProofKind.LEASE, ProofKind.LEASE_RECORD, ProofKind.NO_HOME)),
    (_("Bank account or card"), (ProofKind.BANK_CARD, ProofKind.SOCIAL_CARD)),
    (_("Other"), (ProofKind.ANY,)),
)
# The photo has a page of its own.
ADDED = tuple(kind for _title, kinds in GROUPS for kind in kinds)

# Where services name a line otherwise, or ask for two papers in one; the first that is asked for is filled.
_LINES: Mapping[str, Sequence[str]] = {
    ProofKind.CONTRACT: ("labour_contract",),
    ProofKind.INSURANCE: ("insurance_proof",),
    ProofKind.SERVICE: ("service_certificate",),
    ProofKind.DEGREE: ("degree_certificate", "diploma"),
    ProofKind.OTHER: (),
    # Nobody knows what it is: it goes nowhere by itself.
    ProofKind.ANY: (),
}


def lines_of(kind: str) -> Sequence[str]:
    return _LINES.get(kind, (str(kind),))


def kind_for(line: str) -> ProofKind | None:
    """As what an upload on this line of a service is kept."""
    return next((kind for kind in ADDED if line in lines_of(kind)), None)
