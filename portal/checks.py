"""System checks of the whole house: the mode, the keys, text messages, the identity service, the catalogues."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from portal.mode import find_conflicts
from workflow.encryption import default_cipher, keyed_hash


@register(Tags.security)
def check_mode(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """The settings refuse a forbidden combination at the start; this names it for whoever changed them later."""
    return [Error(conflict, id="portal.E001") for conflict in find_conflicts(settings.MODE, os.environ)]


@register(Tags.security)
def check_keys(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    try:
        cipher = default_cipher()
        cipher.decrypt(cipher.encrypt(b"", "check"), "check")
        keyed_hash("check", "")
    except ImproperlyConfigured as fault:
        return [Error(str(fault), id="portal.E002")]
    return []


@register(Tags.security)
def check_texts(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Codes prove phones: without them nobody registers, recovers a password or changes a phone."""
    if settings.SMS_GATEWAY or not settings.PRODUCTION:
        return []
    lost = "No text messages: nobody can register, sign in by code, recover a password or change a phone."
    return [Warning(lost, hint="SMS_GATEWAY names a gateway (docs/messages.md).", id="portal.W002")]


@register(Tags.security)
def check_identity_service(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """All of it or nothing: half of it shows no button, and nobody would know why."""
    needed = {"ISSUER": "issuer", "CLIENT_ID": "client_id", "CLIENT_SECRET": "secret"}
    lacking = [f"IDENTITY_SERVICE_{name}" for name, key in needed.items() if not settings.IDENTITY_SERVICE[key]]
    faults: list[CheckMessage] = []
    if 0 < len(lacking) < len(needed):
        faults.append(Error(f"The identity service lacks {' and '.join(lacking)}.", id="portal.E003"))
    if str(settings.IDENTITY_SERVICE["issuer"]).endswith("/.well-known/openid-configuration"):
        faults.append(Error("IDENTITY_SERVICE_ISSUER is the issuer, not its discovery document.", id="portal.E004"))
    return faults


@register(Tags.translation)
def check_catalogues(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    sources = [source for folder in settings.LOCALE_PATHS for source in Path(folder).rglob("*.po")]
    stale = [source for source in sources if not _is_compiled(source)]
    return [
        Warning(
            f"{source.relative_to(settings.BASE_DIR)} is not compiled: its pages would speak English.",
            hint="python -m tools.messages compile",
            id="portal.W001",
        )
        for source in stale
    ]


def _is_compiled(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime
