"""Applications before they are filed: what beginning and saving one has in common for all services."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import Person
from workflow import clock
from workflow.actors import Actor
from workflow.enums import State
from workflow.lookup_keys import identity_key
from workflow.models import Case, ChainVersion, Organisation
from workflow.registry import why_limited
from workflow.services import Refused


class OfCase(Protocol):
    case_id: int
    case: Case


class Draft(Protocol):
    typed: dict[str, str]
    saved_at: datetime | None


def require_employer(person: Person, actor: Actor, case_type: str) -> Organisation:
    """The unit that reviews. Raises Refused where the person may not begin at all, or no unit is there to review."""
    if limited := why_limited(actor, case_type):
        raise Refused(limited)
    if person.unit is None:
        raise Refused(_("Your registration names no employer, so nobody could review the application."))
    return person.unit


def open_case(case_type: str, person: Person, actor: Actor, token: uuid.UUID) -> Case:
    """The case of a new draft. In the caller's transaction."""
    assert actor.user_id is not None
    case = Case(token=token, case_type=case_type, applicant_id=actor.user_id, created_at=clock.now())
    case.chain = ChainVersion.objects.published(case_type)
    place(case, person)
    case.save(force_insert=True)
    return case


def place(case: Case, person: Person) -> None:
    """The registered unit reviews, its 主管部门 fixes the county."""
    unit = person.unit
    assert unit is not None
    case.unit, case.supervisor, case.region = unit, unit.parent, unit.region
    case.subject, case.subject_key = person.name, identity_key(person.number)


def lock_draft(application: OfCase, actor: Actor) -> None:
    """Raises PermissionDenied once it is filed. In the caller's transaction."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=application.case_id)
    if not case.is_editable or case.applicant_id != actor.user_id:
        raise PermissionDenied(_("The application is filed and can no longer be changed."))


def read_again(row: Model) -> None:
    """What another window has saved since this row was read; what hangs on it is kept where it is the same."""
    current = type(row)._base_manager.get(pk=row.pk)
    for field in row._meta.concrete_fields:
        setattr(row, field.attname, getattr(current, field.attname))


def write_draft(row: Draft, *, values: Mapping[str, Any], typed: Mapping[str, str]) -> None:
    """Upon what stands there: what could be read as values, the rest as it was typed (empty: nothing more to keep)."""
    for name, value in values.items():
        setattr(row, name, value)
    left = {name: text for name, text in row.typed.items() if name not in values}
    row.typed = {name: text for name, text in (left | {**typed}).items() if text}
    row.saved_at = clock.now()


def require_closed(application: OfCase) -> None:
    if application.case.state not in (State.WITHDRAWN, State.REJECTED):
        raise PermissionDenied(_("Only a withdrawn or rejected application can be copied."))


def copy_fields(source: Model, target: Model, names: Iterable[str]) -> None:
    for name in names:
        value: Any = getattr(source, name)
        setattr(target, name, value)
