"""谁看过我的信息: every look at full numbers and papers, and every deed on the account, with who, when and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import merge

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from accounts.models import AccountEvent, SensitiveView, User
from accounts.services.sensitive import FIELDS
from workflow.models import Organisation, PaperLook
from workflow.registry import Text, case_type_of

# What papers are called that no list of a service names, by their kind; floors above add theirs.
_names: dict[str, Text] = {}


def register_paper_names(names: Mapping[str, Text]) -> None:
    _names.update(names)


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Officers act for their office: it is named, and not the officer."""

    at: datetime
    who: str
    what: str
    case: str
    reason: str


def looks_at(user: User) -> Iterator[SeenBy]:
    """Newest first; the own looks are left out."""
    streams = [_numbers(user), _papers(user), _deeds(user), _administration(user)]
    return merge(*streams, key=lambda line: line.at, reverse=True)


def _office(organisation: Organisation | None) -> str:
    return organisation.name if organisation is not None else _("Administration of the portal")


def _numbers(user: User) -> Iterator[SeenBy]:
    rows = SensitiveView.objects.filter(case__applicant=user).exclude(viewer=user).order_by("-at", "-pk")
    for row in rows.select_related("organisation", "case").iterator():
        what = _field_label(row.field)
        yield SeenBy(row.at, _office(row.organisation), what, str(row.case), row.reason)


def _field_label(field: str) -> str:
    if field in FIELDS:
        return str(FIELDS[field].name)
    labels = {
        "account": _("Account number"),
        "application_form": _("Application form with its numbers"),
        "card_summary": _("Summary table of the applicants with their numbers"),
    }
    return labels.get(field) or _("Numbers in full")


def _papers(user: User) -> Iterator[SeenBy]:
    ways = {"preview": _("Paper opened"), "download": _("Paper downloaded")}
    rows = PaperLook.objects.of_owner(user.pk).order_by("-at", "-pk")
    # {case type: {kind: label}}; the list of one case stands for its type.
    lists: dict[str, dict[str, Text]] = {}
    for row in rows.iterator():
        what = f"{ways.get(row.how, row.how)} · {_paper_name(row, lists)}"
        yield SeenBy(row.at, _office(row.organisation), what, str(row.case or ""), _("Review of the case"))


def _paper_name(row: PaperLook, lists: dict[str, dict[str, Text]]) -> Text:
    if row.case is not None and row.case.case_type not in lists:
        rules = case_type_of(row.case).materials(row.case)
        lists[row.case.case_type] = {rule.kind: rule.label for rule in rules}
    of_service = lists[row.case.case_type] if row.case is not None else {}
    return of_service.get(row.kind) or _names.get(row.kind) or row.kind


def _deeds(user: User) -> Iterator[SeenBy]:
    rows = AccountEvent.objects.of(user.pk).exclude(by=user).order_by("-at", "-pk")
    for row in rows.iterator():
        yield SeenBy(row.at, _office(row.organisation), row.get_deed_display(), "", row.reason)


def _administration(user: User) -> Iterator[SeenBy]:
    kind = ContentType.objects.get_for_model(User)
    rows = LogEntry.objects.filter(content_type=kind, object_id=str(user.pk)).exclude(user=user)
    for row in rows.order_by("-action_time", "-pk").iterator():
        changed = row.get_change_message() or row.get_action_flag_display()
        yield SeenBy(row.action_time, _office(None), _("Account changed"), "", changed)
