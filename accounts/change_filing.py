"""The forms of both changes as filed: the registered value and the wanted one side by side."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import UnitChange, UnitTransfer, User
from workflow import clock
from workflow.codelists import DOCUMENT_KINDS
from workflow.doubts import doubted
from workflow.identifiers import uscc_warning
from workflow.lookup_keys import tail_key
from workflow.masking import mask_number, mask_phone
from workflow.services.filings import FilingDraft
from workflow.services.materials import describe_materials

Row = dict[str, Any]


def _row(key: str, label: str, value: object, kind: str = "text") -> Row:
    return {"key": key, "label": label, "value": "" if value is None else str(value), "kind": kind}


def _pair(key: str, label: str, before: object, after: object) -> Row:
    """What stays the same stands there once."""
    row = _row(key, label, after)
    return row if str(before) == str(after) else row | {"before": str(before or "")}


@translation.override(settings.LANGUAGE_CODE)
def unit_change_filing(change: UnitChange) -> FilingDraft:
    user = User.objects.get(pk=change.case.applicant_id)
    rows = [
        _pair("unit_name", _("Name of the employer"), change.old_name, change.name),
        doubted(
            _pair("uscc", _("Unified social credit code"), change.old_uscc, change.uscc), uscc_warning(change.uscc)
        ),
        _pair("region", _("Administrative division"), change.old_region, change.region),
        _pair("supervisor", _("Supervising department"), change.old_supervisor, change.supervisor),
    ]
    contact = [
        _row("name", _("Name of the user"), user.name),
        _row("phone", _("Mobile number"), mask_phone(user.phone), "secret") | {"full": user.phone},
    ]
    content = {
        "sections": [
            {"key": "change", "title": _("What changes"), "rows": rows},
            {"key": "contact", "title": _("Contact"), "rows": contact},
        ],
        "materials": describe_materials(change.case),
    }
    summary = {
        "old_name": change.old_name,
        "old_uscc": change.old_uscc,
        "uscc": change.uscc,
        "supervisor": str(change.supervisor),
        "contact": user.name,
        "phone_masked": mask_phone(user.phone),
    }
    return FilingDraft(content=content, summary=summary, subject=change.name)


@translation.override(settings.LANGUAGE_CODE)
def unit_transfer_filing(transfer: UnitTransfer) -> FilingDraft:
    person, user = transfer.person, User.objects.get(pk=transfer.case.applicant_id)
    kind = DOCUMENT_KINDS.label_zh(person.document_kind)
    identity = [
        _row("name", _("Name of the user"), person.name),
        _row("document_kind", _("Kind of document"), kind),
        _row("number", _("Document number"), mask_number(person.number), "secret") | {"full": person.number},
        _row("phone", _("Mobile number"), mask_phone(user.phone), "secret") | {"full": user.phone},
        _row("email", _("E-mail"), person.email),
    ]
    work = [
        _pair("unit", _("Your employer"), transfer.old_unit or _("none"), transfer.unit),
        _row("hired_on", _("Joined the employer on"), transfer.hired_on, "date"),
    ]
    content = {
        "sections": [
            {"key": "identity", "title": _("Basic information"), "rows": identity},
            {"key": "work", "title": _("What changes"), "rows": work},
        ],
        "materials": describe_materials(transfer.case),
    }
    summary = {
        "account": user.username,
        "id_kind": kind,
        "id_masked": mask_number(person.number),
        "phone_masked": mask_phone(user.phone),
        "old_unit": str(transfer.old_unit or ""),
        "registered": clock.local_date(transfer.case.created_at).isoformat(),
        "tail_key": tail_key(person.number),
    }
    return FilingDraft(content=content, summary=summary, subject=person.name, subject_key=person.number_hash)
