"""What the pages show on which an applicant fills in a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from workflow.enums import Action, State
from workflow.findings import Check
from workflow.models import Case
from workflow.services.words import opinion_of


@dataclass(frozen=True, slots=True)
class SectionMark:
    """How complete one card of the form is; ``kind`` is a shape of ``_status.html``, ``missing`` what to mend."""

    key: str
    title: str
    kind: str
    text: str
    missing: str


def mark_section(key: str, title: str, missing: str, failed: Sequence[Check]) -> SectionMark:
    """``missing``: the labels of its empty fields; ``failed``: the rules that have failed there."""
    if missing:
        return SectionMark(key, title, "plain", _("To be filled in"), missing)
    if failed:
        return SectionMark(key, title, "bad", _("There is a problem"), " ".join(check.reason for check in failed))
    return SectionMark(key, title, "done", _("Complete"), "")


def returned_opinion(case: Case) -> str:
    """What the office asks to correct; "" unless the case was returned to the person."""
    if case.state != State.RETURNED:
        return ""
    event = case.events.filter(action=Action.SEND_BACK).order_by("-seq").first()
    return opinion_of(event) if event is not None else ""
