"""What is past its time goes: once a day, class by class, in chunks that say what they removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min

from workflow import clock
from workflow.models import Purge, RetentionRule
from workflow.permits import PURGE, permitting
from workflow.registry import Text
from workflow.retention import RetentionClass, retention_classes
from workflow.seeding import register_seed
from workflow.timers import register_timer

CHUNK = 1_000
REST = timedelta(minutes=30)


@register_seed
@transaction.atomic
def seed_retention() -> None:
    """A rule for every class; what administrators chose stays, unless the law asks for more by now."""
    for kind in retention_classes.values():
        rule, _created = RetentionRule.objects.get_or_create(
            key=kind.key, defaults={"minimum_days": kind.minimum_days, "keep_days": kind.preset_days}
        )
        keep_days = None if kind.is_permanent else max(rule.keep_days or kind.preset_days or 0, kind.minimum_days)
        if (rule.minimum_days, rule.keep_days) != (kind.minimum_days, keep_days):
            rule.minimum_days, rule.keep_days = kind.minimum_days, keep_days
            rule.save(update_fields=["minimum_days", "keep_days"])


def purge_expired() -> int:
    """Once a day for each class, whichever worker comes first; answers how many rows went."""
    return sum(_purge(retention_classes[rule.key], rule) for rule in _due_rules() if _claim(rule))


register_timer(purge_expired, rest=REST)


def _due_rules() -> list[RetentionRule]:
    rules = RetentionRule.objects.exclude(keep_days=None).exclude(purged_on=clock.today())
    return [rule for rule in rules.order_by("key") if rule.key in retention_classes]


def _claim(rule: RetentionRule) -> bool:
    today = clock.today()
    return bool(RetentionRule.objects.filter(pk=rule.pk).exclude(purged_on=today).update(purged_on=today))


def older_than(keep_days: int) -> datetime:
    """A business date that was moved ahead makes nothing older than it is."""
    return min(clock.now(), clock.machine_now()) - timedelta(days=keep_days)


def _purge(kind: RetentionClass, rule: RetentionRule) -> int:
    # The class knows the law; a rule that was changed behind the form's back does not undercut it.
    keep_days = max(rule.keep_days or 0, kind.minimum_days)
    return sum(_remove_chunks(kind, keep_days))


def _remove_chunks(kind: RetentionClass, keep_days: int) -> Iterator[int]:
    limit = older_than(keep_days)
    while True:
        with permitting(PURGE):
            due = kind.rows().filter(**{f"{kind.at}__lt": limit}).order_by("pk")
            found = list(due.values_list("pk", kind.at)[:CHUNK])
            if not found:
                return
            keys = [pk for pk, _at in found]
            if kind.remove is None:
                kind.rows().model._base_manager.filter(pk__in=keys).delete()
            else:
                kind.remove(keys)
            Purge.objects.create(
                rule_id=kind.key,
                rows=len(found),
                older_than=limit,
                oldest=min(at for _pk, at in found),
                keep_days=keep_days,
                at=clock.now(),
            )
        yield len(found)


@dataclass(frozen=True, slots=True)
class Standing:
    """One class as administrators see it."""

    label: Text
    basis: Text
    rows: int
    oldest: datetime | None
    # None: kept for good.
    next_purge: date | None


def standing_of(rule: RetentionRule) -> Standing:
    """Counts the rows: for a page that somebody asks for, not for one that everybody sees."""
    kind = retention_classes[rule.key]
    found = kind.rows().aggregate(rows=Count("pk"), oldest=Min(kind.at))
    return Standing(kind.label, kind.basis, found["rows"], found["oldest"], _next_purge(rule, found["oldest"]))


def _next_purge(rule: RetentionRule, oldest: datetime | None) -> date | None:
    """The first day on which a row goes; nothing goes where nothing is kept or everything is."""
    if rule.keep_days is None or oldest is None:
        return None
    due = clock.local_date(oldest) + timedelta(days=rule.keep_days + 1)
    tomorrow = clock.today() + timedelta(days=1 if rule.purged_on == clock.today() else 0)
    return max(due, tomorrow)
