"""What `make chaos` makes of its tests: nothing that went wrong may look like a proof."""

import json
from pathlib import Path

import pytest

from benchmarks.chaos import Proof, read_proofs, read_tests

REPORT = """<testsuites><testsuite>
<testcase name="test_race[one]" time="2.04"/>
<testcase name="test_broken_off" time="30"><failure message="TimeoutError: waited 30 s&#10;more"/></testcase>
<testcase name="test_no_server" time="0"><error message="RuntimeError: PostgreSQL did not start."/></testcase>
<testcase name="test_left_out" time="0"><skipped message="services"/></testcase>
<testcase name="test_lost" time="9"><failure message="AssertionError: lost"/></testcase>
<testcase name="test_walks" time="9"/>
<testcase name="test_guard[a]" time="9"/>
<testcase name="test_guard[b]" time="9"><failure message="Failed: DID NOT RAISE"/></testcase>
</testsuite></testsuites>"""


def line(test: str, name: str, trials: int, failures: int, control_trials: int, harmed: int) -> str:
    counts = {"trials": trials, "failures": failures, "control_trials": control_trials, "harmed": harmed}
    return json.dumps({"test": test, "name": name, "how": "", "faults": ["lost: one"] * failures, "harms": []} | counts)


@pytest.fixture
def proofs(tmp_path: Path) -> dict[str, Proof]:
    report, tallies = tmp_path / "junit.xml", tmp_path / "tallies"
    report.write_text(REPORT)
    rows = [
        line("test_race[one]", "race", 200, 0, 20, 20),
        line("test_broken_off", "broken_off", 21, 0, 1, 1),
        line("test_lost", "lost", 15, 1, 3, 3),
        line("test_walks", "walks", 300, 0, 0, 0),
        line("test_guard[a]", "walks", 0, 0, 1, 1),
        line("test_guard[b]", "walks", 0, 0, 1, 0),
    ]
    tallies.write_text("\n".join(rows))
    return {proof.name: proof for proof in read_proofs(tallies, read_tests(report))}


def test_each_proof_has_its_verdict(proofs: dict[str, Proof]) -> None:
    assert {name: proof.verdict for name, proof in proofs.items()} == {
        "race": "holds",
        # Its trials went well as far as they went; what the others would have shown nobody knows.
        "broken_off": "ERROR",
        "test_no_server": "ERROR",
        "test_left_out": "ERROR",
        "lost": "FAILS",
        # One of the guards that were taken away was not missed.
        "walks": "ERROR",
    }


def test_no_bound_is_given_where_something_went_wrong(proofs: dict[str, Proof]) -> None:
    assert {name: proof.bound for name, proof in proofs.items() if proof.bound is not None} == {"race": 0.015}


def test_tests_of_one_proof_are_counted_together(proofs: dict[str, Proof]) -> None:
    walks = proofs["walks"]

    assert (walks.trials, walks.control_trials, walks.harmed, walks.errors) == (300, 2, 1, 1)


def test_a_control_without_harm_proves_nothing() -> None:
    assert Proof("race", 200, 0, 20, 0, "").verdict == "FAILS"


def test_a_run_without_a_report_is_an_error(tmp_path: Path) -> None:
    (proof,) = read_proofs(tmp_path / "tallies", read_tests(tmp_path / "junit.xml"))

    assert proof.verdict == "ERROR"
