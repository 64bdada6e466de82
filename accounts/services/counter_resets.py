"""密码重置受理: one officer accepts the signed form, another one confirms it, and only then a notice may be printed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.counters import bureaus_of
from accounts.enums import CounterDeed, CounterSubject, IdentifierKind, ResetState, UserKind
from accounts.models import CounterReset, CounterSheet, Identifier, StatedUnit, User
from accounts.services.counter_identity import compare
from accounts.services.counter_log import CounterRefused, note_deed
from accounts.services.counter_scans import keep_scan
from accounts.services.limits import take
from accounts.services.phones import has_number, holds_number
from accounts.services.security_notices import tell_of_change
from workflow import clock
from workflow.actors import SYSTEM, Actor
from workflow.enums import OrganisationKind
from workflow.identifiers import normalise_code
from workflow.lookup_keys import identity_key
from workflow.models import Duty, Organisation
from workflow.timers import register_timer

RESET_ASKED = "counter_reset_asked"
# The second officer stands beside the first: what nobody confirms within the day is void.
LASTS = timedelta(hours=8)
PRINTED_WITHIN = timedelta(hours=8)
# Look-ups of one officer within an hour.
LOOKS, LOOK, HOUR = 60, "counter_look", 3600
SHOWN = 20
# 单位类型 of an employer and the kind of spec 6.2.
SUBJECTS = {"10": CounterSubject.GOVERNMENT, "20": CounterSubject.INSTITUTION} | dict.fromkeys(
    ("51", "52", "53"), CounterSubject.NON_PROFIT
)


@dataclass(frozen=True, slots=True)
class ResetFacts:
    """What the officer saw: who came, with which papers, and the signed form."""

    subject: CounterSubject
    agent: str
    document_kind: str
    number: str
    papers: tuple[str, ...]
    scan: File[bytes]
    # Why who came is not who is registered.
    ground: str = ""


def find_accounts(text: str, actor: Actor) -> list[User]:
    """By the whole user name, document number or credit code, and by nothing less. Raises CounterRefused."""
    if not take(LOOK, str(actor.user_id), tries=LOOKS, seconds=HOUR):
        raise CounterRefused(_("You have looked up too many accounts within the hour. Go on later."))
    assert actor.organisation is not None
    code = normalise_code(text)
    names = User.objects.filter(username=text.strip().lower())
    numbers = Identifier.objects.filter(kind=IdentifierKind.ID_NUMBER, hash=identity_key(code))
    agents = Duty.objects.on(clock.today()).filter(
        organisation__code=code, organisation__kind=OrganisationKind.UNIT, user__kind=UserKind.UNIT
    )
    stated = StatedUnit.objects.filter(uscc=code, user__person=None).exclude(uscc="")
    keys = {user.pk for user in names}
    keys |= {*numbers.values_list("user", flat=True), *agents.values_list("user", flat=True)[:SHOWN]}
    keys |= set(stated.values_list("user", flat=True)[:SHOWN])
    found = list(User.objects.filter(pk__in=keys).select_related("person").order_by("username")[:SHOWN])
    if len(found) == 1:
        check_reach(found[0], actor.organisation)
    return [user for user in found if not why_out_of_reach(user, actor.organisation)]


def check_reach(user: User, counter: Organisation) -> None:
    if reason := why_out_of_reach(user, counter):
        raise CounterRefused(reason)


def why_out_of_reach(user: User, counter: Organisation) -> str:
    """Why this counter may not give the account a new password; empty where it may."""
    if user.kind == UserKind.OFFICER or user.is_administrator:
        return _of_officers()
    if not user.is_active:
        return _("This account has been closed. A closed account gets no password.")
    units = [duty.organisation for duty in user.duties.select_related("organisation")]
    if any(unit.kind != OrganisationKind.UNIT for unit in units):
        return _of_officers()
    bureaus = set(bureaus_of(counter).values_list("pk", flat=True)) if units else set()
    if units and not any(unit.parent_id in bureaus for unit in units):
        return _("The employer belongs to %(bureau)s: it goes to the counter there.") % {"bureau": units[0].parent}
    return ""


def _of_officers() -> str:
    return _("Passwords of officers and administrators are set by the security administrator, never at a counter.")


def subject_of(user: User) -> CounterSubject:
    """The kind that is likely; for employers the officer may choose another one."""
    if user.kind == UserKind.PERSON:
        return CounterSubject.PERSON
    duty = user.duties.select_related("organisation__profile").order_by("pk").first()
    profile = getattr(duty.organisation, "profile", None) if duty is not None else None
    return SUBJECTS.get(profile.unit_kind if profile is not None else "", CounterSubject.ENTERPRISE)


def ask_reset(user: User, facts: ResetFacts, actor: Actor, *, token: uuid.UUID) -> CounterReset:
    """Raises CounterRefused, or ValidationError for the scan. The same token finds the first request."""
    try:
        return _ask(user, facts, actor, token)
    except IntegrityError as error:
        if first := CounterReset.objects.with_token(token):
            return first
        raise CounterRefused(_("A reset of this account waits already for its confirmation.")) from error


@transaction.atomic
def _ask(user: User, facts: ResetFacts, actor: Actor, token: uuid.UUID) -> CounterReset:
    if first := CounterReset.objects.with_token(token):
        return first
    assert actor.organisation is not None
    assert actor.user_id is not None
    check_reach(user, actor.organisation)
    if user.kind == UserKind.PERSON and has_number(user) and not holds_number(user, facts.number):
        raise CounterRefused(_("This is not the document with which the account was registered."))
    if actor.user_id == user.pk:
        raise CounterRefused(_("Nobody resets their own account at the counter."))
    if not facts.ground and compare(user, agent=facts.agent, number=facts.number).differs:
        raise CounterRefused(_("Who came is not who is registered for this account. State the ground."))
    _expire(CounterReset.objects.overdue(clock.machine_now()).filter(user=user))
    now = clock.machine_now()
    reset = CounterReset.objects.create(
        token=token,
        counter=actor.organisation,
        officer_id=actor.user_id,
        stood_in_for_id=actor.stands_in_for_id,
        subject=facts.subject,
        agent=facts.agent,
        document_kind=facts.document_kind,
        number=facts.number,
        papers=list(facts.papers),
        ground=facts.ground,
        at=now,
        user=user,
        closes_at=now + LASTS,
    )
    keep_scan(facts.scan, reset=reset)
    note_deed(actor, CounterDeed.ASKED, reset=reset)
    tell_of_change(user, RESET_ASKED, phone=user.phone)
    return reset


def why_not_confirmed_by(reset: CounterReset, actor: Actor) -> str:
    """Why this officer's eyes are not another pair; empty where they are."""
    hands = {reset.officer_id, reset.stood_in_for_id} - {None}
    if hands & {actor.user_id, actor.stands_in_for_id}:
        return _("You accepted this request, in your own seat or for somebody absent: another officer confirms it.")
    if reset.user_id in (actor.user_id, actor.stands_in_for_id):
        return _("Nobody resets their own account at the counter.")
    return ""


@transaction.atomic
def confirm_reset(reset: CounterReset, actor: Actor) -> CounterSheet:
    """Raises CounterRefused. The password stays as it is until the notice is printed."""
    reset = _lock_waiting(reset)
    if reason := why_not_confirmed_by(reset, actor):
        raise CounterRefused(reason)
    check_reach(reset.user, reset.counter)
    if not reset.ground and compare(reset.user, agent=reset.agent, number=reset.number).differs:
        raise CounterRefused(_("What is registered for this account has changed since. Accept the request anew."))
    _decide(reset, actor, ResetState.CONFIRMED)
    note_deed(actor, CounterDeed.CONFIRMED, reset=reset)
    until = clock.machine_now() + PRINTED_WITHIN
    return CounterSheet.objects.create(counter=reset.counter, user=reset.user, reset=reset, print_until=until)


@transaction.atomic
def end_reset(reset: CounterReset, actor: Actor, *, reason: str) -> CounterReset:
    """【撤销】 by who accepted it, 【不予受理】 by anybody else of the counter. Raises CounterRefused."""
    reset = _lock_waiting(reset)
    is_own = reset.officer_id == actor.user_id
    state, deed = (
        (ResetState.CANCELLED, CounterDeed.CANCELLED) if is_own else (ResetState.DECLINED, CounterDeed.DECLINED)
    )
    _decide(reset, actor, state, reason)
    note_deed(actor, deed, reset=reset)
    return reset


def _lock_waiting(reset: CounterReset) -> CounterReset:
    CounterReset.objects.select_for_update(of=("self",)).get(pk=reset.pk)
    reset = CounterReset.objects.whole().get(pk=reset.pk)
    if reset.state != ResetState.WAITING:
        raise CounterRefused(_("This request is “%(state)s” already.") % {"state": reset.get_state_display()})
    if clock.machine_now() >= reset.closes_at:
        raise CounterRefused(_("Nobody confirmed this request in time. Accept it anew."))
    return reset


def _decide(reset: CounterReset, actor: Actor, state: ResetState, reason: str = "") -> None:
    reset.state, reset.reason, reset.second_id = state, reason, actor.user_id
    reset.decided_at = clock.machine_now()
    reset.save(update_fields=["state", "reason", "second", "decided_at"])


@register_timer
def expire_resets() -> int:
    """What no second officer has confirmed in time."""
    return _expire(CounterReset.objects.overdue(clock.machine_now()))


@transaction.atomic
def _expire(overdue: QuerySet[CounterReset]) -> int:
    resets = list(overdue.select_for_update(of=("self",)).order_by("pk")[:100])
    for reset in resets:
        _decide(reset, SYSTEM, ResetState.EXPIRED)
        note_deed(SYSTEM, CounterDeed.EXPIRED, reset=reset, counter=reset.counter)
    return len(resets)
