"""Signing in as people do, with an app that shows codes."""

import time
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts import second_factor
from accounts.models import User
from tests.accounts.factories import PASSWORD
from tests.accounts.filling import CAPTCHA

ENTRIES = {"person": "/sign-in/person/", "unit": "/sign-in/unit/", "officer": "/sign-in/officer/"}
SECOND = "/sign-in/code-of-the-app/"


def sign_in(client: Client, user: User, *, entry: str = "", password: str = PASSWORD, **data: str) -> Any:
    form = {"username": user.username, "password": password} | CAPTCHA | data
    return client.post(ENTRIES[entry or user.kind], form)


def add_app(user: User) -> str:
    """The account gets a second factor; answers its secret."""
    secret = generate_totp_secret()
    second_factor.set_up(user, secret=secret, counter=-1)
    del user.second_factor
    return secret


def code(secret: str, *, ahead: int = 0) -> str:
    """What the app shows; ``ahead`` half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def spare_codes(user: User) -> list[str]:
    row = Authenticator.objects.get(user=user, type="recovery_codes")
    return row.wrap().generate_codes()


def decrypted(text: str) -> str:
    return get_adapter().decrypt(text)
