"""Answers that carry a workbook: at once where it is short, else as a task with its progress and its file."""

from __future__ import annotations

import io
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from subsidies.documents.orders import AT_ONCE, KINDS, WRITE_WORKBOOK
from workflow import clock
from workflow.actors import Actor
from workflow.filetypes import CONTENT_TYPES
from workflow.services.jobs import start_job


def workbook(content: io.BytesIO, name: str) -> HttpResponse:
    """A download that no cache keeps."""
    response = HttpResponse(content.getvalue(), content_type=CONTENT_TYPES["xlsx"])
    disposition = content_disposition_header(True, f"{name} {clock.today():%Y-%m-%d}.xlsx")
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def deliver(kind: str, actor: Actor, **params: Any) -> HttpResponse:
    order = KINDS[kind](actor, params)
    if order.count > AT_ONCE:
        task = start_job(WRITE_WORKBOOK, order.name[:120], {"kind": kind, **params}, actor, total=order.count)
        return redirect("workflow:job", task.token)
    content = io.BytesIO()
    order.write(content, iter)
    return workbook(content, order.name)
