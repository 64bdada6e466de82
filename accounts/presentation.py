"""What pages show of accounts: numbers masked, codes as names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import AccountEvent, User
from workflow.codelists import DOCUMENT_KINDS, ETHNIC, POLITICAL, SEX
from workflow.masking import mask_number, mask_phone
from workflow.presentation.times import day_text, minute_text


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of the record of an account."""

    when: str
    deed: str
    who: str
    note: str
    reason: str


def event_lines(events: Iterable[AccountEvent]) -> list[EventLine]:
    return [
        EventLine(
            when=minute_text(event.at),
            deed=event.get_deed_display(),
            who=" · ".join(str(part) for part in (event.organisation, event.by) if part) or _("the system"),
            note=event.note,
            reason=event.reason,
        )
        for event in events
    ]


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    text: str
    # Field of ``members.look_at_member`` that shows it in full.
    secret: str = ""


def person_facts(user: User) -> list[tuple[str, list[Fact]]]:
    """[(title, facts)] of a personal account and the person behind it."""
    person = user.person
    account = [
        Fact(_("User name"), user.username),
        Fact(_("Mobile number"), mask_phone(user.phone) if user.phone else "", "phone" if user.phone else ""),
        Fact(_("E-mail"), user.email),
        Fact(_("Real-name level"), user.get_real_name_level_display()),
        Fact(_("Registered at"), day_text(user.date_joined)),
    ]
    if person is None:
        return [(_("Account information"), account)]
    identity = [
        Fact(_("Name"), person.name),
        *([Fact(_("Name in a foreign language"), person.foreign_name)] if person.foreign_name else []),
        Fact(_("Kind of document"), DOCUMENT_KINDS.label(person.document_kind)),
        Fact(_("Document number"), mask_number(person.number), "number"),
        Fact(_("Sex"), SEX.label(person.sex)),
        Fact(_("Date of birth"), day_text(person.birth_date)),
        Fact(_("Ethnic group"), ETHNIC.label(person.ethnic) if person.ethnic else ""),
        Fact(_("Political status"), POLITICAL.label(person.political) if person.political else ""),
        Fact(_("Place of household registration"), str(person.household or "")),
    ]
    return [(_("Account information"), account), (_("Basic information"), identity)]
