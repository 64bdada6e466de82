"""单位用户管理: a unit's administrator opens, changes, stops and starts the accounts of colleagues."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import AccountDeed, LinkPurpose, RealNameLevel, UserKind
from accounts.grants import pass_on_grants
from accounts.models import AccountEvent, OneTimeLink, UnitUser, User
from accounts.services.account_log import note_deed
from accounts.services.accounts import Taken, claim_identifiers, find_taken
from accounts.services.closing import administrators, open_again, shut
from accounts.services.one_time_links import send_link
from accounts.services.real_name import REVIEW, raise_level
from accounts.services.unit_notices import USER_CHANGED, USER_STARTED, USER_STOPPED, tell
from accounts.unit_people import number_of, users_of
from workflow import clock
from workflow.actors import Actor
from workflow.enums import OrganisationKind, Role
from workflow.models import Duty, Organisation

LinkOf = Callable[[str], str]


class ManageRefused(Exception):
    """The message says why it may not be done now."""


@dataclass(frozen=True, slots=True)
class UserFacts:
    """``phone``, ``email`` and ``number``: empty where they stay as they are."""

    name: str
    roles: Collection[str]
    phone: str = ""
    email: str = ""
    number: str = ""


def open_unit_user(facts: UserFacts, *, username: str, by: Actor, link_of: LinkOf) -> User:
    """【新增】: the colleague gets a link and chooses the password. Raises Taken, LinkRefused or ManageRefused."""
    try:
        return _open(facts, username, by, link_of)
    except IntegrityError as error:
        raise Taken(_conflicts(facts, username)) from error


@transaction.atomic
def _open(facts: UserFacts, username: str, by: Actor, link_of: LinkOf) -> User:
    unit = _lock_unit(by)
    if errors := _conflicts(facts, username):
        raise Taken(errors)
    user = User.objects.create(
        username=username,
        password=make_password(None),
        name=facts.name,
        phone=facts.phone,
        email=facts.email,
        kind=UserKind.UNIT,
        is_approved=True,
    )
    claim_identifiers(user, number=facts.number, phone=facts.phone)
    assert by.user_id is not None
    UnitUser.objects.create(
        user=user, organisation=unit, number=facts.number, opened_by_id=by.user_id, opened_at=clock.now()
    )
    _give_roles(user, unit, facts.roles)
    pass_on_grants(_person(by), user)
    # The unit was checked; whoever acts for it stands where its administrator stands, and never above 中级.
    level = getattr(by.user, "real_name_level", RealNameLevel.BASIC)
    level = RealNameLevel(min(max(level, RealNameLevel.BASIC), RealNameLevel.MIDDLE))
    raise_level([user], level=level, verifier=REVIEW, officer=by.user_id, reason="由单位管理员开通")
    note_deed(user, AccountDeed.OPENED, by=by, note=roles_text(facts.roles))
    send_link(user, purpose=LinkPurpose.INVITATION, link_of=link_of, by=_person(by))
    return user


def _conflicts(facts: UserFacts, username: str) -> dict[str, str]:
    errors = find_taken(number=facts.number, phone=facts.phone)
    if User.objects.filter(username=username).exists():
        errors["username"] = _("This user name exists already. Choose another one.")
    return errors


def change_unit_user(user: User, facts: UserFacts, *, by: Actor) -> User:
    """【修改】. Raises Taken or ManageRefused."""
    try:
        return _change(user, facts, by)
    except IntegrityError as error:
        raise Taken(find_taken(number=facts.number, phone=facts.phone, user=user)) from error


@transaction.atomic
def _change(user: User, facts: UserFacts, by: Actor) -> User:
    unit = _lock_unit(by)
    user = _lock_user(user, unit)
    before = user.name, own_roles(user, unit)
    _check_not_for_oneself(user, unit, facts.roles, by)
    if Role.MANAGER in before[1] and Role.MANAGER not in facts.roles:
        _keep_a_manager(unit, user)
    phone = facts.phone if not was_used(user) and facts.phone else user.phone
    number = facts.number if may_set_number(user) else ""
    if errors := find_taken(number=number, phone=phone, user=user):
        raise Taken(errors)
    user.name, user.phone = facts.name, phone
    user.email = facts.email if not was_used(user) and facts.email else user.email
    user.save(update_fields=["name", "phone", "email"])
    if number:
        UnitUser.objects.update_or_create(
            user=user,
            defaults={"number": number},
            create_defaults={"organisation": unit, "number": number, "opened_by": user, "opened_at": user.date_joined},
        )
    if user.is_active:
        claim_identifiers(user, number=number or number_of(user), phone=phone)
    _give_roles(user, unit, facts.roles)
    note_deed(user, AccountDeed.CHANGED, by=by, note=_differences(before, replace(facts, number=number)))
    tell(user, USER_CHANGED)
    return user


@translation.override(settings.LANGUAGE_CODE)
def _differences(before: tuple[str, Collection[str]], facts: UserFacts) -> str:
    name, roles = before
    parts = [f"姓名：{name} → {facts.name}"] if name != facts.name else []
    if set(roles) != set(facts.roles):
        parts.append(f"角色：{roles_text(roles)} → {roles_text(facts.roles)}")
    parts += ["证件号码已更正"] if facts.number else []
    return "；".join(parts)


@translation.override(settings.LANGUAGE_CODE)
def roles_text(roles: Collection[str]) -> str:
    return "、".join(str(role.label) for role in Role if role in roles)


@transaction.atomic
def send_new_password(user: User, *, by: Actor, link_of: LinkOf) -> OneTimeLink:
    """【重置密码】. Raises LinkRefused or ManageRefused."""
    user = _lock_user(user, _lock_unit(by))
    purpose = LinkPurpose.PASSWORD if was_used(user) else LinkPurpose.INVITATION
    link = send_link(user, purpose=purpose, link_of=link_of, by=_person(by))
    note_deed(user, AccountDeed.LINK, by=by, note=link.target_masked)
    return link


@transaction.atomic
def stop_unit_user(user: User, *, by: Actor) -> User:
    """【停用】. Raises ManageRefused."""
    unit = _lock_unit(by)
    user = _lock_user(user, unit)
    if user.pk == by.user_id:
        raise ManageRefused(_("Nobody stops their own account. Ask another administrator of the employer."))
    if not user.is_active:
        raise ManageRefused(_("This account is stopped already."))
    if Role.MANAGER in own_roles(user, unit):
        _keep_a_manager(unit, user)
    phone = user.phone
    shut(user)
    note_deed(user, AccountDeed.STOPPED, by=by)
    tell(user, USER_STOPPED, phone=phone)
    return user


@transaction.atomic
def start_unit_user(user: User, *, by: Actor) -> User:
    """【启用】. Raises Taken or ManageRefused."""
    user = _lock_user(user, _lock_unit(by))
    if user.is_active:
        raise ManageRefused(_("This account is active already."))
    if not was_stopped_by(user, by):
        raise ManageRefused(_("This account was not stopped by the employer: the employer cannot start it again."))
    open_again(user, number=number_of(user))
    note_deed(user, AccountDeed.STARTED, by=by)
    tell(user, USER_STARTED)
    return user


def was_stopped_by(user: User, by: Actor) -> bool:
    """What an administrator of the portal has stopped, or its owner has closed, is not the unit's to start."""
    last = AccountEvent.objects.of(user.pk).filter(deed__in=[AccountDeed.STOPPED, AccountDeed.STARTED]).first()
    return last is not None and last.deed == AccountDeed.STOPPED and last.organisation_id == by.organisation_id


def may_set_number(user: User) -> bool:
    """Whoever has another's number enters as they do by the identity service: it stays as it was first used."""
    return not was_used(user) or not number_of(user)


def was_used(user: User) -> bool:
    """Its owner has been there: phone and mailbox are theirs alone to change."""
    return user.password_changed_at is not None or user.last_login is not None or user.has_usable_password()


def _lock_unit(by: Actor) -> Organisation:
    """One administrator after the other: none of them stops a second one who stops them. Raises ManageRefused."""
    unit = Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=by.organisation_id or 0)
    if unit.kind != OrganisationKind.UNIT or not _managers(unit).filter(user=by.user_id).exists():
        raise ManageRefused(_("You are no longer an administrator of this employer."))
    return unit


def _managers(unit: Organisation) -> QuerySet[Duty]:
    return Duty.objects.on(clock.today()).filter(organisation=unit, role=Role.MANAGER, user__is_active=True)


def _keep_a_manager(unit: Organisation, user: User) -> None:
    """A stand-in is none: that duty ends with the seat."""
    if not administrators().filter(organisation=unit).exclude(user=user).exists():
        raise ManageRefused(_("Nobody else keeps the users of this employer. Make somebody else administrator first."))


def _check_not_for_oneself(user: User, unit: Organisation, roles: Collection[str], by: Actor) -> None:
    """Who keeps the administrator's seat for a while does not stay in it."""
    is_stand_in = not administrators().filter(organisation=unit, user=by.user_id).exists()
    if user.pk == by.user_id and is_stand_in and set(roles) - own_roles(user, unit):
        raise ManageRefused(
            _("You stand in for the administrator of the employer: the administrator alone gives you a role.")
        )


def _check_no_seat_begins(user: User, unit: Organisation, roles: Collection[str]) -> None:
    """One duty of a role begins on a day."""
    seats = Duty.objects.filter(user=user, organisation=unit, role__in=roles, starts_on=clock.today())
    if (seat := seats.first()) is not None:
        raise ManageRefused(
            _("%(name)s stands in as “%(role)s” from today on: this role itself can be given from tomorrow on.")
            % {"name": user, "role": seat.get_role_display()}
        )


def _lock_user(user: User, unit: Organisation) -> User:
    """Raises ManageRefused for an account of somebody else's."""
    found = User.objects.select_for_update(of=("self",)).filter(pk=user.pk, pk__in=users_of(unit).values("pk")).first()
    if found is None:
        raise ManageRefused(_("This account does not belong to the employer."))
    return found


def _open_duties(user: User, unit: Organisation) -> QuerySet[Duty]:
    last = Q(ends_on=None) | Q(ends_on__gte=clock.today())
    return Duty.objects.filter(last, user=user, organisation=unit, stands_in_for=None)


def own_roles(user: User, unit: Organisation) -> set[str]:
    """Those that the administrator has given; a seat that somebody keeps for a while is none."""
    return set(_open_duties(user, unit).values_list("role", flat=True))


def _give_roles(user: User, unit: Organisation, roles: Collection[str]) -> None:
    """Duties that are no longer wanted end yesterday; those of today alone were never anything."""
    today = clock.today()
    unwanted = _open_duties(user, unit).exclude(role__in=roles)
    unwanted.filter(starts_on__gte=today).delete()
    unwanted.update(ends_on=today - timedelta(days=1))
    held = own_roles(user, unit)
    _check_no_seat_begins(user, unit, set(roles) - held)
    Duty.objects.bulk_create(
        Duty(user=user, organisation=unit, role=role, starts_on=today) for role in roles if role not in held
    )


def _person(by: Actor) -> User:
    assert isinstance(by.user, User)
    return by.user
