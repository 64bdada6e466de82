"""单位信息变更: name, credit code and 主管部门 of a unit change by a review; the unit works on meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.change_filing import unit_change_filing
from accounts.enums import IdentifierKind
from accounts.hashes import identifier_keys
from accounts.models import Identifier, UnitChange, UnitRegistration, User
from accounts.services.accounts import Taken
from accounts.services.registration import lock_case, open_case
from accounts.services.stated_claims import merely_stating
from accounts.unit_people import may_keep
from workflow.actors import Actor
from workflow.enums import Action, OrganisationKind
from workflow.models import Act, Case, Organisation
from workflow.services import Refused, perform_one

CASE_TYPE = "unit_change"


@dataclass(frozen=True, slots=True)
class UnitIdentity:
    name: str
    uscc: str
    region_id: str
    supervisor: Organisation


def open_change_of(unit: Organisation | None) -> UnitChange | None:
    """The change of this unit that is neither approved nor ended."""
    found = UnitChange.objects.filter(organisation=unit, is_open=True)
    return found.select_related("case", "organisation", "region", "supervisor", "old_region", "old_supervisor").first()


def save_unit_change(facts: UnitIdentity, *, by: Actor, token: uuid.UUID) -> UnitChange:
    """Begin a change, or save the open one again. Raises Taken or Refused."""
    try:
        return _save(facts, by, token)
    except IntegrityError as error:
        # Its other press, or a colleague's, was faster by a moment.
        if (first := open_change_of(by.organisation)) is not None:
            return first
        raise Taken(conflicts(by.organisation, facts)) from error


@transaction.atomic
def _save(facts: UnitIdentity, by: Actor, token: uuid.UUID) -> UnitChange:
    if not may_keep(by):
        raise Refused(_("Only handlers and administrators of the employer may change this."))
    known = open_change_of(by.organisation)
    if known is not None:
        lock_case(known.case)
    unit = Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=by.organisation_id or 0)
    if _is_same(unit, facts):
        raise Refused(_("Nothing differs from what is registered."))
    if errors := conflicts(unit, facts):
        raise Taken(errors)
    # Read anew under the locks.
    change = open_change_of(unit)
    if change is None:
        assert isinstance(by.user, User)
        case = open_case(CASE_TYPE, applicant=by.user, unit=unit, token=token)
        change = UnitChange(case=case, organisation=unit)
    elif change != known:
        # The other press, or a colleague's, was faster by a moment.
        return change
    elif not change.case.is_editable:
        raise Refused(_("A change is being reviewed already; wait for its result."))
    change.old_name, change.old_uscc = unit.name, unit.code
    change.old_region_id, change.old_supervisor = unit.region_id, unit.parent
    change.name, change.uscc = facts.name, facts.uscc
    change.region_id, change.supervisor = facts.region_id, facts.supervisor
    change.save()
    return change


def _is_same(unit: Organisation, facts: UnitIdentity) -> bool:
    now = unit.name, unit.code, unit.region_id, unit.parent_id
    return now == (facts.name, facts.uscc, facts.region_id, facts.supervisor.pk)


def conflicts(unit: Organisation | None, facts: UnitIdentity) -> dict[str, str]:
    """{field: message} where another unit, or a registration that is under way, has the code or the name."""
    return find_conflicts([(unit.pk if unit is not None else 0, facts.name, facts.uscc)])[0]


def find_conflicts(wanted: Sequence[tuple[int, str, str]]) -> list[dict[str, str]]:
    """For each (unit, name, code) what others have of it; three statements for any number."""
    names, codes = {name for _unit, name, _code in wanted}, {code for _unit, _name, code in wanted}
    keys = {code: identifier_keys(uscc=code)[IdentifierKind.CREDIT_CODE] for code in codes}
    units = Organisation.objects.filter(
        Q(code__in=codes) | Q(name__in=names, kind=OrganisationKind.UNIT, active=True)
    ).values_list("pk", "name", "code")
    registered = UnitRegistration.objects.holding().filter(
        Q(organisation__code__in=codes) | Q(organisation__name__in=names)
    )
    taken = {*units, *registered.values_list("organisation", "organisation__name", "organisation__code")}
    held = Identifier.objects.filter(kind=IdentifierKind.CREDIT_CODE, hash__in=keys.values())
    # What an account merely states keeps no employer from it whose papers an office looks at.
    held = held.exclude(user__in=merely_stating())
    holders = set(held.values_list("hash", "user__duties__organisation"))
    return [
        _conflicts(unit, name, code, taken, {by for key, by in holders if key == keys[code]})
        for unit, name, code in wanted
    ]


def _conflicts(
    unit: int, name: str, code: str, taken: set[tuple[int, str, str]], holders: set[int | None]
) -> dict[str, str]:
    errors = {}
    others = [(its_name, its_code) for pk, its_name, its_code in taken if pk != unit]
    if holders - {unit} or code in {its_code for _name, its_code in others}:
        errors["uscc"] = _("Another employer has this unified social credit code. Compare it with the licence.")
    if name in {its_name for its_name, _code in others}:
        errors["unit_name"] = _("An employer of this name is registered already. Compare the name with the licence.")
    return errors


@transaction.atomic
def submit_unit_change(change: UnitChange, by: Actor, *, token: uuid.UUID) -> Act:
    """【提交申请】: raises Refused with the reason, for instance a missing licence."""
    if first := Act.objects.filter(pk=token, action=Action.SUBMIT, actor=by.user_id, events__case=change.case).first():
        return first
    seen = change.case.revision
    case = lock_case(change.case)
    case.revision = seen
    return perform_one(Action.SUBMIT, case, by, token=token, filings={case.pk: unit_change_filing(change)})


def withdraw_change(case: Case, by: Actor) -> Act:
    """Ends the change; everything stays as it was. Raises Refused."""
    return perform_one(Action.WITHDRAW, case, by)


def taken_meanwhile(changes: Sequence[UnitChange]) -> dict[int, str]:
    """{case: reason} where somebody else has the code or the name by now."""
    found = find_conflicts([(change.organisation_id, change.name, change.uscc) for change in changes])
    return {change.pk: " ".join(errors.values()) for change, errors in zip(changes, found, strict=True) if errors}
