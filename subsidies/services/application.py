"""The applicant's writes: begin, save, submit, begin again from a closed case."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from subsidies.eligibility import current_works
from subsidies.enums import GRADUATE_RENT
from subsidies.models import Programme, RentApplication
from subsidies.models.application import MARRIED
from talent.models import Education
from talent.services.drafts import (
    copy_fields,
    lock_draft,
    open_case,
    read_again,
    require_closed,
    require_employer,
    write_draft,
)
from talent.services.space import address_of, spouse_of
from workflow import clock
from workflow.actors import Actor
from workflow.services import Refused

# 居民身份证: of other documents the form has no field.
RESIDENT_CARD = "01"
# Of the form, everything but what belongs to the one period applied for.
COPIED = (
    "education", "came_on", "insured_from", "owns_house", "marital", "spouse_name", "spouse_number", "spouse_unit",
    "enjoyed_other", "address", "landlord_name", "landlord_number", "landlord_phone", "lease_start", "lease_end",
    "monthly_rent", "lease_recorded", "account_holder", "bank", "branch", "account", "social_card",
)  # fmt: skip


@transaction.atomic
def start_application(person: Person, actor: Actor, *, token: uuid.UUID | None = None) -> RentApplication:
    """A draft, prefilled from what is known of the person; the same form token finds the same draft.

    Raises Refused where no unit or no programme is there.
    """
    token = token or uuid.uuid4()
    first = RentApplication.objects.mine(actor).filter(case__token=token).first()
    if first is not None:
        return first
    unit = require_employer(person, actor, GRADUATE_RENT)
    programme = Programme.objects.for_applicants_of(unit.region, clock.today())
    if programme is None:
        raise Refused(_("No rent subsidy is in force for your employer's county today."))
    case = open_case(GRADUATE_RENT, person, actor, token)
    application = RentApplication(case=case, programme=programme, person=person, account_holder=person.name)
    _prefill(application)
    application.save(force_insert=True)
    return application


def _prefill(application: RentApplication) -> None:
    """Nobody is asked twice: the last filed application, and what the talent space says today."""
    person = application.person
    last = RentApplication.objects.last_filed_by(person)
    if last is not None:
        copy_fields(last, application, COPIED)
    else:
        work = current_works([person.pk]).get(person.pk)
        application.insured_from = work.insured_from if work is not None else None
    if application.education is None:
        application.education = Education.objects.of(person).first()
    _take_from_space(application)


def _take_from_space(application: RentApplication) -> None:
    """Where the person lives, and the spouse: one in the space makes the person a married one."""
    application.address = address_of(application.person) or application.address
    spouse = spouse_of(application.person)
    if spouse is None:
        return
    if not application.is_married:
        application.marital = MARRIED[0]
    application.spouse_name, application.spouse_unit = spouse.name, spouse.workplace
    application.spouse_number = spouse.number if spouse.document_kind == RESIDENT_CARD else ""


@transaction.atomic
def save_draft(
    application: RentApplication, actor: Actor, *, values: Mapping[str, Any], typed: Mapping[str, str]
) -> RentApplication:
    """Keep what could be read as values, the rest as it was typed. Raises PermissionDenied once it is filed."""
    lock_draft(application, actor)
    read_again(application)
    write_draft(application, values=values, typed=typed)
    application.save()
    return application


@transaction.atomic
def copy_application(application: RentApplication, actor: Actor, *, token: uuid.UUID | None = None) -> RentApplication:
    """A new draft with what a withdrawn or rejected one said, period and papers left out."""
    require_closed(application)
    draft = start_application(application.person, actor, token=token)
    copy_fields(application, draft, COPIED)
    draft.save()
    return draft
