"""The embedded worker: a message does not wait for the end of long work."""

import threading
import time
from collections.abc import Iterator

import pytest

from workflow import worker, worker_wake
from workflow.worker import start_worker_threads


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Long work ends when it opens."""
    opened = threading.Event()
    monkeypatch.setattr(worker_wake, "_wakers", [])
    monkeypatch.setattr(worker, "ROUND_SECONDS", 3600)
    monkeypatch.setattr(worker.clock, "read", lambda: None)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker, "run_timers", lambda: 0)
    monkeypatch.setattr(worker, "_run_jobs", lambda: int(opened.wait(20)))
    yield opened
    opened.set()


def wait_for(delivered: list[float], count: int) -> None:
    deadline = time.monotonic() + 10
    while len(delivered) < count:
        assert time.monotonic() < deadline, "no message was delivered"
        time.sleep(0.01)


def test_message_does_not_wait_for_long_work(gate: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    delivered: list[float] = []

    def deliver() -> int:
        delivered.append(time.monotonic())
        return 1

    monkeypatch.setattr(worker, "deliver_pending", deliver)
    ended = threading.Event()
    threads = start_worker_threads(ended)
    wait_for(delivered, 1)

    worker_wake.wake_workers()

    wait_for(delivered, 2)
    assert not gate.is_set()
    assert [(thread.name, thread.daemon, thread.is_alive()) for thread in threads] == [
        ("messages", True, True),
        ("jobs", True, True),
    ]
    ended.set()
    gate.set()
    worker_wake.wake_workers()
    for thread in threads:
        thread.join(timeout=10)
    assert not any(thread.is_alive() for thread in threads)
