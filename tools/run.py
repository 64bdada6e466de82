"""`make run`: bring the database up to date, fill an empty one with the demo, and serve."""

import os
import sys
from io import StringIO

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command

from tools import demo_identity, messages
from tools.identity_provider import ProviderProcess


def main(address: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    # Whoever has configured an identity service gets that one.
    has_own = bool(os.environ.get("IDENTITY_SERVICE_ISSUER"))
    provider = ProviderProcess() if settings.DEMO and not has_own else None
    messages.compile_catalogues()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("seed", stdout=StringIO())
    if settings.DEMO:
        if not get_user_model().objects.exists():
            print("Loading the demo data (once, about half a minute)", flush=True)
        # Fills an empty database only; `serve` names the demo people.
        call_command("load_demo", stdout=StringIO())
    if provider is not None:
        print(f"中国政务服务平台 (demo): {demo_identity.serve(provider, address)}", flush=True)
    os.execv(sys.executable, [sys.executable, "manage.py", "serve", address])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8000")
