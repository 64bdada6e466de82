"""What every page knows about the site: its name, its help line, its footer, demo mode and large type."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from workflow import clock

DEFAULTS: dict[str, Any] = {
    "name": _("Tongban"),
    "tagline": _("Public human resources services"),
    "host": "",
    "operator": "",
    # 12333 answers for human resources and social security in the whole country.
    "hotline": "12333",
    "hours": _("working days 8:30–17:30"),
    # 网站标识码, and the lines of the ICP and police records.
    "site_code": "",
    "records": (),
    # Where to report an error on the site (网站找错).
    "report_url": "",
}
"""``settings.SITE`` overrides any of these keys, where it says something."""


class Identity(dict[str, Any]):
    """What the site says of itself, as the key of the parts of a page that say it."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(map(str, self.values())))


def identity() -> Identity:
    return Identity(DEFAULTS | {key: value for key, value in settings.SITE.items() if value})


def site(request: HttpRequest) -> dict[str, Any]:
    user, own = getattr(request, "user", None), identity()
    return {
        "site": own
        | {
            "identity": own,
            "demo": settings.DEMO,
            "business_date": clock.today().isoformat(),
            "may_move_clock": settings.DEMO_CLOCK and user is not None and user.is_authenticated,
            "large_type": request.COOKIES.get("large_type") == "1",
        }
    }
