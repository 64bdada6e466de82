"""The classes of data, each with its legal basis; floors above register theirs. Rules themselves are rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.enums import JobState
from workflow.models import Case, Job, OutboxMessage, PaperLook, Selection
from workflow.registry import Text

# Six months have up to 184 days, from March or July on.
HALF_A_YEAR, YEAR = 184, 365
THREE_YEARS = 3 * YEAR + 1

NETWORK_LOGS = _("Cybersecurity Law, on the keeping of network logs: at least six months; three years are usual.")
HANDLING_RECORDS = _("Personal Information Protection Law, article 56: records of handling, at least three years.")
NECESSARY = _("Personal Information Protection Law, article 19: no longer than the purpose needs.")
ARCHIVES = _("Rules on Online Government Services, article 12: electronic archives of what was decided.")


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """``at``: the column whose time counts. Without ``preset_days`` the class is kept for good."""

    key: str
    label: Text
    basis: Text
    rows: Callable[[], models.QuerySet[Any]]
    at: str
    minimum_days: int = 1
    preset_days: int | None = None
    # Removes these rows, in the transaction of the record that says so; plain deletion where none is given.
    remove: Callable[[Sequence[Any]], None] | None = None

    @property
    def is_permanent(self) -> bool:
        return self.preset_days is None


retention_classes: dict[str, RetentionClass] = {}
_kept_tasks: set[str] = set()


def register_retention(kind: RetentionClass) -> None:
    retention_classes[kind.key] = kind


def keep_tasks(kind: str) -> None:
    """Tasks of this kind are a part of something that is kept for good."""
    _kept_tasks.add(kind)


def _filed_cases() -> models.QuerySet[Case]:
    return Case.objects.exclude(number="")


def _ended_tasks() -> models.QuerySet[Job]:
    under_way = [JobState.WAITING, JobState.RUNNING]
    return Job.objects.filter(result="").exclude(state__in=under_way).exclude(kind__in=_kept_tasks)


register_retention(
    RetentionClass("cases", _("Cases with their events, filed forms and papers"), ARCHIVES, _filed_cases, "created_at")
)
register_retention(
    RetentionClass(
        "paper_looks",
        _("Who opened whose papers"),
        HANDLING_RECORDS,
        PaperLook.objects.all,
        "at",
        minimum_days=THREE_YEARS,
        preset_days=THREE_YEARS,
    )
)
register_retention(
    RetentionClass(
        "tasks",
        _("Tasks: who exported or printed what"),
        NETWORK_LOGS,
        _ended_tasks,
        "created_at",
        minimum_days=HALF_A_YEAR,
        preset_days=THREE_YEARS,
    )
)
register_retention(
    RetentionClass(
        "outbox",
        _("Messages handed over for delivery"),
        NECESSARY,
        lambda: OutboxMessage.objects.exclude(delivered_at=None),
        "delivered_at",
        preset_days=HALF_A_YEAR,
    )
)
register_retention(
    RetentionClass(
        "selections", _("What officers ticked in lists"), NECESSARY, Selection.objects.all, "as_of", preset_days=30
    )
)
