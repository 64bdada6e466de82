"""Whoever is told that a number or name is taken learns that somebody is here: a few times a day, and then no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from accounts.services.accounts import Taken
from accounts.services.limits import give_back, take

TOLD, TRIES, SECONDS = "numbers_told", 5, 86400


@contextmanager
def counting_answers(user_id: int) -> Iterator[None]:
    """What was not taken costs no try; after the last one nothing is looked up, so free numbers tell nothing either.

    Raises Taken.
    """
    account = str(user_id)
    if not take(TOLD, account, tries=TRIES, seconds=SECONDS):
        raise Taken({"": _("What others hold already was typed too often today. Try again tomorrow.")})
    try:
        yield
    except Taken:
        raise
    except Exception:
        give_back(TOLD, account)
        raise
    give_back(TOLD, account)
