"""Sections and rows of a form as it is filed (``Filing.content["sections"]``)."""

from __future__ import annotations

from datetime import date
from typing import Any

Row = dict[str, Any]
Section = dict[str, Any]


def row(key: str, label: str, value: Any, kind: str = "text") -> Row:
    if isinstance(value, bool):
        value = "是" if value else "否"
    if isinstance(value, date):
        value = value.strftime("%Y-%m" if kind == "month" else "%Y-%m-%d")
    return {"key": key, "label": str(label), "value": "" if value is None else str(value), "kind": kind}


def secret(key: str, label: str, value: str, masked: str) -> Row:
    """Pages show the mask; printed forms and payments read ``full``."""
    return row(key, label, masked, "secret") | {"full": value}


def section(key: str, title: str, *rows: Row) -> Section:
    return {"key": key, "title": title, "rows": list(rows)}
