"""《大学生租房补助申请表》 as a printed form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from subsidies.models import RentApplication
from talent.documents import filed_form
from talent.documents.filed_form import Form, Layout, Opened
from workflow.models import Case
from workflow.printing import render_page
from workflow.registry import Look

LAYOUT = Layout(
    opinions=(
        ("单位意见", ("unit",)),
        ("县区人社局意见", ("county_hr",)),
        ("评审意见", ("review",)),
        ("县区组织部意见", ("county_org",)),
        ("市人社局意见", ("city_summary", "city_report")),
        ("市组织部意见", ("city_org",)),
    ),
    wide=frozenset({"address", "branch", "capital"}),
    # Shown in full to its owner and, elsewhere, to the finance bureaus.
    owner_only=frozenset({"account"}),
)


def application_forms(cases: Sequence[Case], look: Look) -> Iterator[str]:
    """The HTML of each case's form, with what this actor may see in it; an office's looks are written down first."""
    opened = filed_form.opened_for(cases, look, LAYOUT)
    for form in read_forms(cases, opened):
        yield render_page("subsidies/application_form.html", {"form": form})


def read_forms(cases: Sequence[Case], opened: Mapping[int, Opened]) -> Iterator[Form]:
    """One more statement for every chunk of cases: which amounts are of a demonstration."""
    for start in range(0, len(cases), filed_form.CHUNK):
        chunk = cases[start : start + filed_form.CHUNK]
        demo = dict(RentApplication.objects.of_cases(chunk).values_list("case", "programme__demo_amounts"))
        for form in filed_form.read_forms(chunk, opened, LAYOUT):
            form.demo = demo.get(form.case.pk, False)
            yield form
