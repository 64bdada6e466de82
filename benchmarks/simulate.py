"""Figure 7: how many cases a second are filed and walked through the real chain by `manage.py simulate`."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from django.core.management import call_command

from benchmarks.filling import new_database
from benchmarks.harness import Figure, Scale
from portal.demo.simulation import Simulation


def figures(scale: Scale) -> Iterator[Figure]:
    cases = scale.pick(100, 5_000)
    new_database("bench_simulate")
    call_command("load_demo", stdout=StringIO())
    report = Simulation(seed=1, tell=lambda line: print(f"   {line}", flush=True)).run(cases)
    where = ", ".join(f"{place} {count}" for place, count in report.waits.most_common())
    how = f"{report.cases} cases, {report.returned} returned and filed again, {report.objections} objections; {where}"
    yield Figure("simulated filings", report.filed_a_second, None, "cases a second", how)
    yield Figure("simulated moves", report.moves_a_second, None, "moves a second", f"{report.moves} moves by offices")
    call_command("check_consistency", stdout=StringIO())
