"""Passkeys as a second factor: allauth keeps them; here each ceremony is good once, for one site and one use."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.services.limits import take
from workflow.encryption import keyed_hash

if TYPE_CHECKING:
    from accounts.models import User

# Key of the session: the ceremony that its browser may finish.
CEREMONY = "passkey_ceremony"
ADD, USE = "add", "use"
SECONDS = 600
MOST_OF_ONE = 10
PARTS = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")


class PasskeyRefused(Exception):
    """Forged, too late, of another site, used before, or unknown: which of these is nobody's business."""


def passkeys_of(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("pk"))


def begin_adding(request: HttpRequest, user: User) -> str:
    """What the browser is asked, as JSON; the passkeys that the account has are not made twice."""
    options, state = _site(request).register_begin(
        PublicKeyCredentialUserEntity(
            # No name or number: what the device keeps, others may read.
            id=keyed_hash("passkey_user", str(user.pk))[:32].encode(),
            name=user.username,
            display_name=str(user),
        ),
        _credentials(passkeys_of(user)),
        ResidentKeyRequirement.DISCOURAGED,
        UserVerificationRequirement.PREFERRED,
    )
    return _keep(request, user, ADD, dict(options), state)


def begin_use(request: HttpRequest, user: User) -> str:
    options, state = _site(request).authenticate_begin(
        _credentials(passkeys_of(user)), UserVerificationRequirement.PREFERRED
    )
    return _keep(request, user, USE, dict(options), state)


def accept(request: HttpRequest, user: User, answer: str) -> dict[str, Any]:
    """The new passkey, checked; ``add`` keeps it. Raises PasskeyRefused."""
    credential = _read(answer)
    state = _finish(request, user, ADD)
    found = _checked(lambda: _site(request).register_complete(state, credential))
    return {"credential": credential, "sign_count": found.counter}


def add(user: User, *, name: str, accepted: dict[str, Any]) -> Authenticator:
    passkey = WebAuthn.add(user, name, accepted["credential"]).instance
    passkey.data["sign_count"] = accepted["sign_count"]
    passkey.save(update_fields=["data"])
    return passkey


@transaction.atomic
def use(request: HttpRequest, user: User, answer: str) -> None:
    """The second step of signing in. Raises PasskeyRefused."""
    credential = _read(answer)
    state = _finish(request, user, USE)
    rows = Authenticator.objects.select_for_update().filter(user=user, type=Authenticator.Type.WEBAUTHN)
    held = {_credential(row).credential_id: row for row in rows.order_by("pk")}
    keys = [_credential(row) for row in held.values()]
    used = _checked(lambda: _site(request).authenticate_complete(state, keys, credential))
    response = AuthenticationResponse.from_dict(credential).response
    _count(held[used.credential_id], response.authenticator_data.counter)


def _count(passkey: Authenticator, counter: int) -> None:
    """A device that counts its signatures never counts back: two that share one key would."""
    if counter <= passkey.data.get("sign_count", 0) and (counter or passkey.data.get("sign_count")):
        raise PasskeyRefused
    passkey.data["sign_count"] = counter
    passkey.save(update_fields=["data"])
    passkey.record_usage()


def _site(request: HttpRequest) -> Fido2Server:
    """Bound to this very address, its port included; neighbours under the same domain are others."""
    host, origin = request.get_host(), f"{request.scheme}://{request.get_host()}"
    site = PublicKeyCredentialRpEntity(id=host.rpartition(":")[0] or host, name=settings.MFA_TOTP_ISSUER)
    return Fido2Server(site, verify_origin=lambda told: told == origin)


def _credential(passkey: Authenticator) -> AttestedCredentialData:
    found: AttestedCredentialData = passkey.wrap().authenticator_data.credential_data
    return found


def _credentials(passkeys: list[Authenticator]) -> list[AttestedCredentialData]:
    return [_credential(passkey) for passkey in passkeys]


def _keep(request: HttpRequest, user: User, use_for: str, options: dict[str, Any], state: dict[str, Any]) -> str:
    kept = {"challenge": state["challenge"], "user_verification": str(state["user_verification"].value)}
    request.session[CEREMONY] = {"for": use_for, "user": user.pk, "at": time.time(), "state": kept}
    return json.dumps(options)


def _finish(request: HttpRequest, user: User, use_for: str) -> dict[str, Any]:
    """Used up by the first answer, right or wrong; counted in the database, so by parallel ones too."""
    ceremony: dict[str, Any] = request.session.pop(CEREMONY, {})
    is_meant = (ceremony.get("for"), ceremony.get("user")) == (use_for, user.pk)
    if not is_meant or time.time() - ceremony["at"] > SECONDS:
        raise PasskeyRefused
    state: dict[str, Any] = ceremony["state"]
    if not take("passkey_challenge", state["challenge"], tries=1, seconds=2 * SECONDS):
        raise PasskeyRefused
    return state


def _read(answer: str) -> dict[str, Any]:
    """Only what is needed of what the browser sent, and nothing but text."""
    try:
        told = json.loads(answer)
        parts = {part: told["response"][part] for part in PARTS if part in told["response"]}
        read = {"id": told["id"], "rawId": told["id"], "type": "public-key"}
    except (ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error
    if not all(isinstance(value, str) for value in (*parts.values(), read["id"])):
        raise PasskeyRefused
    return read | {"response": parts}


def _checked(check: Callable[[], Any]) -> Any:
    """fido2 says what is wrong by errors of many kinds."""
    try:
        return check()
    except (ValueError, TypeError, KeyError, AssertionError, NotImplementedError) as error:
        raise PasskeyRefused from error
