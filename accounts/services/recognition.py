"""An account becomes the account of the person or employer that it said it is, once somebody has agreed."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import RealNameLevel, UserKind
from accounts.hashes import phone_key
from accounts.models import Person, StatedPerson, StatedUnit, UnitProfile, User
from accounts.models.person import IDENTITY_COLUMNS
from accounts.services.accounts import Taken
from accounts.services.first_duties import ask_for_completion, give_first_duties
from accounts.services.lock_order import lock_known
from accounts.services.real_name import COUNTER, raise_level
from accounts.services.stated_claims import claim_verified, yield_claims
from accounts.services.statements import bureau_of, digest_of, own_unit, stated_of, unit_facts
from accounts.services.unit_registration import unit_conflicts, write_organisation
from workflow import clock
from workflow.enums import OrganisationKind
from workflow.models import Duty


class StatementChanged(Exception):
    """What was checked is not what the account says of itself now."""


def recognise(
    user: User, *, digest: str, level: RealNameLevel, verifier: str, officer: User | None = None, reason: str = ""
) -> None:
    """What was stated under ``digest`` is true. Raises StatementChanged, and Taken where somebody else has it."""
    try:
        with transaction.atomic():
            numbers = _numbers_of(stated_of(user))
            lock_known(**numbers)
            # They were verified, so whoever merely states them has no right to them.
            yield_claims(user, **numbers)
            account = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
            stated = stated_of(account)
            if not account.is_active or stated is None or digest_of(stated) != digest or _numbers_of(stated) != numbers:
                raise StatementChanged
            _settle(account, stated, at_counter=verifier == COUNTER)
            raise_level([account], level=level, verifier=verifier, officer=officer, reason=reason)
    except IntegrityError as error:
        # Two accounts at the same moment; the slower one is told.
        raise Taken(_taken_meanwhile(user)) from error


def _numbers_of(stated: StatedPerson | StatedUnit | None) -> dict[str, str]:
    """What is verified of it, by the names of ``yield_claims``; of who acts for an employer nothing is."""
    if stated is None:
        return {}
    return {"number": stated.number} if isinstance(stated, StatedPerson) else {"uscc": stated.uscc}


def _settle(account: User, stated: StatedPerson | StatedUnit, *, at_counter: bool) -> None:
    if isinstance(stated, StatedPerson):
        _be_person(account, stated, at_counter=at_counter)
    else:
        _act_for_unit(account, stated, at_counter=at_counter)


def _taken_meanwhile(user: User) -> dict[str, str]:
    if user.kind == UserKind.UNIT:
        return {"uscc": _("This employer was registered by another account at this moment. Ask its contact.")}
    return {"number": _has_account()}


def _has_account() -> str:
    return _(
        "The person with this document number has another account already. Sign in with that one, "
        "or recover its password; if it is not yours, show your document at a counter."
    )


def _was_here() -> str:
    return _("The portal knows this person under another mobile number. Show your document at a counter.")


def _be_person(account: User, stated: StatedPerson, *, at_counter: bool) -> None:
    """Somebody who had an account before is the same person again.

    What that person has left here is more than a name and a number open, which many people know of each other: the
    phone is the same as before, or an officer has seen who it is.
    """
    person = Person.objects.filter(number_hash=stated.number_hash).first()
    if person is None and account.person_id is not None:
        raise Taken({"number": _has_account()})
    if person is not None and _belongs_to_another(person, account):
        raise Taken({"number": _has_account()})
    if person is not None and not (at_counter or account.person_id or person.phone_hash == phone_key(account.phone)):
        raise Taken({"number": _was_here()})
    person = person or Person(created_at=clock.now())
    for column in IDENTITY_COLUMNS:
        value = getattr(stated, column)
        # What the form did not ask stays as it was known.
        if value not in ("", None) and (column != "sex" or value != "0"):
            setattr(person, column, value)
    person.phone, person.phone_hash = account.phone, phone_key(account.phone)
    person.save()
    account.person, account.name = person, stated.name
    account.save(update_fields=["person", "name"])
    claim_verified(account, number=stated.number)


def _belongs_to_another(person: Person, account: User) -> bool:
    if account.person_id not in (None, person.pk):
        return True
    return User.objects.filter(person=person, is_active=True).exclude(pk=account.pk).exists()


def _act_for_unit(account: User, stated: StatedUnit, *, at_counter: bool) -> None:
    """The employer with its details, and the account as its handler and administrator; 信息完善 comes next."""
    if (unit := own_unit(account)) is not None:
        UnitProfile.objects.filter(organisation=unit).update(principal=stated.principal)
        return
    facts = unit_facts(stated, bureau_of(stated.region_id or ""))
    if errors := unit_conflicts(facts):
        raise Taken(errors)
    _end_former_duties(stated.uscc, at_counter=at_counter)
    unit = write_organisation(facts)
    unit.active = True
    unit.save(update_fields=["active"])
    claim_verified(account, uscc=stated.uscc)
    give_first_duties(account, unit)
    ask_for_completion(account, unit)


def _end_former_duties(uscc: str, *, at_counter: bool) -> None:
    """An employer that was closed: a register does not open it again, and who acted for it before acts no more."""
    duties = Duty.objects.filter(organisation__code=uscc, organisation__kind=OrganisationKind.UNIT)
    if duties.exists() and not at_counter:
        raise Taken({"uscc": _("This employer was closed here. Show its papers at a counter to open it again.")})
    duties.delete()
