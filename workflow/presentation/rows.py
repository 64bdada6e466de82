"""The rows of a queue as HTML: the template of one row is rendered once, then every row is printed into it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from operator import itemgetter

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from workflow.queue import WAITING, Head, QueuePage

# A name of up to this length stays on one line.
SHORT = 6
HOLE = re.compile(r"%\((\w+)\)s")
FIELDS = ("pk", "revision", "head", "nowrap", "amount", "status", "tone", "remaining", "url")


def print_rows(page: QueuePage, has_amount: bool) -> SafeString:
    line, names = _line(tuple(page.heads), page.tab == WAITING, has_amount, get_language() or "")
    before, after = reverse("workflow:case", args=[0]).split("0", 1)
    after = escape(f"{after}?{urlencode({'from': page.criteria})}")
    cells = [f"cell{number}" for number in range(len(page.heads))]
    printed = []
    for row in page.rows:
        values: dict[str, object] = dict(zip(cells, map(escape, row.texts), strict=True))
        values |= {
            "pk": row.pk,
            "revision": row.revision,
            "head": values[cells[0]],
            "nowrap": "text-nowrap" if len(row.texts[0]) <= SHORT else "",
            "amount": row.amount,
            "status": row.status,
            "tone": row.tone,
            "remaining": escape(row.remaining),
            "url": f"{before}{row.pk}{after}",
        }
        printed.append(line % names(values))
    return mark_safe("".join(printed))  # noqa: S308


@lru_cache(maxsize=256)
def _line(
    heads: Sequence[Head], is_waiting: bool, has_amount: bool, language: str
) -> tuple[str, itemgetter[dict[str, object]]]:
    """(a row with "%s" where its values go, what takes these in their order); its words are in ``language``."""
    cells = [
        {"label": _plain(head.label), "css": head.css, "text": _hole(f"cell{number}")}
        for number, head in enumerate(heads)
    ]
    context = {"row": {name: _hole(name) for name in FIELDS}, "first": cells[0], "cells": cells[1:]}
    context |= {"is_waiting": is_waiting, "has_amount": has_amount}
    html = render_to_string("workflow/_queue_row.html", context)
    return HOLE.sub("%s", html), itemgetter(*HOLE.findall(html))


def _hole(name: str) -> SafeString:
    return mark_safe(f"%({name})s")  # noqa: S308


def _plain(text: str) -> str:
    return text.replace("%", "%%")
