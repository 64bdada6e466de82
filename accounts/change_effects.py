"""What the decision about a change does. Sets in, a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.delivery import Told, renders
from accounts.enums import AccountDeed, IdentifierKind, RealNameLevel, UserKind
from accounts.hashes import identifier_keys
from accounts.models import Identifier, Person, UnitChange, UnitProfile, UnitTransfer, User
from accounts.services.account_log import note_deeds
from accounts.services.lock_order import lock_persons
from accounts.services.real_name import REVIEW, drop_level, raise_level
from accounts.services.stated_claims import lock_users, yield_claims
from accounts.services.unit_changes import taken_meanwhile
from workflow import clock
from workflow.models import Case, Duty, Organisation, OutboxMessage
from workflow.registry import ActContext, Closed, Move, effect, gate


def _keys(moves: Sequence[Move]) -> list[int]:
    return [move.case.pk for move in moves]


@gate("accounts.unit_change_free")
def unit_change_free(cases: Sequence[Case]) -> Closed:
    """Nobody else has registered the name or the code meanwhile, and no other change waits for the same."""
    changes = list(UnitChange.objects.filter(case__in=cases).order_by("case"))
    closed: Closed = dict(taken_meanwhile(changes))
    seen: set[str] = set()
    for change in changes:
        if {change.uscc, change.name} & seen:
            closed.setdefault(change.pk, _("Two of these changes want the same name or credit code."))
        seen |= {change.uscc, change.name}
    return closed


@effect("accounts.apply_unit_change", irreversible=True)
def apply_unit_change(moves: Sequence[Move], context: ActContext) -> None:
    """The unit has its new name, code and 主管部门; cases that are on their way stay where they are."""
    changes = list(UnitChange.objects.filter(case__in=_keys(moves)).select_related("organisation"))
    units, profiles = [], []
    for change in changes:
        unit = change.organisation
        unit.name, unit.code = change.name, change.uscc
        unit.region_id, unit.parent_id = change.region_id, change.supervisor_id
        units.append(unit)
        profiles.append(UnitProfile(organisation=unit, uscc=change.uscc))
    Organisation.objects.bulk_update(units, ["name", "code", "region", "parent"])
    UnitProfile.objects.bulk_update(profiles, ["uscc"])
    UnitChange.objects.filter(case__in=_keys(moves)).update(is_open=False)
    _check_names_again([change for change in changes if change.is_renamed], context)


def _check_names_again(renamed: Sequence[UnitChange], context: ActContext) -> None:
    """What was checked is another name now: the level falls, and the papers of this review raise it to 中级."""
    today = clock.local_date(context.at)
    units = [change.organisation_id for change in renamed]
    acting = Duty.objects.on(today).filter(organisation__in=units, user__kind=UserKind.UNIT)
    keys = sorted(set(acting.values_list("user", flat=True)))
    # Everybody in the order of the keys: whoever merely states a new code gives it up below.
    yielding = Identifier.objects.filter(kind=IdentifierKind.CREDIT_CODE, hash__in=[_key(c.uscc) for c in renamed])
    lock_users([*keys, *yielding.values_list("user", flat=True)])
    drop_level(keys, reason="单位名称或统一社会信用代码变更", officer=context.actor.user_id)
    raise_level(
        keys, level=RealNameLevel.MIDDLE, verifier=REVIEW, officer=context.actor.user_id, reason="单位变更审核通过"
    )
    _renew_codes(renamed)


def _renew_codes(renamed: Sequence[UnitChange]) -> None:
    """Of all users of the units, of those too who act for them no more or not yet."""
    new = {_key(change.old_uscc): change.uscc for change in renamed if change.old_uscc != change.uscc}
    stated = Identifier.objects.filter(kind=IdentifierKind.CREDIT_CODE, hash__in=[_key(code) for code in new.values()])
    if stated.exists():
        for code in sorted(new.values()):
            yield_claims(uscc=code)
    users = Duty.objects.filter(organisation__in=[change.organisation_id for change in renamed]).values("user")
    held = list(Identifier.objects.filter(kind=IdentifierKind.CREDIT_CODE, hash__in=new, user__in=users))
    for identifier in held:
        identifier.hash = _key(new[identifier.hash])
    Identifier.objects.bulk_update(held, ["hash"])


def _key(uscc: str) -> str:
    return identifier_keys(uscc=uscc)[IdentifierKind.CREDIT_CODE]


@effect("accounts.end_unit_change")
def end_unit_change(moves: Sequence[Move], context: ActContext) -> None:
    UnitChange.objects.filter(case__in=_keys(moves)).update(is_open=False)


@gate("accounts.transfer_possible")
def transfer_possible(cases: Sequence[Case]) -> Closed:
    users = dict(User.objects.filter(pk__in=[case.applicant_id for case in cases]).values_list("pk", "is_active"))
    reason = _("The account of this person is closed.")
    return {case.pk: reason for case in cases if not users.get(case.applicant_id)}


@effect("accounts.apply_transfer", irreversible=True)
def apply_transfer(moves: Sequence[Move], context: ActContext) -> None:
    """The person belongs to the new unit, and the old one is told."""
    found = UnitTransfer.objects.filter(case__in=_keys(moves)).select_related("person", "unit", "old_unit", "case")
    lock_persons(found.values_list("person", flat=True))
    transfers = list(found.order_by("case"))
    for transfer in transfers:
        if transfer.person.unit_id is not None and transfer.person.unit_id != transfer.unit_id:
            context.messages.append(
                {
                    "kind": "unit.member_left",
                    "organisation_id": transfer.person.unit_id,
                    "context": {"name": transfer.person.name, "unit": transfer.unit.name},
                }
            )
        transfer.person.unit_id = transfer.unit_id
    Person.objects.bulk_update([transfer.person for transfer in transfers], ["unit"])
    UnitTransfer.objects.filter(case__in=_keys(moves)).update(is_open=False)
    notes = [(t.case.applicant_id, f"{t.old_unit or '（无）'} → {t.unit}") for t in transfers]
    note_deeds(notes, AccountDeed.JOINED, by=context.actor)


@effect("accounts.end_transfer")
def end_transfer(moves: Sequence[Move], context: ActContext) -> None:
    UnitTransfer.objects.filter(case__in=_keys(moves)).update(is_open=False)


@renders("unit.member_left")
def member_left(message: OutboxMessage) -> Told:
    return Told(message.kind, {"name": message.context["name"], "unit": message.context["unit"]})
