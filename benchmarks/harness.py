"""What every figure is made of: rounds in which the sides take turns, medians, and a limit."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from statistics import median

Side = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` against ``limit``: at most it, or with ``at_least`` at least it. No limit: told, not judged."""

    name: str
    value: float
    limit: float | None
    unit: str
    how: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def as_row(self) -> dict[str, object]:
        return {**asdict(self), "value": round(self.value, 4), "holds": self.holds}

    @classmethod
    def read(cls, row: Mapping[str, object]) -> Figure:
        return cls(**{key: value for key, value in row.items() if key != "holds"})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Scale:
    """``small`` in about a minute for daily use, ``full`` for the record."""

    name: str

    @property
    def full(self) -> bool:
        return self.name == "full"

    def pick(self, small: int, full: int) -> int:
        return full if self.full else small


def interleave(sides: Mapping[str, Side], *, rounds: int, warm_up: int = 1) -> dict[str, list[float]]:
    """Seconds of each side in each round; the order changes, so that no side is always the one after the other."""
    names, taken = list(sides), {name: [] for name in sides}
    order = random.Random(1)
    for turn in range(warm_up + rounds):
        order.shuffle(names)
        for name in names:
            gc.collect()
            began = time.perf_counter()
            sides[name]()
            seconds = time.perf_counter() - began
            if turn >= warm_up:
                taken[name].append(seconds)
    return taken


def ratio(taken: Mapping[str, list[float]], over: str, under: str) -> float:
    return median(taken[over]) / median(taken[under])


def spread(taken: Mapping[str, list[float]], name: str) -> str:
    """ "median (fastest to slowest) ms" for the sentence that says how."""
    ms = [seconds * 1000 for seconds in taken[name]]
    return f"{median(ms):.1f} ms ({min(ms):.1f}–{max(ms):.1f}, n={len(ms)})"


def table(figures: list[Figure]) -> Iterator[str]:
    width = max(len(figure.name) for figure in figures)
    yield f"{'figure':<{width}}  {'value':>10}  {'limit':>10}  {'':<12}"
    for figure in figures:
        sign = "≥" if figure.at_least else "≤"
        limit = f"{sign} {figure.limit:g}" if figure.limit is not None else "–"
        verdict = "" if figure.limit is None else "holds" if figure.holds else "FALLS SHORT"
        yield f"{figure.name:<{width}}  {figure.value:>10.2f}  {limit:>10}  {verdict:<12} {figure.unit}"
