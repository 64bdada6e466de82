"""Numbers that may be right but look unusual: told beside them, never refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise


def doubted(row: Mapping[str, Any], doubt: Promise | None) -> dict[str, Any]:
    """A row of a filing with what the reviewing office should compare with the document."""
    return {**row, "doubt": str(doubt)} if doubt is not None else dict(row)


def show_doubts(form: forms.BaseForm, doubts: Mapping[str, Promise | None]) -> None:
    """Beside each field what is unusual in it; the form stays valid."""
    for name, doubt in doubts.items():
        if doubt is not None and name in form.fields and name not in form.errors:
            form.fields[name].doubt = doubt  # type: ignore[attr-defined]


def doubts_of(form: forms.BaseForm) -> Iterator[str]:
    """What was shown beside the fields: told once more when a form is done with."""
    yield from (str(field.doubt) for field in form.fields.values() if hasattr(field, "doubt"))
