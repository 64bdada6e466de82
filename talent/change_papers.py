"""The papers of a change: which are asked for, and which of them the holder keeps already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from talent.enums import ChangeKind
from talent.models import CardChange
from talent.services.own_papers import Stated, keep_upload, lines_kept, papers_of
from workflow.actors import Actor
from workflow.filetypes import PAPERS
from workflow.models import Case, Material
from workflow.registry import MaterialRule, OwnPaper, OwnPapers

CONTRACT = MaterialRule(
    "labour_contract",
    _("Labour or employment contract"),
    required=True,
    hint=_("All pages, with signature and seal"),
    kinds=PAPERS,
)
INSURANCE = MaterialRule("insurance_proof", _("Proof of social insurance payments"), required=True, kinds=PAPERS)
OTHER = MaterialRule("other", _("Other"), kinds=PAPERS)
OF_KIND = {
    ChangeKind.RENEW: (CONTRACT, INSURANCE, OTHER),
    ChangeKind.MOVE: (CONTRACT, INSURANCE, OTHER),
    # What is known of the holder does not change by a loss.
    ChangeKind.REPLACE: (OTHER,),
}


def change_materials(case: Case) -> Sequence[MaterialRule]:
    return [rule for change in _changes([case]) for rule in OF_KIND[ChangeKind(change.kind)]]


def _changes(cases: Sequence[Case]) -> list[CardChange]:
    """Read once where the form was read together with its case."""
    known = {case.pk: case._state.fields_cache.get("card_change") for case in cases}
    unread = [case for case in cases if known[case.pk] is None]
    read = CardChange.objects.of_cases(unread).select_related("card__person") if unread else ()
    return [*(change for change in known.values() if change is not None), *read]


def own_papers(cases: Sequence[Case]) -> Mapping[int, Sequence[OwnPaper]]:
    """What proves the present employment; a replacement states none."""
    stating = [change for change in _changes(cases) if change.kind != ChangeKind.REPLACE]
    return papers_of({change.case_id: Stated(change.card.person_id) for change in stating})


def _keeps(case: Case) -> list[str]:
    return [
        line for change in _changes([case]) for line in lines_kept(change.card.person, OF_KIND[ChangeKind(change.kind)])
    ]


def _keep(case: Case, material: Material, actor: Actor) -> None:
    (change,) = _changes([case])
    keep_upload(change.card.person, material, actor)


CHANGE_PAPERS = OwnPapers(of=own_papers, keeps=_keeps, keep=_keep)
