"""渤海英才卡服务受理回执: what was asked for, who does it until when, what came of it. Printed papers are Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import segno
from django.utils import translation

from talent.filing import CHINESE
from talent.models import ServiceRequest
from workflow.models import Case
from workflow.presentation.times import day_text
from workflow.printing import render_page
from workflow.registry import Look

CHUNK = 50


@dataclass(frozen=True, slots=True)
class Receipt:
    number: str
    filed: str
    status: str
    qr: str
    office: str
    rows: list[tuple[str, str]]


def receipts(cases: Sequence[Case], look: Look) -> Iterator[str]:
    """The HTML of each case's receipt; nothing stands on it in full that is masked elsewhere."""
    for start in range(0, len(cases), CHUNK):
        chunk = cases[start : start + CHUNK]
        requests = {request.pk: request for request in ServiceRequest.objects.whole().of_cases(chunk)}
        for case in chunk:
            with translation.override(CHINESE):
                receipt = _receipt(case, requests[case.pk])
            yield render_page("talent/service_receipt.html", {"receipt": receipt})


def _receipt(case: Case, request: ServiceRequest) -> Receipt:
    card = request.card
    rows = [
        ("姓名", card.name),
        ("卡号", card.number),
        ("服务事项", request.service.name),
        ("申请内容", request.content),
        ("服务专员", card.specialist.name if card.specialist else ""),
        ("受理时间", day_text(request.accepted_at)),
        ("承办部门", request.department),
        ("办理时限", day_text(request.promised_on)),
        ("办结时间", day_text(request.finished_at)),
        ("办理结果", " · ".join(part for part in (_outcome(request), request.result) if part)),
    ]
    return Receipt(
        number=case.number,
        filed=day_text(case.submitted_at),
        status=case.status,
        qr=str(segno.make(case.number, error="m").svg_data_uri(border=0)),
        office=case.supervisor.name if case.supervisor else "",
        rows=[(label, value) for label, value in rows if value],
    )


def _outcome(request: ServiceRequest) -> str:
    return str(request.get_outcome_display()) if request.outcome else ""
