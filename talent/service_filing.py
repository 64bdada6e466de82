"""A request for a service by card as filed."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from talent.enums import CardLevel
from talent.filing import CHINESE
from talent.models import ServiceRequest
from talent.services.specialists import contact_of
from workflow.lookup_keys import identity_key, tail_key
from workflow.masking import mask_number, mask_phone
from workflow.sections import Section, row, secret, section
from workflow.services.filings import FilingDraft
from workflow.services.materials import describe_materials


def build_request_filing(request: ServiceRequest) -> FilingDraft:
    """What is frozen by a submission; always in Chinese."""
    card, person = request.card, request.card.person
    with translation.override(CHINESE):
        content = {
            "sections": build_request_sections(request),
            "checks": [],
            "materials": describe_materials(request.case),
        }
    summary = {
        "id_masked": mask_number(person.number),
        "tail_key": tail_key(person.number),
        "card_number": card.number,
        "card_level": card.level,
        "service": request.service.name,
        "county": request.case.region.name,
    } | contact_of(card.specialist)
    return FilingDraft(content, summary, subject=card.name, subject_key=identity_key(person.number))


def build_request_sections(request: ServiceRequest) -> list[Section]:
    """Labels in the language in force."""
    card, person = request.card, request.card.person
    return [
        section(
            "request",
            _("Service asked for"),
            row("service", _("Service by card"), str(request.service)),
            row("content", _("What is asked for"), request.content),
        ),
        section(
            "card",
            _("Talent card"),
            row("name", _("Chinese name"), card.name),
            secret("number", _("Document number"), person.number, mask_number(person.number)),
            secret("phone", _("Telephone"), person.phone, mask_phone(person.phone)),
            row("card_number", _("Card number"), card.number),
            row("level", _("Type of card"), CardLevel(card.level).label),
            row("valid_until", _("Valid until"), card.valid_until, "date"),
            row("unit", _("Employer on the card"), card.unit_name),
        ),
    ]
