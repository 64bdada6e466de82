"""Who has an account at the demo service; filled at the start of the process."""

from __future__ import annotations

from tools.identity_provider import Citizen

# The same for all of them, and it stands on the page. It opens nothing at the portal.
PASSWORD = "guojia-2026"  # noqa: S105
citizens: dict[str, Citizen] = {}
