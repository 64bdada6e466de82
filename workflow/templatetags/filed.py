"""How the rows of a form as filed are shown."""

from __future__ import annotations

from typing import Any

from django import template

from workflow.presentation.times import text_of
from workflow.templatetags.tongban import yuan

register = template.Library()


@register.filter
def shown(row: dict[str, Any]) -> str:
    """The value of one row of a section by its kind."""
    return yuan(row["value"]) if row["kind"] == "money" else text_of(row["value"], row["kind"])


@register.filter
def cells_of(section: dict[str, Any], row: dict[str, Any]) -> list[tuple[str, str]]:
    """The cells of one row of a table, each with the name of its column."""
    return list(zip(section["columns"], row["cells"], strict=True))
