"""Whoever is told that a number is taken learns that somebody is here: a few times a day, and then no more."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.accounts import Taken
from accounts.services.limits import give_back, take

TOLD, TOLD_TRIES, TOLD_SECONDS = "numbers_told", 10, 86400

Facts = TypeVar("Facts")
Made = TypeVar("Made")


def counts_answers(state: Callable[[User, Facts], Made]) -> Callable[[User, Facts], Made]:
    """What was not taken costs no try; after the last one nothing is looked up, so free numbers tell nothing either."""

    @wraps(state)
    def counted(user: User, facts: Facts) -> Made:
        if not take(TOLD, str(user.pk), tries=TOLD_TRIES, seconds=TOLD_SECONDS):
            raise Taken(
                {"": _("Numbers of others were stated too often today. Try again tomorrow, or call the hotline.")}
            )
        made = state(user, facts)
        give_back(TOLD, str(user.pk))
        return made

    return counted
