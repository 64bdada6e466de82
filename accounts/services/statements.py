"""补录用户信息: what an account says of itself before anybody has checked it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.ages import TOO_YOUNG, is_too_young
from accounts.enums import IdentifierKind, LegalPersonKind, UserKind
from accounts.hashes import phone_key
from accounts.models import Identifier, StatedPerson, StatedUnit, User
from accounts.services.accounts import Taken, claim_identifiers, find_taken
from accounts.services.real_name import drop_level
from accounts.services.told_numbers import counting_answers
from accounts.services.unit_registration import UnitFacts, unit_conflicts
from accounts.verifiers import Claim, PersonClaim, UnitClaim
from workflow import clock
from workflow.encryption import keyed_hash
from workflow.enums import OrganisationKind
from workflow.lookup_keys import identity_key
from workflow.models import Duty, Organisation

StatedT = TypeVar("StatedT", bound=StatedPerson | StatedUnit)

# Whose kind follows from the kind of legal person; what an enterprise is, it says itself.
UNIT_KINDS = {
    LegalPersonKind.SELF_EMPLOYED: "40",
    LegalPersonKind.INSTITUTION: "20",
    LegalPersonKind.GOVERNMENT: "10",
}


@dataclass(frozen=True)
class PersonStatement:
    """Normalised; birth date and sex are those that the number tells, where it tells them."""

    name: str
    document_kind: str
    number: str
    valid_from: date | None
    valid_until: date | None
    region_id: str | None
    birth_date: date | None
    sex: str


@dataclass(frozen=True)
class UnitStatement:
    kind: str
    name: str
    uscc: str
    principal: str
    principal_document_kind: str
    principal_number: str
    region_id: str
    address: str
    # Of who acts for it; asked for again where the account holds it no more.
    agent_number: str = ""


def stated_of(user: User) -> StatedPerson | StatedUnit | None:
    model = StatedUnit if user.kind == UserKind.UNIT else StatedPerson
    return model.objects.select_related("region").filter(user=user).first()


def claim_of(stated: StatedPerson | StatedUnit) -> Claim:
    """What a verifier is asked."""
    if isinstance(stated, StatedPerson):
        return PersonClaim(stated.name, stated.document_kind, stated.number)
    return UnitClaim(
        stated.name, stated.uscc, stated.principal, stated.principal_document_kind, stated.principal_number
    )


def digest_of(stated: StatedPerson | StatedUnit | None) -> str:
    """Changes with everything that a check is about."""
    if stated is None:
        return ""
    facts = [*asdict(claim_of(stated)).values(), stated.region_id]
    if isinstance(stated, StatedPerson):
        facts += [str(stated.birth_date or ""), stated.sex]
    return keyed_hash("stated", json.dumps(facts, ensure_ascii=False))


def own_unit(user: User) -> Organisation | None:
    """The employer that this account acts for already."""
    duties = Duty.objects.of(user.pk).on(clock.today()).filter(organisation__kind=OrganisationKind.UNIT)
    duty = duties.select_related("organisation__profile", "organisation__region").first()
    return duty.organisation if duty is not None else None


def state_person(user: User, facts: PersonStatement) -> StatedPerson:
    """Keep it. Raises Taken for a number of somebody else, or of a child."""
    with counting_answers(user.pk):
        kept: StatedPerson = _once_more(
            lambda: _state_person(user, facts), lambda: find_taken(number=facts.number, user=user)
        )
    return kept


def _once_more(state: Callable[[], StatedT], taken: Callable[[], dict[str, str]]) -> StatedT:
    """Where somebody claims the same at this moment, it is known the second time who."""
    with suppress(IntegrityError):
        return state()
    try:
        return state()
    except IntegrityError as error:
        raise Taken(taken()) from error


@transaction.atomic
def _state_person(user: User, facts: PersonStatement) -> StatedPerson:
    user = _lock(user)
    person = user.person
    if person is None and facts.birth_date is not None and is_too_young(facts.birth_date, clock.today()):
        raise Taken({"number": str(TOO_YOUNG)})
    # Who merely states a number keeps nobody from being verified; until then it stays with the first one.
    if errors := find_taken(number=facts.number, user=user, past_claims=True):
        raise Taken(errors)
    if person is not None and person.number_hash != identity_key(facts.number):
        raise Taken({"number": _("This account belongs to the person with the number it had. Call the hotline.")})
    if person is not None and person.name != facts.name:
        drop_level([user], reason=_("The name was changed."))
    is_free = not find_taken(number=facts.number, user=user)
    claim_identifiers(user, number=facts.number if is_free else "", phone=user.phone)
    own = {"number_hash": identity_key(facts.number), "phone": user.phone, "phone_hash": phone_key(user.phone)}
    columns = asdict(facts) | own | {"email": user.email, "stated_at": clock.now()}
    return StatedPerson.objects.update_or_create(user=user, defaults=columns)[0]


def state_unit(user: User, facts: UnitStatement) -> StatedUnit:
    """Keep it. Raises Taken for a name or credit code of another employer."""
    with counting_answers(user.pk):
        kept: StatedUnit = _once_more(lambda: _state_unit(user, facts), lambda: find_taken(uscc=facts.uscc, user=user))
    return kept


@transaction.atomic
def _state_unit(user: User, facts: UnitStatement) -> StatedUnit:
    user = _lock(user)
    before, unit = StatedUnit.objects.filter(user=user).first(), own_unit(user)
    if before is not None and not facts.agent_number:
        facts = replace(facts, agent_number=before.agent_number)
    if unit is not None:
        # Name, code and county of an employer that exists change by a review of their own.
        facts = replace(facts, name=unit.name, uscc=unit.code, region_id=unit.region_id)
    else:
        _claim_code(user, facts)
        # What was checked was another employer: this account does not act for it any more.
        drop_level([user], reason=_("The account acts for no employer any more."))
    agent, columns = {"agent": user.name}, asdict(facts) | {"stated_at": clock.now()}
    return StatedUnit.objects.update_or_create(user=user, defaults=columns, create_defaults=columns | agent)[0]


def _claim_code(user: User, facts: UnitStatement) -> None:
    conflicts = unit_conflicts(unit_facts(facts, bureau_of(facts.region_id)))
    # The form has fields of its own names.
    errors = {"name" if field == "unit_name" else field: text for field, text in conflicts.items()}
    errors = find_taken(uscc=facts.uscc, user=user, past_claims=True) | errors
    if agent := find_taken(number=facts.agent_number, user=user):
        errors["agent_number"] = agent["number"]
    if errors:
        raise Taken(errors)
    is_free = not find_taken(uscc=facts.uscc, user=user)
    claim_identifiers(user, number=facts.agent_number, phone=user.phone, uscc=facts.uscc if is_free else "")
    if not is_free:
        Identifier.objects.filter(user=user, kind=IdentifierKind.CREDIT_CODE).delete()


def _lock(user: User) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).select_related("person").get(pk=user.pk)


def bureau_of(region_id: str) -> Organisation:
    """The 主管部门 of an employer of this county. Raises Taken where none is set up."""
    found = Organisation.objects.supervising(region_id).filter(kind=OrganisationKind.COUNTY_HR).first()
    if found is None:
        raise Taken({"region": _("No HR bureau is set up for this division yet. Call the hotline.")})
    return found


def unit_facts(stated: UnitStatement | StatedUnit, bureau: Organisation) -> UnitFacts:
    """What the registers know of an employer; the rest it fills in itself when it first signs in."""
    return UnitFacts(
        name=stated.name,
        uscc=stated.uscc,
        region_id=bureau.region_id,
        supervisor=bureau,
        principal=stated.principal,
        principal_phone="",
        unit_kind=UNIT_KINDS.get(LegalPersonKind(stated.kind), ""),
        industry="",
        address=stated.address,
        founded_on=None,
        affiliation="local",
    )
