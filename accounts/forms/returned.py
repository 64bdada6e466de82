"""A registration form after a return: which of its fields a remark of the office is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms

from workflow.presentation.remarks import Remark

# Rows of the filing under another name than their field; the contact's number is the unit's only one.
OTHER_NAMES = {"number": "contact_number"}
# Fields that are mended together with the one that was marked.
TOGETHER: Mapping[str, Sequence[str]] = {
    "number": ("document_kind", "sex", "birth_date"),
    "document_kind": ("number", "sex", "birth_date"),
    "sex": ("number", "document_kind", "birth_date"),
    "birth_date": ("number", "document_kind", "sex"),
    "region": ("supervisor",),
    "supervisor": ("region",),
}


def fields_marked(form: forms.Form, remark: Remark) -> Sequence[str]:
    """The field that the remark is about; none for papers and for what cannot be changed (the user name)."""
    names = (remark.row, OTHER_NAMES.get(remark.row, ""))
    return () if remark.is_of_materials else [name for name in names if name in form.fields][:1]


def fields_to_open(form: forms.Form, remarks: Sequence[Remark]) -> set[str]:
    names = {name for remark in remarks for name in fields_marked(form, remark)}
    return names | {other for name in names for other in TOGETHER.get(name, ())}
