"""The applicant's writes: begin, save, begin again from a closed case."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from talent.enums import BOHAI_CARD
from talent.models import CardApplication, CardScheme, WorkExperience
from workflow import clock
from workflow.actors import Actor
from workflow.enums import State
from workflow.lookup_keys import identity_key
from workflow.models import Case, ChainVersion
from workflow.registry import why_limited
from workflow.services import Refused

COPIED = (
    "department", "position", "arrival", "arrived_on", "contract_kind", "contract_start", "contract_end", "salary",
    "insured_from", "category", "evidence", "achievements",
)  # fmt: skip


@transaction.atomic
def start_card_application(person: Person, actor: Actor, *, token: uuid.UUID | None = None) -> CardApplication:
    """A draft, prefilled from what is known of the person; the same form token finds the same draft.

    Raises Refused where no unit or no scheme is there, or another application is under way.
    """
    token = token or uuid.uuid4()
    first = CardApplication.objects.mine(actor).filter(case__token=token).first()
    if first is not None:
        return first
    assert actor.user_id is not None
    if limited := why_limited(actor, BOHAI_CARD):
        raise Refused(limited)
    if person.unit is None:
        raise Refused(_("Your registration names no employer, so nobody could review the application."))
    scheme = CardScheme.objects.for_applicants_of(person.unit.region, clock.today())
    if scheme is None:
        raise Refused(_("No talent card is granted for your employer's county today."))
    if other := CardApplication.objects.under_way(person).first():
        words = {"number": other.case}
        raise Refused(_("Your application %(number)s is still under way: one person has one at a time.") % words)
    case = Case(token=token, case_type=BOHAI_CARD, applicant_id=actor.user_id, created_at=clock.now())
    case.chain = ChainVersion.objects.published(BOHAI_CARD)
    place(case, person)
    case.save(force_insert=True)
    application = CardApplication(case=case, scheme=scheme, person=person)
    _prefill(application)
    application.save(force_insert=True)
    return application


def place(case: Case, person: Person) -> None:
    """The registered unit reviews, its 主管部门 fixes the county."""
    unit = person.unit
    assert unit is not None
    case.unit, case.supervisor, case.region = unit, unit.parent, unit.region
    case.subject, case.subject_key = person.name, identity_key(person.number)


def _prefill(application: CardApplication) -> None:
    """Nobody is asked twice: the last filed application, else the present employment."""
    last = CardApplication.objects.last_filed_by(application.person)
    if last is not None:
        _copy(last, application)
        return
    work = WorkExperience.objects.of(application.person).current().first()
    if work is None:
        return
    application.position, application.arrived_on = work.position, work.joined_on
    application.contract_kind = work.contract_kind
    application.contract_start, application.contract_end = work.contract_start, work.contract_end
    application.insured_from = work.insured_from


@transaction.atomic
def save_card_draft(
    application: CardApplication, actor: Actor, *, values: Mapping[str, Any], typed: Mapping[str, str]
) -> CardApplication:
    """Keep what could be read as values, the rest as it was typed. Raises PermissionDenied once it is filed."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=application.case_id)
    if not case.is_editable or case.applicant_id != actor.user_id:
        raise PermissionDenied(_("The application is filed and can no longer be changed."))
    for name, value in values.items():
        setattr(application, name, value)
    application.typed = dict(typed)
    _mend_order(application)
    application.saved_at = clock.now()
    application.save()
    return application


def _mend_order(application: CardApplication) -> None:
    """A draft may hold an end before its beginning, which the table may not: the end waits as typed text."""
    start, end = application.contract_start, application.contract_end
    if start and end and end < start:
        application.typed["contract_end"] = end.isoformat()
        application.contract_end = None


@transaction.atomic
def copy_card_application(
    application: CardApplication, actor: Actor, *, token: uuid.UUID | None = None
) -> CardApplication:
    """A new draft with what a withdrawn or rejected one said; papers are left out."""
    if application.case.state not in (State.WITHDRAWN, State.REJECTED):
        raise PermissionDenied(_("Only a withdrawn or rejected application can be copied."))
    draft = start_card_application(application.person, actor, token=token)
    _copy(application, draft)
    draft.save()
    return draft


def _copy(source: CardApplication, target: CardApplication) -> None:
    for name in COPIED:
        setattr(target, name, getattr(source, name))
