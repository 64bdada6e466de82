"""《渤海英才卡申请（审批）表》 as a printed form: what was filed, and the opinion of every office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from talent.documents.filed_form import Layout, opened_for, read_forms
from workflow.models import Case
from workflow.printing import render_page
from workflow.registry import Look

LAYOUT = Layout(
    opinions=(
        ("单位意见", ("unit",)),
        ("县区服务专员意见", ("county_specialist",)),
        ("县区负责人意见", ("county_lead",)),
        ("市服务专员意见", ("city_specialist",)),
        ("市负责人意见", ("city_lead",)),
    ),
    wide=frozenset({"address", "unit", "category", "evidence", "achievements"}),
)


def card_forms(cases: Sequence[Case], look: Look) -> Iterator[str]:
    """The HTML of each case's form, with what this actor may see in it; an office's looks are written down first."""
    for form in read_forms(cases, opened_for(cases, look, LAYOUT), LAYOUT):
        yield render_page("talent/card_form.html", {"form": form})
