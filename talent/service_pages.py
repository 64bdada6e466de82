"""What the pages of services by card show, put into words once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from talent.change_pages import CaseRow, case_row
from talent.enums import CardLevel, Satisfaction
from talent.forms.request import RequestForm
from talent.models import Card, CardScheme, CardService, ServiceRequest
from talent.services.request import why_not_served
from workflow.enums import State
from workflow.models.place import in_chinese
from workflow.presentation.remarks import Pinned, Remark, open_remarks
from workflow.presentation.times import day_text
from workflow.registry import case_type_of
from workflow.remark_forms import pin_remarks


@dataclass(frozen=True, slots=True)
class Offer:
    """One service of the catalogue; ``closed``: why this holder cannot ask for it, "" for whoever may."""

    pk: int
    name: str
    text: str
    department: str
    days: int
    levels: str
    closed: str


def offers_of(scheme: CardScheme, card: Card | None) -> list[Offer]:
    return [_offer(service, card) for service in scheme.services.all() if service.active]


def _offer(service: CardService, card: Card | None) -> Offer:
    chinese = in_chinese()
    return Offer(
        pk=service.pk,
        name=str(service),
        text=service.description if chinese else service.description_en,
        department=service.department if chinese else service.department_en,
        days=service.working_days,
        levels=_(", ").join(str(CardLevel(level).label) for level in service.levels),
        closed=why_not_served(card, service) if card is not None else "",
    )


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request on the holder's list."""

    case: CaseRow
    department: str
    promised: str
    outcome: str
    result: str
    rating: str
    may_rate: bool


def request_rows(requests: Iterable[ServiceRequest]) -> list[RequestRow]:
    return [request_row(request) for request in requests]


def request_row(request: ServiceRequest) -> RequestRow:
    is_finished = request.case.state == State.APPROVED
    return RequestRow(
        case=case_row(request.case, str(request.service), "talent:request_edit"),
        department=request.department,
        promised="" if is_finished else day_text(request.promised_on),
        outcome=str(request.get_outcome_display()) if request.outcome else "",
        result=request.result if is_finished else "",
        rating=str(Satisfaction(request.rating).label) if request.rating else "",
        may_rate=is_finished and request.rating is None,
    )


def stage_facts(request: ServiceRequest) -> list[tuple[str, str]]:
    """What the specialist has entered so far."""
    row = request_row(request)
    facts = [
        (_("Department in charge"), row.department),
        (_("Time limit"), day_text(request.promised_on)),
        (_("Outcome of the service"), row.outcome if row.result else ""),
        (_("Details of the result"), row.result),
    ]
    return [(label, value) for label, value in facts if value]


def has_receipt(request: ServiceRequest) -> bool:
    """受理回执: of what was taken on."""
    receipt = case_type_of(request.case).document("receipt")
    return receipt is not None and receipt.is_ready(request.case)


def pin_to_request(request: ServiceRequest, form: RequestForm) -> list[Pinned]:
    """What the office marked, beside its field; the lines for the head of the page."""
    return pin_remarks(
        form,
        open_remarks(request.case),
        lambda remark: [remark.row] if remark.row in form.fields else [],
        lambda remark: _elsewhere(request, remark),
    )


def _elsewhere(request: ServiceRequest, remark: Remark) -> str:
    page = reverse("talent:request_check", args=[request.pk])
    return f"{page}#material-{remark.row}" if remark.is_of_materials else reverse("accounts:account")
