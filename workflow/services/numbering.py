"""Case numbers: no gaps and no doubles, because the counter's row stays locked until the commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from workflow.bulk import count_up, insert_rows
from workflow.models import InternalNumber, NumberCounter, ServiceItem
from workflow.numbers import LAST_INTERNAL_SEQUENCE, CaseNumber, InternalNo, parse_item_code
from workflow.registry import Move


def next_in(prefix: str) -> int:
    """The next number of this prefix; whoever asks at the same time waits for this transaction to end."""
    return count_up(NumberCounter, "prefix", "last", {prefix: 1})[prefix]


def next_case_number(region_code: str, code: str, day: date) -> str:
    """区划6 + 事项短码3 + yyyyMMdd + 6 digits + check character (spec 8.2)."""
    sequence = next_in(f"case/{region_code}/{code}/{day:%Y%m%d}")
    return str(CaseNumber(region_code, code, day, sequence))


def next_batch_number(organisation_code: str, kind: str, day: date) -> str:
    sequence = next_in(f"batch/{organisation_code}/{kind}/{day:%Y%m%d}")
    return f"{organisation_code}-{kind[:3].upper()}-{day:%Y%m%d}-{sequence:03d}"


def number_first_submissions(moves: Sequence[Move], day: date) -> None:
    """Give the 办件编号 of 43 characters to whatever is filed for the first time; three statements, however many.

    The body is the 主管部门 of the case. Where it has no 实施编码 for this service, or more than 9,999 of one item are
    filed in a day, which four digits cannot hold, a case keeps its display number alone: nobody is turned away.
    """
    first = [move.case for move in moves if move.case.seq == 0 and move.case.supervisor_id is not None]
    codes = _item_codes({(case.case_type, case.supervisor_id or 0) for case in first})
    filed = [(case.pk, codes[key]) for case in first if (key := (case.case_type, case.supervisor_id)) in codes]
    wanted = Counter(f"{code}{day:%Y%m%d}" for _pk, code in filed)
    # {prefix: the last number given before this act}
    given = {
        prefix: last - wanted[prefix] for prefix, last in count_up(NumberCounter, "prefix", "last", wanted).items()
    }
    rows = []
    for pk, code in filed:
        prefix = f"{code}{day:%Y%m%d}"
        given[prefix] += 1
        if given[prefix] <= LAST_INTERNAL_SEQUENCE:
            rows.append((pk, str(InternalNo(parse_item_code(code), day, given[prefix]))))
    insert_rows(InternalNumber, ("case", "number"), rows)


def _item_codes(wanted: set[tuple[str, int]]) -> dict[tuple[str, int | None], str]:
    """{(case type, 主管部门): 实施编码}, where there is one."""
    if not wanted:
        return {}
    types, bodies = zip(*wanted, strict=True)
    items = ServiceItem.objects.filter(Q(case_type__in=set(types)) & Q(organisation__in=set(bodies)))
    return {(case_type, body): code for case_type, body, code in items.values_list("case_type", "organisation", "code")}
