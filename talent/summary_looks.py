"""Whoever opens a 汇总表 sees the numbers of everybody on it: each of them reads so in 谁看过我的信息."""

from __future__ import annotations

from django.db.models import Q

from accounts.services.sensitive import note_looks
from talent.models import SummaryBatch
from talent.services.summary import LOOK
from workflow.actors import Actor
from workflow.models import Case, Material
from workflow.registry import paper_watch


@paper_watch
def note_summary_look(material: Material, actor: Actor) -> None:
    """Once for each viewer and table, be it the workbook or its sealed scan."""
    batch = SummaryBatch.objects.filter(Q(sheet=material) | Q(scans__material=material)).first()
    if batch is None:
        return
    cases = list(Case.objects.filter(pk__in=batch.members.values("case")).order_by("pk"))
    note_looks(cases, actor, field=LOOK, reason=batch.number, once=True)
