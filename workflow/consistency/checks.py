"""The list of checks: every floor registers its own, ``manage.py check_consistency`` runs them all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection
from django.utils.functional import Promise

from workflow.services.verification import Fault

Find = Callable[[], Iterable[Fault]]


@dataclass(frozen=True, slots=True)
class Check:
    """``find`` yields what is wrong; nothing when all is well. ``slow`` ones read every byte or every file."""

    key: str
    title: str | Promise
    find: Find
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    check: Check
    # The first ones; ``more`` when there are others.
    faults: tuple[Fault, ...]
    more: bool
    seconds: float


checks: dict[str, Check] = {}


def register_check(check: Check) -> None:
    checks[check.key] = check


def check(key: str, title: str | Promise, *, slow: bool = False) -> Callable[[Find], Find]:
    """Register a function that yields faults."""

    def remember(find: Find) -> Find:
        register_check(Check(key, title, find, slow))
        return find

    return remember


def sql_check(key: str, title: str | Promise, sql: str) -> None:
    """Register one statement that both databases read: its rows are (which row, what it says, what it should say)."""
    register_check(Check(key, title, lambda: faults_of(sql)))


def faults_of(sql: str, parameters: Sequence[int | str] | None = None) -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(100):
            for where, found, expected in rows:
                yield Fault(str(where), f"{found} ≠ {expected}")


def run_checks(*, only: Sequence[str] = (), quick: bool = False, show: int = 10) -> Iterator[Outcome]:
    """One outcome after the other, each with at most ``show`` faults. Raises KeyError for an unknown key."""
    for chosen in [checks[key] for key in only or sorted(checks)]:
        if quick and chosen.slow:
            continue
        started = time.monotonic()
        found = list(islice(chosen.find(), show + 1))
        yield Outcome(chosen, tuple(found[:show]), len(found) > show, time.monotonic() - started)
