"""How rules write months, and what they say where nothing has been filled in yet."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from subsidies.facts import Finding


def ym(month: date) -> str:
    return month.strftime("%Y-%m")


def unknown(field: str) -> Finding:
    return Finding(False, _("Not filled in yet."), field)
