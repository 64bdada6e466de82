"""`make chaos`: the long form of everything under fire, one table, and `benchmarks/reliability.json`.

Each proof is so many trials of the product and some of its control, in which a guard is off and the harm must show.
Without a failure in n trials, the true rate of failures is at most 3/n at 95 % (rule of three).
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
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.__main__ import machine, versions
from tools import messages, services
from tools.test import FOREIGN, terminate

RESULTS = Path(__file__).parent / "reliability.json"
FIRE = ("test_races", "test_crashes", "test_outages", "test_machine")
# Random walks of the stateful test: about two minutes of them.
WALKS = "300"
WALK, GUARD_GONE = "test_walks_keep_every_rule", "test_walks_find_a_guard_that_is_gone"
WALK_HOW = (
    "random legal and illegal moves of all roles over many cases, batches and notices, compared after every step with "
    "a reference model. Control: one guard taken away at a time, which the walks must find"
)


@dataclass(frozen=True, slots=True)
class Proof:
    name: str
    trials: int
    failures: int
    control_trials: int
    harmed: int
    how: str

    @property
    def holds(self) -> bool:
        return self.trials > 0 and self.failures == 0 and self.harmed > 0

    @property
    def bound(self) -> float | None:
        """The share of failures that is not excluded at 95 %; none is given where something failed."""
        return 3 / self.trials if self.trials and not self.failures else None

    def as_row(self) -> dict[str, object]:
        return {
            "name": self.name,
            "trials": self.trials,
            "failures": self.failures,
            "bound": round(self.bound, 4) if self.bound is not None else None,
            "control": {"trials": self.control_trials, "harmed": self.harmed},
            "how": self.how,
        }


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


def read_proofs(folder: Path) -> Iterator[Proof]:
    tallies = folder / "tallies"
    for line in tallies.read_text().splitlines() if tallies.exists() else ():
        row = json.loads(line)
        for fault in [*row["faults"][:5]]:
            print(f"{row['name']}: {fault}")
        yield Proof(
            row["name"], row["trials"], row["failures"], row["control_trials"], row["harmed"], row["how"]
        )  # fmt: skip
    yield _walks(folder / "junit.xml")


def _walks(report: Path) -> Proof:
    """The stateful test as pytest reports it."""
    passed = {}
    for case in ElementTree.parse(report).iter("testcase"):
        passed[str(case.get("name"))] = not any(case.findall(kind) for kind in ("failure", "error", "skipped"))
    controls = [passed[name] for name in passed if name.startswith(GUARD_GONE)]
    walks = int(os.environ.get("TONGBAN_FIRE_EXAMPLES", WALKS)) if WALK in passed else 0
    return Proof("random_walks", walks, int(not passed.get(WALK, False)), len(controls), sum(controls), WALK_HOW)


def table(proofs: Sequence[Proof]) -> Iterator[str]:
    width = max(len(proof.name) for proof in proofs)
    yield f"{'proof':<{width}}  {'trials':>7}  {'failures':>8}  {'bound (95 %)':>12}  {'control harmed':>14}"
    for proof in proofs:
        bound = f"≤ {100 * proof.bound:.2f} %" if proof.bound is not None else "–"
        harmed = f"{proof.harmed} of {proof.control_trials}"
        verdict = "holds" if proof.holds else "FAILS"
        yield f"{proof.name:<{width}}  {proof.trials:>7}  {proof.failures:>8}  {bound:>12}  {harmed:>14}  {verdict}"


def write(proofs: Sequence[Proof]) -> None:
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "trials": [proof.as_row() for proof in proofs],
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
        database = stack.enter_context(services.postgres(programs))
        redis = stack.enter_context(services.redis_server(redis_program))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tongban-chaos-")))
        environment = {"DATABASE_URL": database, "REDIS_URL": f"{redis}/0", "TONGBAN_JOBS": "celery"}
        code = run_tests(folder, environment)
        proofs = list(read_proofs(folder))
    print("\n" + "\n".join(table(proofs)))
    write(proofs)
    return 1 if code or not all(proof.holds for proof in proofs) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
