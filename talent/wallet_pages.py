"""The wallet as its page shows it: the papers by group, and the kinds that may be added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Person
from talent.enums import ProofKind
from talent.models import Proof
from talent.paper_kinds import ADDED, GROUPS
from workflow.filetypes import PAPERS
from workflow.presentation.materials import Paper, paper_of
from workflow.registry import MaterialRule


@dataclass(frozen=True, slots=True)
class WalletRow:
    """``belongs``: the employment or study that it proves; ``tone`` and ``state``: whether it still is good."""

    pk: int
    kind: str
    label: str
    belongs: str
    until: str
    tone: str
    state: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class WalletGroup:
    title: str
    rows: list[WalletRow]


@dataclass(frozen=True, slots=True)
class Wallet:
    groups: list[WalletGroup]
    # What may be added: (group, [(kind, label)]).
    kinds: list[tuple[str, list[tuple[str, str]]]]

    @property
    def expired(self) -> list[WalletRow]:
        return [row for group in self.groups for row in group.rows if row.tone == "bad"]


def wallet_of(person: Person) -> Wallet:
    """One query."""
    rows = [wallet_row(proof) for proof in Proof.objects.of(person).shown()]
    return Wallet(
        list(_groups(rows)), [(str(title), [(kind, str(kind.label)) for kind in kinds]) for title, kinds in GROUPS]
    )


def _groups(rows: list[WalletRow]) -> Iterator[WalletGroup]:
    for title, kinds in GROUPS:
        found = [row for kind in kinds for row in rows if row.kind == kind]
        if found:
            yield WalletGroup(str(title), found)


def wallet_row(proof: Proof) -> WalletRow:
    tone, state = validity_of(proof)
    return WalletRow(
        pk=proof.pk,
        kind=proof.kind,
        label=str(ProofKind(proof.kind).label),
        belongs=str(proof.work or proof.education or ""),
        until=proof.valid_until.isoformat() if proof.valid_until else "",
        tone=tone,
        state=state,
        paper=paper_of(proof.material),
    )


def validity_of(proof: Proof) -> tuple[str, str]:
    """(shape, word) of ``_status.html``; nothing where it has no end."""
    if proof.is_expired:
        return "bad", _("Expired")
    if proof.runs_out:
        return "warn", _("Runs out soon")
    return ("done", _("Valid")) if proof.valid_until else ("", "")


def kind_of(text: str) -> ProofKind | None:
    """A kind that may be added; None for anything else."""
    return next((kind for kind in ADDED if kind == text), None)


def rule_for(kind: ProofKind) -> MaterialRule:
    return MaterialRule(kind, kind.label, kinds=PAPERS)
