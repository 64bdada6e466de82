"""Case numbers: no gaps and no doubles, because the counter's row stays locked until the commit."""

from __future__ import annotations

from datetime import date

from workflow.models import NumberCounter
from workflow.numbers import CaseNumber


def next_in(prefix: str) -> int:
    """The next number of this prefix; whoever asks at the same time waits for this transaction to end."""
    NumberCounter.objects.bulk_create([NumberCounter(prefix=prefix)], ignore_conflicts=True)
    counter = NumberCounter.objects.select_for_update().get(prefix=prefix)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def next_case_number(region_code: str, code: str, day: date) -> str:
    """区划6 + 事项短码3 + yyyyMMdd + 6 digits + check character (spec 8.2)."""
    sequence = next_in(f"case/{region_code}/{code}/{day:%Y%m%d}")
    return str(CaseNumber(region_code, code, day, sequence))


def next_batch_number(organisation_code: str, kind: str, day: date) -> str:
    sequence = next_in(f"batch/{organisation_code}/{kind}/{day:%Y%m%d}")
    return f"{organisation_code}-{kind[:3].upper()}-{day:%Y%m%d}-{sequence:03d}"
