"""Figure 7: how many cases a second `manage.py simulate` files and walks through the chain, and where they wait."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from io import StringIO

from django.core.management import call_command

from benchmarks.filling import new_database
from benchmarks.harness import Figure, Scale

TOLD = re.compile(r"^(\d+) cases filed at (\d+) a second, (\d+) moves at (\d+) a second, (.*)$", re.MULTILINE)


class _Loud(StringIO):
    """Keeps what the command prints and shows it at once: at full scale it prints for a quarter of an hour."""

    def write(self, text: str) -> int:
        print(text, end="", flush=True)
        return super().write(text)


def figures(scale: Scale) -> Iterator[Figure]:
    """The last statement raises where the database is not whole afterwards."""
    new_database("bench_simulate")
    call_command("load_demo", stdout=StringIO())
    told, began = _Loud(), time.monotonic()
    call_command("simulate", cases=scale.pick(1_000, 100_000), stdout=told)
    seconds = time.monotonic() - began
    found = TOLD.search(told.getvalue())
    assert found is not None, "the command tells what it did"
    cases, filed, moves, moved, rest = found.groups()
    waits = told.getvalue().partition("Where cases wait:")[2]
    where = ", ".join(" ".join(line.split()) for line in waits.strip().splitlines())
    yield Figure(
        "simulated cases", int(cases) / seconds, None, "cases a second", f"{cases} in {seconds:.0f} s; {where}"
    )
    yield Figure("simulated filings", float(filed), None, "cases a second", f"people and drafts included; {rest}")
    yield Figure("simulated moves", float(moved), None, "moves a second", f"{moves} moves by offices and persons")
    call_command("check_consistency", stdout=StringIO())
