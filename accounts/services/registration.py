"""What all registrations share: the account, the consents, the case, its submission and its end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.enums import UserKind
from accounts.filing import filing_of
from accounts.models import Terms, User
from accounts.services.consents import give_consents
from workflow import clock
from workflow.actors import SYSTEM, Actor
from workflow.enums import Action
from workflow.models import Act, Case, ChainVersion, Organisation, Region
from workflow.services import perform_one


@dataclass(frozen=True, slots=True)
class AccountFacts:
    username: str
    name: str
    phone: str
    email: str
    # ID number of an employer's contact; of persons it stands in their identity.
    number: str = ""


def create_account(
    facts: AccountFacts, *, password: str | None, kind: UserKind, terms: Sequence[Terms], **columns: Any
) -> User:
    """``terms``: all that was agreed to. Without a password nobody can sign in by one (people of the demonstration)."""
    user = User.objects.create(
        username=facts.username,
        password=make_password(password),
        name=facts.name,
        phone=facts.phone,
        email=facts.email,
        kind=kind,
        **columns,
    )
    give_consents(user, terms)
    return user


def open_case(case_type: str, *, applicant: User, unit: Organisation, token: uuid.UUID) -> Case:
    """A draft that the unit's 主管部门 or the unit itself will decide."""
    return Case.objects.create(
        token=token,
        case_type=case_type,
        chain=ChainVersion.objects.published(case_type),
        applicant=applicant,
        created_at=clock.now(),
        **places_of(unit),
    )


def places_of(unit: Organisation) -> dict[str, Organisation | Region | None]:
    return {"unit": unit, "supervisor": unit.parent, "region": unit.region}


def move_case(case: Case, unit: Organisation) -> None:
    """Another unit or bureau was chosen while the case was open to changes."""
    for name, value in places_of(unit).items():
        setattr(case, name, value)
    case.save(update_fields=["unit", "supervisor", "region"])


def lock_case(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("unit", "supervisor", "region").get(pk=case.pk)


@transaction.atomic
def submit_registration(case: Case, actor: Actor, *, token: uuid.UUID) -> Act:
    """【提交申请】: raises Refused with the reason, for instance a missing paper."""
    # Its own first press; a token spent on anything else is refused below.
    if first := Act.objects.filter(pk=token, action=Action.SUBMIT, actor=actor.user_id, events__case=case).first():
        return first
    seen = case.revision
    case = lock_case(case)
    case.revision = seen
    # After a return nobody has decided yet on what is filed now: it may be withdrawn, and it expires, as at first.
    Case.objects.filter(pk=case.pk).update(decided_at=None)
    return perform_one(Action.SUBMIT, case, actor, token=token, filings={case.pk: filing_of(case)})


def withdraw_registration(case: Case, actor: Actor = SYSTEM) -> Act:
    """Ends the registration: its effect closes the account and releases the numbers. Raises Refused."""
    return perform_one(Action.WITHDRAW, case, actor)
