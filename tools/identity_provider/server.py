from __future__ import annotations

from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from tools.identity_provider import Citizen
from tools.identity_provider.citizens import PASSWORD, citizens

ANYWHERE = {"", "0.0.0.0", "::", "[::]"}  # noqa: S104  nothing binds to it: it is looked for


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        return


def prepare() -> None:
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


def start(facts: dict[str, Any]) -> tuple[ThreadedWSGIServer, str]:
    """(server that is bound and not serving yet, its issuer)."""
    for one in facts["citizens"]:
        citizens[one["account"]] = Citizen(**one)
    _make_rows(facts)
    server = _bind(facts["host"], facts["port"])
    server.set_app(get_wsgi_application())
    host = "127.0.0.1" if facts["host"] in ANYWHERE else facts["host"]
    settings.ALLOWED_HOSTS = [host]
    return server, f"http://{host}:{server.server_address[1]}"


def _bind(host: str, port: int) -> ThreadedWSGIServer:
    try:
        return ThreadedWSGIServer((host, port), QuietHandler)
    except OSError:
        return ThreadedWSGIServer((host, 0), QuietHandler)


def _make_rows(facts: dict[str, Any]) -> None:
    users: Any = get_user_model().objects
    for citizen in citizens.values():
        users.create_user(citizen.account, password=PASSWORD)
    # Its module can be imported only once Django is set up.
    client: Any = apps.get_model("allauth_idp_oidc", "Client")(
        id=facts["client_id"], name="通办", scopes="openid\nprofile", skip_consent=True
    )
    client.set_secret(facts["secret"])
    client.set_redirect_uris(facts["callbacks"])
    client.save()
