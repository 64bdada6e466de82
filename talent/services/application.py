"""The applicant's writes: begin, save, begin again from a closed case."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from talent.eligibility import held_card, is_offered
from talent.enums import BOHAI_CARD, CardLevel
from talent.models import CardApplication, CardScheme, WorkExperience
from talent.rules.application import judge_held
from talent.rules.facts import Facts, Terms
from talent.services.drafts import (
    copy_fields,
    lock_draft,
    open_case,
    read_again,
    require_closed,
    require_employer,
    write_draft,
)
from workflow import clock
from workflow.actors import Actor
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
    unit = require_employer(person, actor, BOHAI_CARD)
    scheme = CardScheme.objects.for_applicants_of(unit.region, clock.today())
    if scheme is None:
        raise Refused(_("No talent card is granted for your employer's county today."))
    if reason := _why_held(person, scheme):
        raise Refused(reason)
    if other := CardApplication.objects.under_way(person).first():
        words = {"number": other.case}
        raise Refused(_("Your application %(number)s is still under way: one person has one at a time.") % words)
    case = open_case(BOHAI_CARD, person, actor, token)
    application = CardApplication(case=case, scheme=scheme, person=person)
    _prefill(application)
    application.save(force_insert=True)
    return application


def _why_held(person: Person, scheme: CardScheme) -> str:
    """Why the holder of a card need not begin; the category, which may bring a higher one, is chosen later."""
    highest = Terms(code="", level=CardLevel.A, name="")
    finding = judge_held(Facts(today=clock.today(), held=held_card(person, scheme), category=highest))
    return "" if finding.passed else finding.reason


def _prefill(application: CardApplication) -> None:
    """Nobody is asked twice: the last filed application; of another employer than its own the present employment."""
    last = CardApplication.objects.last_filed_by(application.person)
    if last is not None:
        _copy(last, application)
    if last is None or last.case.unit_id != application.case.unit_id:
        _take_employment(application)


def _take_employment(application: CardApplication) -> None:
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
    lock_draft(application, actor)
    read_again(application)
    write_draft(application, values=values, typed=typed)
    _mend_order(application)
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
    require_closed(application)
    draft = start_card_application(application.person, actor, token=token)
    _copy(application, draft)
    draft.save()
    return draft


def _copy(source: CardApplication, target: CardApplication) -> None:
    copy_fields(source, target, COPIED)
    if target.category is not None and not is_offered(target.category, target.scheme):
        target.category = None
