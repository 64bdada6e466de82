"""信息维护 → 账号管理: what a unit does to the accounts of those who work for it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import AccountDeed, LinkPurpose, UserKind
from accounts.models import AccountEvent, OneTimeLink, Person, User
from accounts.services.account_log import note_deed
from accounts.services.closing import open_again, reasons_against_closing, shut
from accounts.services.one_time_links import send_link
from accounts.services.real_name import drop_level
from accounts.services.sensitive import note_look
from accounts.services.unit_notices import MEMBER_CHANGED, MEMBER_CLOSED, MEMBER_REOPENED, tell
from accounts.unit_people import case_of_member, may_keep
from workflow.actors import Actor
from workflow.codelists import ETHNIC, POLITICAL
from workflow.models import Case

FIELDS = ("number", "phone")


class MemberRefused(Exception):
    """The message says why it may not be done now."""


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What a unit may correct. Neither number nor phone: another number is another person, and a phone is proved."""

    name: str
    email: str
    ethnic: str
    political: str
    household_id: str | None


@transaction.atomic
def change_member(user: User, facts: MemberFacts, *, by: Actor) -> User:
    """【修改】. Another name is a name that nobody has checked: the real-name level drops. Raises MemberRefused."""
    user, person = _lock(user, by)
    note = _differences(person, facts)
    if not note:
        return user
    was_renamed = person.name != facts.name
    for column, value in asdict(facts).items():
        setattr(person, column, value)
    person.save(update_fields=list(asdict(facts)))
    user.name, user.email = facts.name, facts.email
    user.save(update_fields=["name", "email"])
    if was_renamed:
        drop_level([user], reason="姓名由所在单位修改", officer=by.user_id)
    note_deed(user, AccountDeed.CHANGED, by=by, note=note)
    tell(user, MEMBER_CHANGED)
    return user


@translation.override(settings.LANGUAGE_CODE)
def _differences(person: Person, facts: MemberFacts) -> str:
    parts = [f"姓名：{person.name} → {facts.name}"] if person.name != facts.name else []
    parts += ["电子邮箱"] if person.email != facts.email else []
    if person.ethnic != facts.ethnic:
        parts.append(f"民族：{ETHNIC.label_zh(person.ethnic)} → {ETHNIC.label_zh(facts.ethnic)}")
    if person.political != facts.political:
        parts.append(f"政治面貌：{POLITICAL.label_zh(person.political)} → {POLITICAL.label_zh(facts.political)}")
    parts += ["户籍所在地"] if person.household_id != facts.household_id else []
    return "；".join(parts)


@transaction.atomic
def close_member(user: User, *, by: Actor, reason: str) -> User:
    """【注销】. Raises MemberRefused while a case waits for a decision or money is on its way."""
    user, _person = _lock(user, by)
    if not user.is_active:
        raise MemberRefused(_("This account is closed already."))
    if reasons := list(reasons_against_closing(user)):
        raise MemberRefused(" ".join(reasons))
    phone = user.phone
    shut(user)
    note_deed(user, AccountDeed.CLOSED, by=by, reason=reason)
    tell(user, MEMBER_CLOSED, phone=phone)
    return user


@transaction.atomic
def reopen_member(user: User, *, by: Actor, reason: str) -> User:
    """【撤销注销】. Raises MemberRefused, and Taken where a number belongs to somebody else by now."""
    user, person = _lock(user, by)
    if user.is_active:
        raise MemberRefused(_("This account is not closed."))
    if not was_closed_by(user, by):
        raise MemberRefused(_("This account was not closed by the employer: the employer cannot open it again."))
    open_again(user, number=person.number)
    note_deed(user, AccountDeed.REOPENED, by=by, reason=reason)
    tell(user, MEMBER_REOPENED)
    return user


def was_closed_by(user: User, by: Actor) -> bool:
    """What the owner, an office or time has closed is not the unit's to open."""
    return user.pk in closed_by([user], by)


def closed_by(users: Collection[User], by: Actor) -> set[int]:
    """Of these accounts, those that ``was_closed_by`` is true of; one statement."""
    deeds = AccountEvent.objects.filter(user__in=users, deed__in=[AccountDeed.CLOSED, AccountDeed.REOPENED])
    last = {deed.user_id: deed for deed in deeds.order_by("id")}
    return {
        user
        for user, deed in last.items()
        if deed.deed == AccountDeed.CLOSED and deed.organisation_id == by.organisation_id
    }


@transaction.atomic
def send_member_link(user: User, *, by: Actor, link_of: Callable[[str], str]) -> OneTimeLink:
    """【修改密码】: a link to the person's own phone, and to nothing else. Raises LinkRefused or MemberRefused."""
    user, _person = _lock(user, by)
    assert isinstance(by.user, User)
    link = send_link(user, purpose=LinkPurpose.PASSWORD, link_of=link_of, by=by.user, phone_only=True)
    note_deed(user, AccountDeed.LINK, by=by, note=link.target_masked)
    return link


@transaction.atomic
def look_at_member(user: User, field: str, *, by: Actor, reason: str) -> str:
    """The full number, after the look has been written down. Raises MemberRefused."""
    case = case_of_member(user)
    if case is not None:
        # What is written of the look names it.
        list(Case.objects.locked([case.pk]))
    user, person = _lock(user, by)
    if case is not None:
        note_look(case, by, field=field, reason=reason)
    note_deed(user, AccountDeed.LOOKED, by=by, note="手机号码" if field == "phone" else "证件号码", reason=reason)
    return user.phone if field == "phone" else person.number


def _lock(user: User, by: Actor) -> tuple[User, Person]:
    """The person first, as a submission does: what is submitted meanwhile is seen, or waits. Raises MemberRefused."""
    person = Person.objects.select_for_update(of=("self",), no_key=True).filter(pk=user.person_id or 0).first()
    if person is None or person.unit_id != by.organisation_id or not may_keep(by):
        raise MemberRefused(_("This person does not work for the employer any more."))
    locked = User.objects.select_for_update(of=("self",), no_key=True).filter(pk=user.pk, kind=UserKind.PERSON)
    return locked.get(person=person), person
