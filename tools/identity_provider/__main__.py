"""`python -m tools.identity_provider`: reads what it shall be from its standard input, and ends with it."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from tools.identity_provider.server import prepare, start


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tongban-identity-", ignore_cleanup_errors=True) as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "tools.identity_provider.settings"
        os.environ["IDENTITY_PROVIDER_DATABASE"] = str(Path(folder, "provider.sqlite3"))
        prepare()
        line = sys.stdin.readline()
        if not line:
            return
        facts: dict[str, Any] = json.loads(line)
        server, issuer = start(facts)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(issuer, flush=True)
        # The other end closes when the portal ends, in whatever way it ends.
        with suppress(KeyboardInterrupt):
            sys.stdin.read()


if __name__ == "__main__":
    main()
