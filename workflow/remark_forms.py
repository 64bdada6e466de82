"""Remarks on single fields: where an office writes them for a return, and how they stand in the applicant's form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from workflow import registry
from workflow.models import Case, Filing
from workflow.presentation.remarks import Pinned, Remark
from workflow.presentation.times import text_of

PREFIX = "remark"
LENGTH = 200


class RemarksForm(forms.Form):
    """The lines come from the latest filing, papers that the service asks for included; empty ones say nothing.

    A section that no applicant fills in (``is_fixed``) is not marked.
    """

    def __init__(self, case: Case, filing: Filing, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=PREFIX)
        self.titles: dict[str, str] = {}
        # {field: what was filed there}
        self.filed: dict[str, str] = {}
        for section in filing.content.get("sections", []):
            if section.get("is_fixed"):
                continue
            self.titles[section["key"]] = section["title"]
            for row in section["rows"]:
                self._add(section["key"], row["key"], row["label"], text_of(row["value"], row.get("kind", "text")))
        self._add_materials(case, filing)

    def _add_materials(self, case: Case, filing: Filing) -> None:
        self.titles["materials"] = _("Materials")
        names: dict[str, list[str]] = {}
        labels = {rule.kind: str(rule.label) for rule in registry.case_type_of(case).materials(case)}
        for paper in filing.content.get("materials", []):
            names.setdefault(paper["kind"], []).append(paper["name"])
            labels.setdefault(paper["kind"], paper.get("label", paper["kind"]))
        for kind, label in labels.items():
            self._add("materials", kind, label, "、".join(names.get(kind, [])))

    def _add(self, section: str, row: str, label: str, filed: str) -> None:
        key = f"{section}.{row}"
        self.fields[key] = forms.CharField(label=label, max_length=LENGTH, required=False)
        self.filed[key] = filed

    @property
    def groups(self) -> Iterator[tuple[str, bool, list[tuple[BoundField, str]]]]:
        """(title, whether anything was typed there, [(field, what was filed)]), in the order of the form."""
        for key, title in self.titles.items():
            rows = [(self[name], self.filed[name]) for name in self.fields if name.startswith(f"{key}.")]
            if rows:
                yield title, any(field.data for field, _filed in rows), rows

    @property
    def is_begun(self) -> bool:
        return is_remarked(self.data)

    def remarks(self) -> list[dict[str, str]]:
        """As ``perform`` takes them in its payload; of a form that is valid."""
        return [
            {
                "key": name,
                "section": self.titles[name.partition(".")[0]],
                "label": str(self.fields[name].label),
                "text": text,
            }
            for name, text in self.cleaned_data.items()
            if text
        ]


def is_remarked(data: Mapping[str, Any]) -> bool:
    return any(name.startswith(f"{PREFIX}-") and str(value).strip() for name, value in data.items())


def pin_remarks(
    form: forms.Form,
    remarks: Iterable[Remark],
    fields_of: Callable[[Remark], Sequence[str]],
    elsewhere: Callable[[Remark], str],
) -> list[Pinned]:
    """Put each remark beside the first of its fields; ``elsewhere`` is where the others are mended."""
    return [_pin(form, remark, fields_of(remark), elsewhere(remark)) for remark in remarks]


def _pin(form: forms.Form, remark: Remark, names: Sequence[str], elsewhere: str) -> Pinned:
    if not names:
        return Pinned(remark.where, remark.text, elsewhere)
    field = form.fields[names[0]]
    field.remarks = [*getattr(field, "remarks", ()), remark.text]  # type: ignore[attr-defined]
    bound = form[names[0]]
    return Pinned(remark.where, remark.text, f"#{bound.id_for_label or f'{bound.auto_id}_0'}")


def lock_fields(form: forms.Form, open_names: Iterable[str]) -> bool:
    """What was not marked is shown and keeps its value, whatever is posted. Answers whether anything is locked."""
    locked = form.fields.keys() - set(open_names)
    for name in locked:
        form.fields[name].disabled = not form.fields[name].widget.is_hidden
    return bool(locked)
