"""Figure 5: a queue of 100,000 rows × 15 columns as a workbook, against xlsxwriter writing the same cells.

The job is measured whole: claimed, permission asked, read from PostgreSQL, formatted, progress written, file stored.
xlsxwriter gets the finished cells from memory. Memory is taken in fresh processes:
python -m benchmarks.export DATABASE.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import django
import xlsxwriter

if __name__ == "__main__":
    django.setup()

from django.http import QueryDict

from benchmarks.filling import clone_database, fill, officer_of, seat_at, use_database
from benchmarks.harness import Figure, Scale, interleave, ratio, spread
from workflow import registry
from workflow.enums import JobState
from workflow.models import Job
from workflow.queue import columns_of, filtered
from workflow.services.exports import OF_THE_FLOW, _rows, start_export
from workflow.services.jobs import claim_job, run_job
from workflow.spreadsheets import Row

STAGE, COLUMNS = "county_hr", 15
MANY, FEW = "bench_export", "bench_export_few"


def figures(scale: Scale) -> Iterator[Figure]:
    rows = scale.pick(10_000, 100_000)
    _prepare(FEW, rows // 5)
    _prepare(MANY, rows)
    yield from _speed(scale, rows)
    yield from _memory(rows)


def _prepare(database: str, rows: int) -> None:
    clone_database(database)
    fill(rows + 1_000, seat=seat_at(STAGE), waiting=rows)


def _speed(scale: Scale, rows: int) -> Iterator[Figure]:
    cells = _cells()
    assert (len(cells) >= rows, len(cells[0])) == (True, COLUMNS)
    # A hundred thousand lists that live on would be looked through again and again on both sides.
    gc.collect()
    gc.freeze()
    kept: list[Job] = []
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "bare.xlsx")
        sides = {"job": lambda: kept.append(run_export()), "xlsxwriter": lambda: _write_bare(target, cells)}
        taken = interleave(sides, rounds=3)
        sizes = [kept[-1].result.size, target.stat().st_size]
    assert _row_count(kept[-1]) == len(cells) + 3, "title, note and header stand above the rows"
    what = f"{len(cells):,} rows × {COLUMNS} columns"
    yield Figure(
        "export: job / bare xlsxwriter", ratio(taken, "job", "xlsxwriter"), 1.0, "×",
        f"{what}; job {spread(taken, 'job')}, {sizes[0] / 1e6:.1f} MB; xlsxwriter in constant-memory mode, cells from"
        f" memory, {spread(taken, 'xlsxwriter')}, {sizes[1] / 1e6:.1f} MB",
    )  # fmt: skip
    gc.unfreeze()


def _memory(rows: int) -> Iterator[Figure]:
    few, many = (_in_fresh_process(database) for database in (FEW, MANY))
    above = {name: one["peak"] - one["idle"] for name, one in (("few", few), ("many", many))}
    yield Figure(
        "export: peak memory above idle", above["many"], 100, "MB",
        f"{many['rows']:,} rows in a fresh process: idle {many['idle']:.0f} MB, peak {many['peak']:.0f} MB (VmHWM)",
    )  # fmt: skip
    yield Figure(
        "export: memory that five times the rows add", above["many"] - above["few"], 10, "MB",
        f"{few['rows']:,} rows: {above['few']:.1f} MB above idle; {many['rows']:,} rows: {above['many']:.1f} MB",
    )  # fmt: skip


def _cells() -> list[Row]:
    seat = seat_at(STAGE)
    columns = [*columns_of(seat, "waiting"), *registry.case_types[seat.case_type].export_columns, *OF_THE_FLOW]
    return list(_rows(filtered(seat, QueryDict("")), columns))


def run_export() -> Job:
    """What the web page and the worker do, and the file thrown away after the last one."""
    seat = seat_at(STAGE)
    for job in Job.objects.exclude(result=""):
        job.result.delete()
    start_export(seat, officer_of(seat), criteria="")
    claimed = claim_job()
    assert claimed is not None
    run_job(claimed)
    job = Job.objects.get(pk=claimed.pk)
    assert job.state == JobState.DONE, job.error
    return job


def _write_bare(target: Path, cells: Sequence[Row]) -> None:
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for row, values in enumerate(cells):
            for column, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                elif isinstance(value, int | Decimal):
                    sheet.write_number(row, column, value)


def _row_count(job: Job) -> int:
    with job.result.open() as file, zipfile.ZipFile(file) as archive:
        return archive.read("xl/worksheets/sheet1.xml").count(b"<row ")


def _in_fresh_process(database: str) -> dict[str, float]:
    answer = subprocess.check_output([sys.executable, "-m", "benchmarks.export", database])
    return dict(json.loads(answer.splitlines()[-1]))


def _status(key: str) -> float:
    """MB of this process."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(key))
    return int(line.split()[1]) / 1024


def main(database: str) -> None:
    use_database(database)
    officer_of(seat_at(STAGE))
    idle = _status("VmRSS")
    job = run_export()
    print(json.dumps({"idle": idle, "peak": _status("VmHWM"), "rows": job.done}))


if __name__ == "__main__":
    main(sys.argv[1])
