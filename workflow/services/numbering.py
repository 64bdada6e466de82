"""Case numbers: no gaps and no doubles, because the counter's row stays locked until the commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from workflow.bulk import count_up, insert_rows
from workflow.models import InternalNumber, NumberCounter, ServiceItem
from workflow.numbers import LAST_INTERNAL_SEQUENCE, CaseNumber, InternalNo, parse_item_code
from workflow.registry import Move, case_type_of


def next_in(prefix: str) -> int:
    """The next number of this prefix; whoever asks at the same time waits for this transaction to end."""
    return count_up(NumberCounter, "prefix", "last", {prefix: 1})[prefix]


def next_batch_number(organisation_code: str, kind: str, day: date) -> str:
    sequence = next_in(f"batch/{organisation_code}/{kind}/{day:%Y%m%d}")
    return f"{organisation_code}-{kind[:3].upper()}-{day:%Y%m%d}-{sequence:03d}"


def number_first_submissions(moves: Sequence[Move], day: date) -> None:
    """Give what is filed for the first time its two numbers; three statements, however many.

    The display number (spec 8.2): 区划6 + 事项短码3 + yyyyMMdd + 6 digits + check character. The 办件编号 of 43
    characters: its body is the 主管部门 of the case. Where that has no 实施编码 for this service, or more than 9,999 of
    one item are filed in a day, a case keeps its display number alone: nobody is turned away.
    """
    first = [move.case for move in moves if move.case.seq == 0]
    codes = _item_codes({(case.case_type, case.supervisor_id) for case in first if case.supervisor_id is not None})
    places = [f"case/{case.region_id}/{case_type_of(case).code}/{day:%Y%m%d}" for case in first]
    items = [codes.get((case.case_type, case.supervisor_id), "") for case in first]
    given = _Given(Counter([*places, *(f"{code}{day:%Y%m%d}" for code in items if code)]))
    rows = []
    for case, place, code in zip(first, places, items, strict=True):
        case.number = str(CaseNumber(case.region_id, case_type_of(case).code, day, given.next(place)))
        sequence = given.next(f"{code}{day:%Y%m%d}") if code else 0
        if 0 < sequence <= LAST_INTERNAL_SEQUENCE:
            rows.append((case.pk, str(InternalNo(parse_item_code(code), day, sequence))))
    insert_rows(InternalNumber, ("case", "number"), rows)


class _Given:
    """So many numbers of each prefix, taken with one statement and handed out in order."""

    def __init__(self, wanted: Counter[str]) -> None:
        last = count_up(NumberCounter, "prefix", "last", wanted)
        self._last = {prefix: last[prefix] - count for prefix, count in wanted.items()}

    def next(self, prefix: str) -> int:
        self._last[prefix] += 1
        return self._last[prefix]


def _item_codes(wanted: set[tuple[str, int]]) -> dict[tuple[str, int | None], str]:
    """{(case type, 主管部门): 实施编码}, where there is one."""
    if not wanted:
        return {}
    types, bodies = zip(*wanted, strict=True)
    items = ServiceItem.objects.filter(Q(case_type__in=set(types)) & Q(organisation__in=set(bodies)))
    return {(case_type, body): code for case_type, body, code in items.values_list("case_type", "organisation", "code")}
