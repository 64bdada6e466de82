"""The demo's 中国政务服务平台 beside the portal of `make run`: who is known there, and how the portal hears of it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import date

from django.apps import apps
from django.contrib.auth import get_user_model

from portal.demo.names import identity_number
from tools.identity_provider import Citizen, ProviderProcess

CLIENT_ID = "tongban-demo"
RETURN = "/sign-in/identity-service/return/"
# Nobody of the demo was born so early: they share no number with its graduates.
BORN = date(1985, 6, 1)


def demo_citizens() -> Iterator[Citizen]:
    """Somebody who has an account here, somebody who has none, somebody not verified, and an employer."""
    graduate = get_user_model().objects.filter(username="graduate").select_related("person").first()
    if graduate is not None and graduate.person is not None:
        person = graduate.person
        yield _natural("lixiaoyu", person.name, person.number, person.phone, level=3, hint="本站已有账号")
    yield _natural("shenzhiyuan", "沈知远", identity_number("130903", BORN, 901), "19900000001", hint="本站尚无账号")
    yield _natural("luweiyang", "陆未央", identity_number("130903", BORN, 902), "19900000002", level=1, hint="尚未实名")
    duty = (
        apps.get_model("workflow", "Duty")
        .objects.filter(user__username="unit")
        .select_related("organisation", "user")
        .first()
    )
    if duty is not None:
        yield Citizen(
            "faren",
            f"{duty.organisation.name}（法人，经办人{duty.user.name}）",
            {
                "user_kind": "legal",
                "real_name_level": 3,
                "name": duty.user.name,
                "id_number": identity_number("130902", BORN, 903),
                "phone_number": duty.user.phone,
                "uscc": duty.organisation.code,
                "unit_name": duty.organisation.name,
            },
        )


def _natural(account: str, name: str, number: str, phone: str, *, hint: str, level: int = 2) -> Citizen:
    claims = {"name": name, "id_number": number, "phone_number": phone}
    return Citizen(account, f"{name}（自然人，{hint}）", claims | {"user_kind": "natural", "real_name_level": level})


def serve(process: ProviderProcess, address: str) -> str:
    """Let it begin, and tell the portal of the same environment; answers its issuer.

    The end of the pipe passes to the program that replaces this one: the provider ends with it.
    """
    host, _colon, port = address.rpartition(":")
    secret = secrets.token_urlsafe(32)
    hosts = dict.fromkeys((host, "127.0.0.1", "localhost", "[::1]"))
    issuer = process.serve(
        host=host,
        port=int(port) + 1,
        client_id=CLIENT_ID,
        secret=secret,
        callbacks=[f"http://{name}:{port}{RETURN}" for name in hosts],
        citizens=list(demo_citizens()),
    )
    os.set_inheritable(process.lifeline.fileno(), True)
    os.environ |= {
        "IDENTITY_SERVICE_ISSUER": issuer,
        "IDENTITY_SERVICE_CLIENT_ID": CLIENT_ID,
        "IDENTITY_SERVICE_CLIENT_SECRET": secret,
    }
    return issuer
