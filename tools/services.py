"""Real PostgreSQL and Redis for the tests: started on free ports in a temporary folder, stopped at the end."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from ctypes.util import find_library
from pathlib import Path

import psycopg2
import redis


def find_postgres() -> Path | None:
    """The folder of initdb and postgres; the newest version when there are several."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = installed[-1] if installed else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def find_redis() -> str | None:
    return shutil.which("redis-server")


def find_chromium() -> str | None:
    return shutil.which("chromium")


def find_missing() -> list[str]:
    """What a complete run needs and this machine has not."""
    found = {
        "PostgreSQL": find_postgres(),
        "Redis": find_redis(),
        "Chromium": find_chromium(),
        "LibreOffice": shutil.which("soffice"),
        "Pango": find_library("pangoft2-1.0"),
    }
    return [name for name, program in found.items() if not program]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def other_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: it gets a user of its own."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def wait_until(ready: Callable[[], object], process: subprocess.Popen[bytes], name: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            ready()
            return
        except (psycopg2.OperationalError, redis.ConnectionError):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start.") from None
            time.sleep(0.05)


def stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    process.send_signal(how)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


# Nothing is synced: what the tests leave is never needed after a crash.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB"}
# What an operator would run: every commit reaches the disk.
DURABLE = {"shared_buffers": "2GB", "work_mem": "16MB", "random_page_cost": "1.1", "max_wal_size": "8GB"}


@contextmanager
def postgres(programs: Path, *, durable: bool = False) -> Iterator[str]:
    """Run a throw-away PostgreSQL and yield its DATABASE_URL."""
    user = other_user()
    uid, gid = (user.pw_uid, user.pw_gid) if user else (None, None)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="tongban-postgres-", ignore_cleanup_errors=True) as folder:
        if uid is not None and gid is not None:
            os.chown(folder, uid, gid)
        data = f"{folder}/data"
        make = [str(programs / "initdb"), "-D", data, "-U", "tongban", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(
            [*make, "--no-sync"], check=True, user=uid, group=gid, cwd="/", stdout=subprocess.DEVNULL, timeout=120
        )
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": folder,
            "max_connections": 60,
            "timezone": "UTC",
            **(DURABLE if durable else HASTY),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with Path(folder, "log").open("wb") as log:
            # A session of its own: Ctrl-C reaches the tests first, and the server only when they have ended.
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *options],
                user=uid, group=gid, cwd="/", stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        url = f"postgres://tongban@127.0.0.1:{port}/postgres"
        try:
            wait_until(lambda: psycopg2.connect(url).close(), server, "PostgreSQL")
            yield url
        finally:
            stop(server, signal.SIGINT)


@contextmanager
def redis_server(program: str) -> Iterator[str]:
    """Run a throw-away Redis and yield its address without a database number."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="tongban-redis-", ignore_cleanup_errors=True) as folder:
        settings = {
            "port": port, "bind": "127.0.0.1", "dir": folder, "save": "", "appendonly": "no", "databases": 64,
        }  # fmt: skip
        options = [part for name, value in settings.items() for part in (f"--{name}", str(value))]
        server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            wait_until(lambda: redis.Redis(port=port).ping(), server, "Redis")
            yield f"redis://127.0.0.1:{port}"
        finally:
            stop(server, signal.SIGTERM)
