"""How the rows of a form are shown to the applicant."""

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
