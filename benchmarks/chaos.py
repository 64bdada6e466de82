"""`make chaos`: the long form of everything under fire, one table, and `benchmarks/reliability.json`.

Each proof is so many trials of the product and some of its control, in which a guard is off and the harm must show.
Without a failure in n trials, the true rate of failures is at most 3/n at 95 % (rule of three). A test that broke off,
was skipped or failed by anything else than its trials is an error: what it would have shown is not known.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.__main__ import machine, versions
from tools import messages, services
from tools.test import FOREIGN, terminate

RESULTS = Path(__file__).parent / "reliability.json"
FIRE = ("test_races", "test_crashes", "test_outages", "test_machine")
# Random walks of the stateful test: some six thousand steps, each proved over the whole database, in ten minutes.
WALKS = "150"


@dataclass(frozen=True, slots=True)
class Proof:
    name: str
    trials: int
    failures: int
    control_trials: int
    harmed: int
    how: str
    errors: int = 0

    def __add__(self, other: Proof) -> Proof:
        """Several tests may be one proof."""
        counts = ("trials", "failures", "control_trials", "harmed", "errors")
        return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in counts})

    @property
    def verdict(self) -> str:
        if self.errors:
            return "ERROR"
        return "holds" if self.trials > 0 and self.failures == 0 and self.harmed > 0 else "FAILS"

    @property
    def bound(self) -> float | None:
        """The share of failures that is not excluded at 95 %; none is given where something failed or broke off."""
        return 3 / self.trials if self.trials and not self.failures and not self.errors else None

    def as_row(self) -> dict[str, object]:
        return {
            "name": self.name,
            "trials": self.trials,
            "failures": self.failures,
            "errors": self.errors,
            "bound": round(self.bound, 4) if self.bound is not None else None,
            "control": {"trials": self.control_trials, "harmed": self.harmed},
            "how": self.how,
        }


@dataclass(frozen=True, slots=True)
class Ran:
    """One test as pytest reports it. ``why``: the first line of what it failed of; empty where it passed."""

    name: str
    seconds: float
    why: str

    def as_row(self) -> dict[str, object]:
        return {"name": self.name, "seconds": self.seconds, "passed": not self.why}


def run_tests(folder: Path, environment: dict[str, str]) -> int:
    """Two test processes side by side, each with servers of its own; answers pytest's exit code."""
    files = [f"tests/fire/{name}.py" for name in FIRE]
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-q", "-p", "no:randomly", *files]
    inherited = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    ours = {"TONGBAN_FIRE": "long", "TONGBAN_FIRE_RECORD": str(folder / "tallies")}
    walks = {"TONGBAN_FIRE_EXAMPLES": os.environ.get("TONGBAN_FIRE_EXAMPLES", WALKS)}
    report = [f"--junitxml={folder / 'junit.xml'}", "-o", "faulthandler_timeout=1800"]
    tests = subprocess.Popen([*command, *report], env=inherited | environment | ours | walks)
    try:
        return tests.wait()
    except BaseException:
        # Whoever ends this ends the tests too, and they their servers.
        tests.send_signal(signal.SIGINT)
        tests.wait()
        raise


def read_tests(report: Path) -> list[Ran]:
    if not report.exists():
        return [Ran("all tests", 0, "pytest ended without a report")]
    return [
        Ran(str(case.get("name")), round(float(case.get("time", 0)), 1), _why(case))
        for case in ElementTree.parse(report).iter("testcase")
    ]


def _why(case: ElementTree.Element) -> str:
    for kind in ("failure", "error", "skipped"):
        for trouble in case.findall(kind):
            return f"{kind}: {trouble.get('message', '')}".splitlines()[0]
    return ""


def read_proofs(tallies: Path, tests: Sequence[Ran]) -> list[Proof]:
    """What the tests wrote down of their trials; an error for every test whose failure that does not explain."""
    proofs: dict[str, Proof] = {}
    told_by: dict[str, str] = {}
    explained: set[str] = set()
    for line in tallies.read_text().splitlines() if tallies.exists() else ():
        row = json.loads(line)
        for fault in row["faults"][:5]:
            print(f"{row['name']}: {fault}")
        proof = Proof(**{key: row[key] for key in ("name", "trials", "failures", "control_trials", "harmed", "how")})
        proofs[proof.name] = proofs[proof.name] + proof if proof.name in proofs else proof
        told_by[row["test"]] = proof.name
        if proof.failures or (proof.trials and proof.control_trials and not proof.harmed):
            explained.add(row["test"])
    for test in tests:
        if test.why and test.name not in explained:
            print(f"{test.name}: {test.why}")
            name = told_by.get(test.name, test.name)
            broken = Proof(name, 0, 0, 0, 0, test.why, errors=1)
            proofs[name] = proofs[name] + broken if name in proofs else broken
    return list(proofs.values())


def table(proofs: Sequence[Proof]) -> Iterator[str]:
    width = max(len(proof.name) for proof in proofs)
    counted = f"{'trials':>7}  {'failures':>8}  {'errors':>6}"
    yield f"{'proof':<{width}}  {counted}  {'bound (95 %)':>12}  {'control harmed':>14}"
    for proof in proofs:
        bound = f"≤ {100 * proof.bound:.2f} %" if proof.bound is not None else "–"
        harmed = f"{proof.harmed} of {proof.control_trials}"
        counts = f"{proof.trials:>7}  {proof.failures:>8}  {proof.errors:>6}"
        yield f"{proof.name:<{width}}  {counts}  {bound:>12}  {harmed:>14}  {proof.verdict}"


def write(proofs: Sequence[Proof], tests: Sequence[Ran]) -> None:
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "trials": [proof.as_row() for proof in proofs],
        "tests": [test.as_row() for test in tests],
    }
    RESULTS.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n")


def main() -> int:
    signal.signal(signal.SIGTERM, terminate)
    messages.compile_catalogues()
    programs, redis_program = services.find_postgres(), services.find_redis()
    if programs is None or redis_program is None:
        print(f"Nothing was tried, for this machine lacks {', '.join(services.find_missing())}.")
        return 1
    with ExitStack() as stack:
        database = stack.enter_context(services.postgres(programs, durable=True))
        redis = stack.enter_context(services.redis_server(redis_program))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tongban-chaos-")))
        environment = {"DATABASE_URL": database, "REDIS_URL": f"{redis}/0", "TONGBAN_JOBS": "celery"}
        code = run_tests(folder, environment)
        tests = read_tests(folder / "junit.xml")
        proofs = read_proofs(folder / "tallies", tests)
    if not proofs:
        print("Nothing was tried.")
        return 1
    print("\n" + "\n".join(table(proofs)))
    write(proofs, tests)
    return 1 if code or any(proof.verdict != "holds" for proof in proofs) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
