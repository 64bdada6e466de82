"""《渤海英才卡申请（审批）表》 as a printed form: what was filed and every opinion; bilingual for foreigners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils import translation

from talent.documents.filed_form import Block, Form, Layout, Line, Opinion, opened_for, read_forms
from talent.filing import CHINESE, build_sections
from talent.models import CardApplication
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
    # The paper has the words of the pledge, and a line to sign.
    left_out=frozenset({"pledge"}),
)
# Beside the Chinese, which the template has.
TITLE = "Application and approval form for the Bohai talent card"
OPINIONS = {
    "单位意见": "Employer",
    "县区服务专员意见": "County service specialist",
    "县区负责人意见": "Head of the county bureau",
    "市服务专员意见": "City service specialist",
    "市负责人意见": "Head of the city bureau",
}


def card_forms(cases: Sequence[Case], look: Look) -> Iterator[str]:
    """The HTML of each case's form, with what this actor may see in it; an office's looks are written down first."""
    foreign = {row.pk: row for row in CardApplication.objects.of_foreigners(cases).whole()}
    for form in read_forms(cases, opened_for(cases, look, LAYOUT), LAYOUT):
        application = foreign.get(form.case.pk)
        if application is not None:
            _add_english(form, _english(application) | OPINIONS)
        context = {"form": form, "subtitle": TITLE if application is not None else ""}
        yield render_page("talent/card_form.html", context)


def _english(application: CardApplication) -> dict[str, str]:
    """{what the paper calls it in Chinese: in English}"""
    with translation.override(CHINESE):
        chinese = _names(application)
    with translation.override("en"):
        english = _names(application)
    return {chinese[key]: english[key] for key in chinese if key in english}


def _names(application: CardApplication) -> dict[tuple[str, ...], str]:
    names: dict[tuple[str, ...], str] = {}
    for section in build_sections(application):
        names[section["key"],] = section["title"]
        names |= {(section["key"], "column", str(n)): name for n, name in enumerate(section.get("columns", ()))}
        names |= {(section["key"], row["key"]): row["label"] for row in section["rows"]}
    return names


def _add_english(form: Form, english: Mapping[str, str]) -> None:
    def both(text: str) -> str:
        return f"{text}\n{english[text]}" if text in english else text

    def in_both(block: Block) -> Block:
        lines = [Line(tuple((both(label), value) for label, value in line.cells)) for line in block.lines]
        # The title beside pairs of label and value stands upright: it has no room for English.
        title = both(block.title) if block.columns else block.title
        return replace(block, title=title, lines=lines, columns=[both(name) for name in block.columns])

    def opinion(one: Opinion) -> Opinion:
        return replace(one, title=both(one.title))

    form.blocks = [in_both(block) for block in form.blocks]
    form.opinions = [opinion(one) for one in form.opinions]
