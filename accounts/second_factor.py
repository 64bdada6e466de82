"""Second factors: allauth keeps them; here their secrets are encrypted at rest and a code is good for one use."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import segno
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction

from accounts.enums import UserKind
from workflow.encryption import default_cipher

if TYPE_CHECKING:
    from accounts.models import User

CONTEXT = "mfa.authenticator.data"
Type = Authenticator.Type
FACTORS = (Type.TOTP, Type.WEBAUTHN)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        return base64.b64encode(default_cipher().encrypt(text.encode(), CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return default_cipher().decrypt(base64.b64decode(encrypted_text), CONTEXT).decode()

    def _get_user_identifier(self, user: User) -> str:
        return user.username


def qr_code(user: User, secret: str) -> str:
    """A picture for the app of the phone, as an address that needs no request."""
    address = SecondFactorAdapter().build_totp_url(user, secret)
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=2))


def has_second_factor(user: User) -> bool:
    """Read with the account on every page; asked again where an account comes from elsewhere."""
    known: bool | None = getattr(user, "second_factor", None)
    return known if known is not None else Authenticator.objects.filter(user=user).exists()


def is_compulsory(user: User) -> bool:
    is_officer = user.kind == UserKind.OFFICER or user.is_staff
    return is_officer and bool(settings.OFFICERS_NEED_SECOND_FACTOR)


def needs_second_factor(user: User) -> bool:
    return is_compulsory(user) and not has_second_factor(user)


def factors_of(user: User) -> list[Authenticator]:
    """The app first, then the passkeys; the recovery codes belong to whichever there are."""
    return list(Authenticator.objects.filter(user=user, type__in=FACTORS).order_by("type", "pk"))


def has_app(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Type.TOTP).exists())


def counter_of(secret: str, code: str, *, after: int = -1) -> int | None:
    """The half minute in which the app showed this code, if it lies after the one of the code used last."""
    for counter in yield_hotp_counters_from_time():
        if counter > after and compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return int(counter)
    return None


@transaction.atomic
def set_up(user: User, *, secret: str, counter: int) -> None:
    """In the place of an earlier app. The code that proved it is used up with it. Recovery codes come along."""
    Authenticator.objects.filter(user=user, type=Type.TOTP).delete()
    authenticator = TOTP.activate(user, secret).instance
    authenticator.data["counter"] = counter
    authenticator.save(update_fields=["data"])
    provide(user)


def provide(user: User) -> None:
    """Of an account that has just got a second factor."""
    RecoveryCodes.activate(user)
    user.second_factor = True  # type: ignore[attr-defined]


@transaction.atomic
def check_code(user: User, code: str) -> bool:
    """A code of the app, or one of the recovery codes; each once, for parallel requests too."""
    code = code.strip().replace(" ", "")
    held = {row.type: row for row in Authenticator.objects.select_for_update().filter(user=user).order_by("pk")}
    if len(code) == app_settings.TOTP_DIGITS:
        app = held.get(Type.TOTP)
        return app is not None and _use_app(app, code)
    spare = held.get(Type.RECOVERY_CODES)
    if spare is None or not RecoveryCodes(spare).validate_code(code):
        return False
    spare.refresh_from_db()
    spare.record_usage()
    return True


def _use_app(app: Authenticator, code: str) -> bool:
    counter = counter_of(decrypt(app.data["secret"]), code, after=app.data.get("counter", -1))
    if counter is None:
        return False
    app.data["counter"] = counter
    app.save(update_fields=["data"])
    app.record_usage()
    return True


class LastFactor(Exception):
    """The account must keep one."""


@transaction.atomic
def remove_one(user: User, pk: int) -> bool:
    """False where it is gone or not this account's. The recovery codes go with the last. Raises LastFactor."""
    held = list(Authenticator.objects.select_for_update().filter(user=user, type__in=FACTORS).order_by("pk"))
    if pk not in {factor.pk for factor in held}:
        return False
    if len(held) == 1:
        if is_compulsory(user):
            raise LastFactor
        return bool(remove(user))
    Authenticator.objects.filter(pk=pk).delete()
    return True


def remove(user: User) -> int:
    """Answers how many there were, recovery codes included."""
    user.second_factor = False  # type: ignore[attr-defined]
    return int(Authenticator.objects.filter(user=user).delete()[0])


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """New codes in the place of all earlier ones."""
    Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
    return recovery_codes(user) or []


@transaction.atomic
def recovery_codes(user: User) -> list[str] | None:
    """The codes, the first time that they are asked for; afterwards None."""
    if not Authenticator.objects.select_for_update().filter(user=user, type__in=FACTORS).exists():
        return None
    spare = RecoveryCodes.activate(user)
    if spare.did_view:
        return None
    spare.mark_as_viewed()
    codes: list[str] = spare.get_unused_codes()
    return codes


def spare_codes_left(user: User) -> int:
    held = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(held).get_unused_codes()) if held is not None else 0
