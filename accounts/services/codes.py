"""Codes by text message: bound to a phone, a purpose and a browser; every limit is counted in the database."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import CodePurpose
from accounts.hashes import phone_key
from accounts.models import CodeGate, SmsCode, User
from accounts.services.texts import queue_text
from accounts.sms import gateway
from workflow import clock
from workflow.encryption import keyed_hash
from workflow.timers import register_timer
from workflow.worker_wake import wake_workers

DIGITS = 6
PAUSE = timedelta(seconds=60)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_PHONE = ((HOUR, 5), (DAY, 10))
# Whoever types a code after its five minutes, but within this time, is sent a new one.
REMEMBERED = timedelta(hours=2)
KEPT = timedelta(days=2)
# Codes to whichever phone somebody types: each kind has a ceiling of its own for the day, and says so.
SHARED_OUT = {
    CodePurpose.REGISTER: gettext_lazy("No more codes for registrations can be sent today. Try again tomorrow."),
    CodePurpose.NEW_PHONE: gettext_lazy("No more codes for new mobile numbers can be sent today. Try again tomorrow."),
}
PURGED_AT_ONCE = 500


class CodeRefused(Exception):
    """The code is wrong, dead, or not to be sent now: the message says what to do."""


class CodeWrong(CodeRefused):
    """Counted against a living code of this browser."""


class CodeExpired(CodeRefused):
    """The right code, too late."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """``browser``: the random value that the session keeps; ``address``: where the request came from."""

    browser: str
    address: str


def network_key(address: str) -> str:
    """One household has a whole /64 of IPv6 addresses: it counts as one."""
    try:
        found = ip_address(address)
    except ValueError:
        return keyed_hash("address", address)
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return keyed_hash("address", str(mapped) if mapped else str(int(found) >> 64))
    return keyed_hash("address", str(found))


def needs_picture(address: str) -> bool:
    """The first few codes of an hour come without a puzzle; afterwards the address must copy a picture code.

    So must all addresses when all together have asked for many: whoever has many addresses shares this number.
    """
    sent = SmsCode.objects.sent_after(clock.machine_now() - HOUR)
    if sent.from_address(network_key(address)).count() >= int(settings.SMS_CODES_WITHOUT_PICTURE):
        return True
    return sent.count() >= int(settings.SMS_CODES_OF_SITE_WITHOUT_PICTURE)


@transaction.atomic
def send_code(
    phone: str, purpose: CodePurpose, *, visitor: Visitor, user: User | None = None, known: bool = True
) -> SmsCode:
    """Raises CodeRefused where it is too early, or nothing can be sent at all.

    For a phone that is not known everything is done but the sending.
    """
    if gateway() is None:
        raise CodeRefused(
            _("This portal sends no text messages. Come to the service counter with the document of your identity.")
        )
    now = clock.machine_now()
    keys = phone_key(phone), network_key(visitor.address)
    pass_gates(keys, now)
    check_limits(*keys, now)
    if purpose in SHARED_OUT:
        check_share(purpose, now)
    SmsCode.objects.void_older(keys[0], purpose, now)
    row, code = write_code(phone, purpose, visitor=visitor)
    with transaction.atomic():
        minutes = str(SmsCode.LIFETIME // timedelta(minutes=1))
        params = {"code": code, "minutes": minutes, "purpose": str(purpose.label)}
        queue_text(phone=phone, template="code", params=params, user=user)
        if not known:
            # The same work, and then no message: neither the answer nor its time tells whose phone it is.
            transaction.set_rollback(True)
    if not known:
        transaction.on_commit(wake_workers)
    return row


def pass_gates(keys: tuple[str, ...], now: datetime) -> None:
    """Hold the rows of this phone and address until the transaction ends, made first where they are missing."""
    gates = [CodeGate(key=key, touched_at=now) for key in sorted(keys)]
    CodeGate.objects.bulk_create(gates, update_conflicts=True, unique_fields=["key"], update_fields=["touched_at"])


def check_limits(phone_hash: str, address_hash: str, now: datetime) -> None:
    to_phone = list(
        SmsCode.objects.to_phone(phone_hash).sent_after(now - DAY).order_by("sent_at").values_list("sent_at", flat=True)
    )
    from_address = list(
        SmsCode.objects.from_address(address_hash)
        .sent_after(now - DAY)
        .order_by("sent_at")
        .values_list("sent_at", flat=True)
    )
    per_address = ((HOUR, settings.SMS_CODES_PER_ADDRESS_HOUR), (DAY, settings.SMS_CODES_PER_ADDRESS_DAY))
    waits = [_wait(to_phone, PAUSE, 1, now), *(_wait(to_phone, *limit, now) for limit in PER_PHONE)]
    waits += [_wait(from_address, *limit, now) for limit in per_address]
    if (longest := max(waits)) > timedelta(0):
        raise CodeRefused(
            _("Codes were asked for too often. Wait %(time)s, then ask again.") % {"time": words(longest)}
        )


def check_share(purpose: CodePurpose, now: datetime) -> None:
    """What goes to any phone must not use up what sign-in and recovery need."""
    of_day = SmsCode.objects.sent_after(now - DAY).filter(purpose=purpose)
    if of_day.count() >= settings.SMS_CODES_OF_REGISTRATION_DAY:
        raise CodeRefused(str(SHARED_OUT[purpose]))


def _wait(sent: list[datetime], period: timedelta, allowed: int, now: datetime) -> timedelta:
    """How long until fewer than ``allowed`` of these (oldest first) lie within the period."""
    within = [moment for moment in sent if moment > now - period]
    return within[-allowed] + period - now if len(within) >= allowed else timedelta(0)


def words(time: timedelta) -> str:
    """Rounded up: whoever waits as told does not come too early."""
    seconds = -(-time // timedelta(seconds=1))
    if seconds < 2 * 60:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    minutes = -(-seconds // 60)
    if minutes < 2 * 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = -(-minutes // 60)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def write_code(phone: str, purpose: CodePurpose, *, visitor: Visitor) -> tuple[SmsCode, str]:
    """The row and the six digits, which nothing else keeps."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    phone_hash, browser_hash = phone_key(phone), keyed_hash("browser", visitor.browser)
    row = SmsCode.objects.create(
        purpose=purpose,
        phone_hash=phone_hash,
        browser_hash=browser_hash,
        address_hash=network_key(visitor.address),
        digest=_digest(purpose, phone_hash, browser_hash, code),
        sent_at=clock.machine_now(),
    )
    return row, code


def _digest(purpose: str, phone_hash: str, browser_hash: str, code: str) -> str:
    return keyed_hash("sms_code", "\0".join((purpose, phone_hash, browser_hash, code)))


def check_code(phone: str, purpose: CodePurpose, code: str, *, visitor: Visitor) -> SmsCode:
    """The code that ``using`` may then use. Raises CodeRefused; a wrong one has been counted by then."""
    row, refusal = _judge(phone, purpose, code, visitor)
    if row is None:
        raise refusal
    if row.expires_at <= clock.machine_now():
        raise CodeExpired(_("The code has expired."))
    return row


@transaction.atomic
def _judge(phone: str, purpose: CodePurpose, code: str, visitor: Visitor) -> tuple[SmsCode | None, CodeRefused]:
    """(row of the right code, or why not). It commits by itself: the refusal that follows keeps the count."""
    phone_hash, browser_hash = phone_key(phone), keyed_hash("browser", visitor.browser)
    digest = _digest(purpose, phone_hash, browser_hash, code)
    found = SmsCode.objects.open().to_phone(phone_hash).sent_after(clock.machine_now() - REMEMBERED)
    row = found.filter(purpose=purpose, browser_hash=browser_hash).select_for_update().order_by("sent_at").last()
    wrong = _("The code is wrong. Type the code of the latest text message.")
    dead = _("A wrong code was typed too often. Ask for a new code.")
    if row is None:
        return None, CodeRefused(wrong)
    if row.tries >= SmsCode.TRIES:
        return None, CodeRefused(dead)
    if compare_digest(digest, row.digest):
        return row, CodeRefused()
    row.tries += 1
    row.save(update_fields=["tries"])
    return None, CodeWrong(wrong if row.tries < SmsCode.TRIES else dead)


@contextmanager
def using(*rows: SmsCode | None) -> Iterator[None]:
    """What the codes were for happens in this transaction, or they stay unused. Raises CodeRefused."""
    with transaction.atomic():
        now = clock.machine_now()
        still_good = SmsCode.objects.open().filter(tries__lt=SmsCode.TRIES).sent_after(now - SmsCode.LIFETIME)
        for row in filter(None, rows):
            if not still_good.filter(pk=row.pk).update(used_at=now):
                raise CodeRefused(_("This code was used already. Ask for a new code."))
        yield


@transaction.atomic
def count_answer(row: SmsCode) -> None:
    """A proved phone was told of a conflict: with one code nobody asks more than five times whose number it is."""
    fresh = SmsCode.objects.select_for_update().get(pk=row.pk)
    fresh.tries += 1
    fresh.save(update_fields=["tries"])


@register_timer
def purge_codes() -> int:
    """What no limit counts any more is forgotten, and with it who asked from where."""
    old = clock.machine_now() - KEPT
    codes = list(SmsCode.objects.filter(sent_at__lt=old).values_list("pk", flat=True)[:PURGED_AT_ONCE])
    gates = list(CodeGate.objects.filter(touched_at__lt=old).values_list("pk", flat=True)[:PURGED_AT_ONCE])
    SmsCode.objects.filter(pk__in=codes).delete()
    CodeGate.objects.filter(pk__in=gates, touched_at__lt=old).delete()
    return len(codes) + len(gates)
