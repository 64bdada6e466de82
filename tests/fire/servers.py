"""PostgreSQL and Redis that can be killed, and started again on the same port with what reached the disk."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import redis
from django.db import connection

from tools.services import find_postgres, find_redis, free_port, other_user, stop, wait_until

PAUSE = 0.005
PR_SET_PDEATHSIG = 1
# Every commit reaches the disk before it is acknowledged, as on an operator's server.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "128MB"}
# The control of the crash: commits are acknowledged before they are written.
HASTY_COMMITS = {"synchronous_commit": "off"}
# Processes of the server that write what the commits have not written.
WRITERS = (b"background writer", b"walwriter")


def until(ready: Callable[[], Any], what: str, seconds: float = 30) -> Any:
    """Ask again and again; answers the first true answer, or fails with ``what`` was waited for."""
    deadline = time.monotonic() + seconds
    while not (answer := ready()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:g} s for: {what}")
        time.sleep(PAUSE)
    return answer


def children_of(pid: int) -> list[int]:
    return [child for child, parent in _parents() if parent == pid]


def descendants_of(pid: int) -> list[int]:
    found = children_of(pid)
    return [*found, *(deeper for child in found for deeper in descendants_of(child))]


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            # The name of the program stands in brackets and may hold spaces.
            rest = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if rest[0] != "Z":
            yield int(folder.name), int(rest[1])


def die_with_parent() -> None:
    """Called in the child: whoever kills the tests leaves no server behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the process and all its children; the parent stands still first, so that it replaces none."""
    if process.poll() is not None:
        return
    os.kill(process.pid, signal.SIGSTOP)
    family = descendants_of(process.pid)
    for pid in [*family, process.pid]:
        kill(pid)
    process.wait()
    until(lambda: not any(_is_alive(pid) for pid in family), "the killed processes to be gone")


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _title(pid: int) -> bytes:
    """What the process calls itself; nothing once it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


class Postgres:
    """A cluster of its own whose commits are durable."""

    def __init__(self, folder: Path, blocker: Any) -> None:
        programs = find_postgres()
        assert programs is not None
        self.programs, self.folder, self.port = programs, folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._plain: dict[str, Any] = {}
        self._blocker = blocker
        user = other_user()
        self._as: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid} if user else {}
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        make = [programs / "initdb", "-D", folder / "data", "-U", "tongban", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*make, "--locale=C.UTF-8"], check=True, cwd="/", stdout=subprocess.DEVNULL, **self._as)

    def url(self, database: str = "postgres") -> str:
        return f"postgres://tongban@127.0.0.1:{self.port}/{database}"

    def start(self, **settings: str) -> None:
        wanted = {
            "port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.folder),
            "max_connections": "80", "timezone": "UTC", "log_line_prefix": "%d ", **DURABLE, **settings,
        }  # fmt: skip
        options = [part for name, value in wanted.items() for part in ("-c", f"{name}={value}")]
        command = [self.programs / "postgres", "-D", self.folder / "data", *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd="/", stdout=log, stderr=log, start_new_session=True, preexec_fn=die_with_parent,
                **self._as,
            )  # fmt: skip
        wait_until(lambda: psycopg2.connect(self.url()).close(), self.process, "PostgreSQL")

    def freeze_writers(self) -> None:
        """What is not written by the commits themselves is not written behind their back either."""
        assert self.process is not None
        postmaster = self.process.pid

        def writers() -> list[int]:
            return [pid for pid in children_of(postmaster) if any(name in _title(pid) for name in WRITERS)]

        # A process of the server has its name only some time after its start.
        until(lambda: len(writers()) == len(WRITERS), "the processes of the server that write")
        for pid in writers():
            os.kill(pid, signal.SIGSTOP)

    def kill(self) -> None:
        """kill -9 of the postmaster and of every process of the server."""
        assert self.process is not None
        self.hang_up()
        kill_tree(self.process)

    def stop(self) -> None:
        self.hang_up()
        if self.process is not None and self.process.poll() is None:
            stop(self.process, signal.SIGINT)

    def execute(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """On a connection of its own, kept for the next time."""
        plain = self._plain.get(database)
        if plain is None or plain.closed:
            plain = self._plain[database] = psycopg2.connect(self.url(database))
            plain.autocommit = True
        with plain.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def hang_up(self) -> None:
        connection.close()
        while self._plain:
            self._plain.popitem()[1].close()

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    @contextmanager
    def in_process(self, database: str) -> Iterator[None]:
        """Django of this process speaks to that database."""
        before = {key: connection.settings_dict[key] for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}
        connection.close()
        here = {"HOST": "127.0.0.1", "PORT": self.port, "NAME": database, "USER": "tongban"}
        connection.settings_dict.update(here)
        try:
            with self._blocker.unblock():
                yield
        finally:
            connection.close()
            connection.settings_dict.update(before)


class Redis:
    """The broker and the cache; nothing in it is kept."""

    def __init__(self) -> None:
        program = find_redis()
        assert program is not None
        self.program, self.port = program, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, start_new_session=True, preexec_fn=die_with_parent
        )
        wait_until(lambda: redis.Redis(port=self.port).ping(), self.process, "Redis")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """It takes connections and answers nothing, like a machine that hangs."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def length(self, url: str, queue: str) -> int:
        """How many messages of a broker nobody has taken."""
        return int(redis.Redis.from_url(url).llen(queue))

    def flush(self) -> None:
        redis.Redis(port=self.port).flushall()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            stop(self.process, signal.SIGTERM)
