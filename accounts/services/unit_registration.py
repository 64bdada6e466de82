"""单位注册: the account, the organisation and the case come into being together."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Affiliation, UnitForm, UserKind
from accounts.models import Terms, UnitProfile, UnitRegistration, User
from accounts.services.accounts import Taken, claim_identifiers, find_taken
from accounts.services.former_units import facts_of_former
from accounts.services.registration import AccountFacts, create_account, lock_case, move_case, open_case
from workflow.enums import OrganisationKind
from workflow.models import Case, Organisation

CASE_TYPE = "unit_registration"


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """单位基本信息; the fields after ``supervisor`` stand in the profile."""

    name: str
    uscc: str
    region_id: str
    supervisor: Organisation
    principal: str = ""
    principal_phone: str = ""
    unit_kind: str = ""
    industry: str = ""
    address: str = ""
    founded_on: date | None = None
    affiliation: str = Affiliation.LOCAL
    # A short form asks for nothing after ``supervisor``: what stands of the employer stays.
    is_short: bool = False

    @property
    def profile(self) -> dict[str, object]:
        if self.is_short:
            return {"uscc": self.uscc}
        facts = {field: getattr(self, field) for field in self.__slots__}
        return {k: v for k, v in facts.items() if k not in ("name", "region_id", "supervisor", "is_short")}


def register_unit(
    facts: UnitFacts,
    *,
    account: AccountFacts,
    password: str | None,
    terms: Sequence[Terms],
    token: uuid.UUID,
    variant: UnitForm = UnitForm.FULL,
) -> UnitRegistration:
    """Raises Taken. A second call with the token returns the first registration."""
    try:
        return _register(facts, account, password, terms, token, variant)
    except IntegrityError as error:
        # Somebody was faster with a number, or the same form came twice at the same moment.
        if first := UnitRegistration.objects.filter(case__token=token).first():
            return first
        raise Taken(_conflicts(facts, account)) from error


@transaction.atomic
def _register(
    facts: UnitFacts,
    account: AccountFacts,
    password: str | None,
    terms: Sequence[Terms],
    token: uuid.UUID,
    variant: UnitForm,
) -> UnitRegistration:
    if first := UnitRegistration.objects.filter(case__token=token).first():
        return first
    if errors := _conflicts(facts, account):
        raise Taken(errors)
    user = create_account(account, password=password, kind=UserKind.UNIT, terms=terms)
    claim_identifiers(user, number=account.number, phone=account.phone)
    former = facts_of_former(facts.uscc)
    organisation = write_organisation(facts)
    case = open_case(CASE_TYPE, applicant=user, unit=organisation, token=token)
    return UnitRegistration.objects.create(
        case=case, organisation=organisation, contact_number=account.number, former=former, variant=variant
    )


def _conflicts(facts: UnitFacts, account: AccountFacts) -> dict[str, str]:
    errors = find_taken(number=account.number, phone=account.phone, for_unit=True)
    if User.objects.filter(username=account.username).exists():
        errors["username"] = _("This user name exists already. Choose another one.")
    return errors | unit_conflicts(facts)


def unit_conflicts(facts: UnitFacts, own: UnitRegistration | None = None) -> dict[str, str]:
    """A credit code or name that a living registration or an active organisation holds."""
    errors = {}
    others = UnitRegistration.objects.holding().exclude(pk=own.pk if own is not None else 0)
    units = Organisation.objects.units().exclude(pk=own.organisation_id if own is not None else 0)
    if others.filter(organisation__code=facts.uscc).exists() or units.active().filter(code=facts.uscc).exists():
        errors["uscc"] = _("This unified social credit code is registered already. Ask the contact of the employer.")
    if others.filter(organisation__name=facts.name).exists() or units.active().filter(name=facts.name).exists():
        errors["unit_name"] = _("An employer of this name is registered already. Compare the name with the licence.")
    return errors


def write_organisation(facts: UnitFacts, organisation: Organisation | None = None) -> Organisation:
    """An organisation outlives its registrations: one that expired is taken up again by its credit code."""
    former = Organisation.objects.units().filter(code=facts.uscc).first()
    unit = organisation or former or Organisation(kind=OrganisationKind.UNIT, active=False)
    unit.code, unit.name, unit.region_id, unit.parent = facts.uscc, facts.name, facts.region_id, facts.supervisor
    unit.save()
    UnitProfile.objects.update_or_create(organisation=unit, defaults=facts.profile)
    return unit


def change_unit_registration(registration: UnitRegistration, facts: UnitFacts, *, account: AccountFacts) -> Case:
    """The form saved again while it is open. Raises Taken; the user name never changes."""
    try:
        return _change(registration, facts, account)
    except IntegrityError as error:
        user = registration.case.applicant
        taken = find_taken(number=account.number, user=user, for_unit=True)
        raise Taken(taken | unit_conflicts(facts, registration)) from error


@transaction.atomic
def _change(registration: UnitRegistration, facts: UnitFacts, account: AccountFacts) -> Case:
    case = lock_case(registration.case)
    if not case.is_editable:
        raise Taken({"": _("The registration can no longer be changed: it is “%s”.") % case.status})
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=registration.organisation_id)
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=case.applicant_id)
    # The phone has a way of its own, on which it is proved; it may have changed since the form was opened.
    errors = find_taken(number=account.number, phone=user.phone, user=user, for_unit=True)
    if errors := errors | unit_conflicts(facts, registration):
        raise Taken(errors)
    user.name, user.email = account.name, account.email
    user.save(update_fields=["name", "email"])
    claim_identifiers(user, number=account.number, phone=user.phone)
    UnitRegistration.objects.filter(pk=registration.pk).update(contact_number=account.number)
    move_case(case, write_organisation(facts, registration.organisation))
    return case


@transaction.atomic
def update_unit(organisation: Organisation, **details: object) -> UnitProfile:
    """单位信息管理: name, credit code and 主管部门 are not among the details that may change freely."""
    profile = UnitProfile.objects.select_for_update(of=("self",)).get(organisation=organisation)
    for name, value in details.items():
        setattr(profile, name, value)
    profile.save(update_fields=list(details))
    return profile
