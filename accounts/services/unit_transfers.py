"""变更单位: a person goes to another unit, which looks at it; what was filed before stays with the old one."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.change_filing import unit_transfer_filing
from accounts.models import UnitTransfer, User
from accounts.services.lock_order import lock_persons
from accounts.services.registration import lock_case, move_case, open_case
from workflow.actors import Actor
from workflow.enums import Action
from workflow.models import Act, Organisation
from workflow.services import Refused, perform_one

CASE_TYPE = "unit_transfer"


def open_transfer_of(user: User) -> UnitTransfer | None:
    """The change of this person's unit that is neither approved nor ended."""
    found = UnitTransfer.objects.filter(person=user.person_id, is_open=True, case__applicant=user)
    return found.select_related("case", "person", "unit", "old_unit").first() if user.person_id else None


def save_transfer(user: User, *, unit: Organisation, hired_on: date, token: uuid.UUID) -> UnitTransfer:
    """Begin a change of the unit, or save the open one again. Raises Refused."""
    try:
        return _save(user, unit, hired_on, token)
    except IntegrityError as error:
        if (first := open_transfer_of(user)) is not None:
            return first
        raise Refused(_("A change of the employer is open already.")) from error


@transaction.atomic
def _save(user: User, unit: Organisation, hired_on: date, token: uuid.UUID) -> UnitTransfer:
    known = open_transfer_of(user)
    if known is not None:
        lock_case(known.case)
    person = next(iter(lock_persons([user.person_id or 0])), None)
    if person is None:
        raise Refused(_("Your real name must be checked first."))
    if person.unit_id == unit.pk:
        raise Refused(_("You work for this employer already."))
    # Read anew under the locks.
    transfer = open_transfer_of(user)
    if transfer is None:
        case = open_case(CASE_TYPE, applicant=user, unit=unit, token=token)
        transfer = UnitTransfer(case=case, person=person)
    elif transfer != known:
        # The other press of the form was faster by a moment.
        return transfer
    else:
        case = transfer.case
        if not case.is_editable:
            raise Refused(_("The employer is looking at the change already; wait for its result."))
        move_case(case, unit)
    transfer.unit, transfer.old_unit_id, transfer.hired_on = unit, person.unit_id, hired_on
    transfer.save()
    return transfer


@transaction.atomic
def submit_transfer(transfer: UnitTransfer, by: Actor, *, token: uuid.UUID) -> Act:
    """【提交申请】: raises Refused with the reason, for instance a missing labour contract."""
    if first := Act.objects.filter(
        pk=token, action=Action.SUBMIT, actor=by.user_id, events__case=transfer.case
    ).first():
        return first
    seen = transfer.case.revision
    case = lock_case(transfer.case)
    case.revision = seen
    return perform_one(Action.SUBMIT, case, by, token=token, filings={case.pk: unit_transfer_filing(transfer)})
