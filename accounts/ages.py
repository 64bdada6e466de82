"""From which age somebody has an account of their own."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Matters of work begin at 16 (Labour Law, article 15).
YOUNGEST = 16
TOO_YOUNG: Promise = _("Whoever is under 16 cannot register here. Ask at the service counter together with a parent.")


def years_old(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def is_too_young(born: date, today: date) -> bool:
    return years_old(born, today) < YOUNGEST
