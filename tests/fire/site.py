"""The portal as it runs for a province, in small: gunicorn, Celery workers, PostgreSQL and Redis, each killable."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg2
from celery import current_app
from kombu import Connection

from tests.fire.browser import Browser
from tests.fire.servers import Postgres, Redis, children_of, die_with_parent, kill, kill_tree, until
from tests.fire.town import Town
from tools.services import free_port

BIN = Path(sys.executable).parent
PRODUCT, GUARDS_OFF = "portal.wsgi", "tests.fire.naive_web"
BRISK, ACKS_EARLY = "tests.fire.brisk", "tests.fire.naive_worker"
THREADS = 8
# Processes of a worker.
HANDS = 3
PAUSE_BEFORE_RESTART = 0.2


class Web:
    """gunicorn with the configuration of the image: two processes of eight threads."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def is_ready(self) -> bool:
        assert self.process.poll() is None, "gunicorn ended"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/livez", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def browser(self, user: object) -> Browser:
        return Browser(self.port, user)

    def kill_processes(self) -> None:
        """kill -9 of both web processes; the parent of both starts others by itself."""
        old = children_of(self.process.pid)
        for pid in old:
            kill(pid)
        until(lambda: not set(children_of(self.process.pid)) & set(old), "the web processes to be gone")

    def wait(self) -> None:
        until(self.is_ready, "gunicorn", 60)

    def stop(self) -> None:
        kill_tree(self.process)


class Worker:
    """A Celery worker, and the beat that knocks at it in every round.

    Should one of them end, it is started again, as `restart: unless-stopped` of docker-compose.yml does.
    """

    def __init__(self, *starts: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._starts = starts
        self._running = [start() for start in starts]
        self._is_over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper of a worker", daemon=True)
        self._keeper.start()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        return self._running[0]

    def _keep(self) -> None:
        while not self._is_over.wait(PAUSE_BEFORE_RESTART):
            for place, start in enumerate(self._starts):
                if self._running[place].poll() is not None:
                    self._running[place] = start()
        # Whoever is started by a thread ends with it.
        for process in reversed(self._running):
            kill_tree(process)

    def kill_hands(self) -> None:
        """kill -9 of the processes that do the work; the one that started them starts others."""
        for pid in children_of(self.process.pid):
            kill(pid)

    def stop(self) -> None:
        self._is_over.set()
        self._keeper.join()


class Site:
    """One database of the cluster and everything that runs on it."""

    def __init__(self, postgres: Postgres, redis: Redis, database: str, folder: Path, *, place: int) -> None:
        self.postgres, self.redis, self.database, self.folder = postgres, redis, database, folder
        self.town: Town
        self.web: Web
        # Cache and broker of this site in the shared Redis.
        self.cache, self.broker = (f"{redis.url}/{2 * place + side}" for side in (0, 1))
        self._running: list[Web | Worker] = []

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "TONGBAN_MODE": "test",
            "TONGBAN_JOBS": "celery",
            "DATABASE_URL": self.postgres.url(self.database),
            "REDIS_URL": self.cache,
            "CELERY_BROKER_URL": self.broker,
            "FILES_DIR": str(self.folder),
            "SMS_GATEWAY": "tests.fire.post.FileGateway",
            "WEB_CONCURRENCY": "2",
            "WEB_THREADS": str(THREADS),
            "PYTHONWARNINGS": "ignore",
        }
        return {key: value for key, value in os.environ.items() if key != "DJANGO_ALLOW_ASYNC_UNSAFE"} | ours

    def serve(self, entry: str = PRODUCT) -> Web:
        port = free_port()
        command = [
            BIN / "gunicorn", f"{entry}:application", "--config", "docker/gunicorn_config.py",
            "--bind", f"127.0.0.1:{port}", "--access-logfile", "/dev/null", "--log-level", "error",
        ]  # fmt: skip
        web = Web(self._start(command, "web"), port)
        self._running.append(web)
        return web

    def hire(self, entry: str) -> Worker:
        work = ["worker", "--concurrency", str(HANDS), "--without-gossip", "--without-mingle"]
        beat = ["beat", "--schedule", self.folder / "beat", "--pidfile="]
        parts = [[BIN / "celery", "-q", "-A", entry, *part, "--loglevel", "error"] for part in (work, beat)]
        worker = Worker(*(partial(self._start, part, "worker") for part in parts))
        self._running.append(worker)
        return worker

    @property
    def has_guards(self) -> bool:
        return self.database == "product"

    def _start(self, command: list[Any], name: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=die_with_parent,
            )  # fmt: skip

    def log(self) -> str:
        """What the processes complained of."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def close(self) -> None:
        for running in reversed(self._running):
            running.stop()

    def in_process(self) -> AbstractContextManager[None]:
        return self.postgres.in_process(self.database)

    def knock(self, task: str, *arguments: object) -> None:
        """Hand a task to the site's broker, as a web process or the beat does."""
        with Connection(self.broker) as line:
            current_app.send_task(task, arguments, connection=line)

    # Known points ---------------------------------------------------------------------------------------------------

    @contextmanager
    def holding(self, sql: str, *parameters: object) -> Iterator[Callable[[], None]]:
        """Hold the locks that this statement takes until the end, or until what is yielded is called."""
        holder = psycopg2.connect(self.postgres.url(self.database))
        try:
            with holder.cursor() as cursor:
                cursor.execute(sql, parameters)
            yield holder.rollback
        finally:
            holder.close()

    def waiting(self) -> int:
        """How many backends stand before a lock."""
        sql = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{self.database}' AND wait_event_type = 'Lock'"
        return int(self.postgres.execute(sql)[0][0])

    def until_waiting(self, count: int = 1, otherwise: Callable[[], object] = lambda: False) -> None:
        """Until so many transactions stand before a lock, ``otherwise`` until that is true."""
        try:
            arrived = f"{count} transactions before the lock"
            until(lambda: self.waiting() >= count or otherwise(), arrived, 120)  # a killed worker's heir starts anew
        except TimeoutError as error:
            sql = "SELECT state, wait_event_type, wait_event, left(query, 90) FROM pg_stat_activity"
            rows = self.postgres.execute(f"{sql} WHERE datname = '{self.database}'")
            raise TimeoutError("\n".join(map(str, [error, *rows]))) from error

    def until_still(self) -> None:
        """No transaction is open any more: what the killed processes had begun has been undone."""
        sql = (
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            f" AND datname = '{self.database}' AND state IN ('active', 'idle in transaction')"
        )
        until(lambda: self.postgres.execute(sql) == [(0,)], "all transactions to end")

    def deadlocks(self) -> int:
        """How often the server had to end a deadlock in this database, as its log has it: at once and of every one."""
        line = f"{self.database} ERROR:  deadlock detected"
        return self.postgres.log().count(line)
