"""个人注册: the account and the case; the person comes into being when the employer approves."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import UserKind
from accounts.hashes import phone_key
from accounts.models import Person, PersonRegistration, Terms, User
from accounts.services.accounts import Taken, claim_identifiers, find_taken
from accounts.services.registration import AccountFacts, create_account, lock_case, move_case, open_case
from workflow.lookup_keys import identity_key
from workflow.models import Case, Organisation

CASE_TYPE = "person_registration"


@dataclass(frozen=True)
class IdentityFacts:
    """Who the person is, normalised."""

    document_kind: str
    number: str
    name: str
    phone: str
    email: str
    birth_date: date | None
    sex: str
    ethnic: str
    political: str
    household_id: str | None
    foreign_name: str = ""

    @property
    def columns(self) -> dict[str, object]:
        return asdict(self) | {"number_hash": identity_key(self.number), "phone_hash": phone_key(self.phone)}


@dataclass(frozen=True)
class StudyFacts:
    """What was studied, and since when the person works for the employer."""

    education: str
    degree: str
    school: str
    major: str
    graduated_on: date
    full_time: bool
    certificate_number: str
    hired_on: date


def register_person(
    identity: IdentityFacts,
    study: StudyFacts,
    *,
    unit: Organisation,
    username: str,
    password: str | None,
    terms: Sequence[Terms],
    token: uuid.UUID,
) -> PersonRegistration:
    """Raises Taken. A second call with the token returns the first registration."""
    account = AccountFacts(username, identity.name, identity.phone, identity.email)
    try:
        return _register(identity, study, unit, account, password, terms, token)
    except IntegrityError as error:
        if first := PersonRegistration.objects.filter(case__token=token).first():
            return first
        raise Taken(_conflicts(identity, username)) from error


@transaction.atomic
def _register(
    identity: IdentityFacts,
    study: StudyFacts,
    unit: Organisation,
    account: AccountFacts,
    password: str | None,
    terms: Sequence[Terms],
    token: uuid.UUID,
) -> PersonRegistration:
    if first := PersonRegistration.objects.filter(case__token=token).first():
        return first
    if errors := _conflicts(identity, account.username):
        raise Taken(errors)
    user = create_account(account, password=password, kind=UserKind.PERSON, terms=terms)
    claim_identifiers(user, number=identity.number, phone=identity.phone)
    case = open_case(CASE_TYPE, applicant=user, unit=unit, token=token)
    return PersonRegistration.objects.create(case=case, unit=unit, **identity.columns, **asdict(study))


def _conflicts(identity: IdentityFacts, username: str) -> dict[str, str]:
    errors = _left_something_here(identity) | find_taken(number=identity.number, phone=identity.phone)
    if User.objects.filter(username=username).exists():
        errors["username"] = _("This user name exists already. Choose another one.")
    return errors


def _left_something_here(identity: IdentityFacts) -> dict[str, str]:
    """Whoever closes an account and opens another is the same person: the phone says so, or an officer who has looked.

    An employer's word alone must not give a stranger's history to somebody else.
    """
    former = Person.objects.filter(number_hash=identity_key(identity.number))
    former = former.filter(Q(users__isnull=False) | Q(phone_hash="")).exclude(phone_hash=phone_key(identity.phone))
    if not former.exists():
        return {}
    return {
        "number": _(
            "The person with this number had an account here under another mobile number. Register with that number, "
            "or have an account opened at a service counter with the document."
        )
    }


def change_person_registration(
    registration: PersonRegistration, identity: IdentityFacts, study: StudyFacts, *, unit: Organisation
) -> Case:
    """The form saved again while it is open. Raises Taken."""
    try:
        return _change(registration, identity, study, unit)
    except IntegrityError as error:
        user = registration.case.applicant
        raise Taken(find_taken(number=identity.number, user=user)) from error


@transaction.atomic
def _change(registration: PersonRegistration, identity: IdentityFacts, study: StudyFacts, unit: Organisation) -> Case:
    case = lock_case(registration.case)
    if not case.is_editable:
        raise Taken({"": _("The registration can no longer be changed: it is “%s”.") % case.status})
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=case.applicant_id)
    # The phone has a way of its own, on which it is proved; it may have changed since the form was opened.
    identity = replace(identity, phone=user.phone)
    errors = find_taken(number=identity.number, phone=identity.phone, user=user)
    # A number that stays was judged with the phone of that time.
    is_other = not PersonRegistration.objects.filter(pk=case.pk, number_hash=identity_key(identity.number)).exists()
    if errors := (_left_something_here(identity) if is_other else {}) | errors:
        raise Taken(errors)
    user.name, user.email = identity.name, identity.email
    user.save(update_fields=["name", "email"])
    claim_identifiers(user, number=identity.number, phone=identity.phone)
    PersonRegistration.objects.filter(pk=registration.pk).update(unit=unit, **identity.columns, **asdict(study))
    move_case(case, unit)
    return case
