"""How rules write months."""

from __future__ import annotations

from datetime import date


def ym(month: date) -> str:
    return month.strftime("%Y-%m")
