"""The rows of a queue as HTML: the template of one row is rendered once, then every row is printed into it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from operator import itemgetter

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from workflow.queue import WAITING, Head, QueuePage
from workflow.tab_tools import RowNote

NULL = "\x00"
# A name of up to this length stays on one line.
SHORT = 6
HOLE = re.compile(r"%\((\w+)\)s")
FIELDS = ("pk", "revision", "head", "nowrap", "amount", "status", "tone", "remaining", "url", "note")


def print_rows(page: QueuePage, has_amount: bool) -> SafeString:
    notes = {pk: _note(note) for pk, note in page.notes.items()}
    line, pick = _line(page.heads, page.tab == WAITING, page.has_ticks, has_amount, bool(notes), get_language() or "")
    before, after = reverse("workflow:case", args=[0]).split("0", 1)
    after = escape(f"{after}?{urlencode({'from': page.criteria})}")
    printed = []
    for row in page.rows:
        # One pass over all the texts of a row: no database keeps the character between them.
        texts = escape(NULL.join(row.texts)).split(NULL)
        nowrap = "text-nowrap" if len(row.texts[0]) <= SHORT else ""
        url = f"{before}{row.pk}{after}"
        values = (row.pk, row.revision, texts[0], nowrap, row.amount, row.status, row.tone, escape(row.remaining), url)
        printed.append(line % pick((*values, notes.get(row.pk, ""), *texts)))
    return mark_safe("".join(printed))  # noqa: S308


def _note(note: RowNote) -> str:
    if not note.url:
        return format_html('<span class="row-note muted">{}</span>', note.text)
    return format_html('<a class="row-note" href="{}">{}</a>', note.url, note.text)


@lru_cache(maxsize=256)
def _line(
    heads: Sequence[Head], is_waiting: bool, has_ticks: bool, has_amount: bool, has_notes: bool, language: str
) -> tuple[str, Callable[[Sequence[object]], tuple[object, ...]]]:
    """(a row with "%s" where its values go, what picks them from FIELDS and cells); its words are in ``language``."""
    cells = [
        {"label": _plain(head.label), "css": head.css, "text": _hole(f"cell{number}")}
        for number, head in enumerate(heads)
    ]
    context = {"row": {name: _hole(name) for name in FIELDS}, "first": cells[0], "cells": cells[1:]}
    context |= {"is_waiting": is_waiting, "has_ticks": has_ticks, "has_amount": has_amount, "has_notes": has_notes}
    html = render_to_string("workflow/_queue_row.html", context)
    names = [*FIELDS, *(f"cell{number}" for number in range(len(heads)))]
    return HOLE.sub("%s", html), itemgetter(*map(names.index, HOLE.findall(html)))


def _hole(name: str) -> SafeString:
    return mark_safe(f"%({name})s")  # noqa: S308


def _plain(text: str) -> str:
    return text.replace("%", "%%")
