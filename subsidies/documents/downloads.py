"""Workbooks made while the person waits, as downloads that no cache keeps."""

from __future__ import annotations

import io

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from workflow import clock
from workflow.filetypes import CONTENT_TYPES


def workbook(content: io.BytesIO, name: str) -> HttpResponse:
    response = HttpResponse(content.getvalue(), content_type=CONTENT_TYPES["xlsx"])
    disposition = content_disposition_header(True, f"{name} {clock.today():%Y-%m-%d}.xlsx")
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
