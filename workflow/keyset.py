"""Pages by position instead of OFFSET and COUNT: the thousandth page costs what the first one costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.http import QueryDict

from workflow.sealing import MARK, seal, unseal

PAGE_SIZE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
Key = tuple[Any, ...]
Read = Callable[[QuerySet[Any]], list[tuple[Any, ...]]]
POSITION = "page.position"


class RowCompare(Func):
    """``(a, b) > (x, y)``: one range of the index, also where thousands of rows entered at the same moment."""

    output_field = BooleanField()

    def __init__(self, columns: Sequence[str], operator: str, key: Key) -> None:
        super().__init__(*[F(column) for column in columns], *[Value(part) for part in key])
        self.operator, self.width = operator, len(columns)

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, list[Any]]:
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        left = ", ".join(sql for sql, _params in parts[: self.width])
        right = ", ".join(sql for sql, _params in parts[self.width :])
        return f"({left}) {self.operator} ({right})", [param for _sql, params in parts for param in params]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins or ends; ``last`` asks for the last page."""

    after: Key | None = None
    before: Key | None = None
    last: bool = False

    @property
    def is_set(self) -> bool:
        return self.last or self.after is not None or self.before is not None


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of one page; the first ``len(columns)`` values of each row are its key."""

    rows: list[tuple[Any, ...]]
    has_previous: bool
    has_next: bool


def write_key(key: Key) -> str:
    """Microseconds for times, digits for numbers: short, exact, safe in an address; names are sealed."""
    text = "-".join(str((part - EPOCH) // MICROSECOND if isinstance(part, datetime) else part) for part in key)
    return seal(text, POSITION) if any(isinstance(part, str) for part in key) else text


def read_key(text: str, pattern: str) -> Key | None:
    """``pattern``: "t" a time, "n" a number, "s" a text (the texts first); None for anything that we did not write."""
    if "s" in pattern:
        text = unseal(text, POSITION) if text.startswith(MARK) else ""
    parts = text.rsplit("-", len(pattern) - 1)
    numbers = parts[pattern.count("s") :]
    if len(parts) != len(pattern) or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in numbers):
        return None
    try:
        return tuple(_part(part, kind) for part, kind in zip(parts, pattern, strict=True))
    except OverflowError:
        return None


def _part(text: str, kind: str) -> Any:
    if kind == "t":
        return EPOCH + int(text) * MICROSECOND
    return int(text) if kind == "n" else text


def read_cursor(query: QueryDict, pattern: str) -> Cursor:
    return Cursor(
        after=read_key(query.get("after", ""), pattern),
        before=read_key(query.get("before", ""), pattern),
        last="last" in query,
    )


@dataclass(frozen=True, slots=True)
class Keyset:
    """An order by ``columns`` (all one way), which must be unique together."""

    columns: tuple[str, ...]
    pattern: str
    descending: bool = False

    def order(self, *, backwards: bool = False) -> list[str]:
        sign = "-" if self.descending != backwards else ""
        return [f"{sign}{column}" for column in self.columns]

    def beyond(self, key: Key, *, backwards: bool = False) -> RowCompare:
        return RowCompare(self.columns, "<" if self.descending != backwards else ">", key)

    def fields(self, names: Sequence[str]) -> list[str]:
        """The columns of the order first, then the others: what ``slice`` wants its rows to be made of."""
        return [*self.columns, *(name for name in names if name not in self.columns)]

    def slice(self, rows: QuerySet[Any], cursor: Cursor, size: int = PAGE_SIZE, read: Read = list) -> Slice:
        """One statement. ``rows``: a ``values_list`` that begins with the columns of the order, or ``read`` does."""
        backwards = cursor.last or (cursor.before is not None and cursor.after is None)
        key = cursor.before if backwards and not cursor.last else cursor.after
        if key is not None and not cursor.last:
            rows = rows.filter(self.beyond(key, backwards=backwards))
        found = read(rows.order_by(*self.order(backwards=backwards))[: size + 1])
        more, found = len(found) > size, found[:size]
        if backwards:
            return Slice(found[::-1], more, not cursor.last)
        return Slice(found, key is not None, more)
