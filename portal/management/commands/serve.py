"""manage.py serve: the whole portal in one process, the worker beside the web server (the embedded default)."""

import threading
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandParser
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from portal.demo.people import PEOPLE
from portal.memory import settle
from workflow.worker import start_worker_threads
from workflow.worker_wake import wake_workers

THREADS = 8


class Server(BaseApplication):  # type: ignore[misc]
    """One process of threads: SQLite has one writer, and the worker's wake-up calls stay in the process."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.ended = threading.Event()
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", self.address)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", THREADS)
        self.cfg.set("loglevel", "warning")
        # A thread does not survive the fork: it starts in the process that serves.
        self.cfg.set("post_worker_init", self.start_rounds)
        self.cfg.set("worker_exit", self.end_rounds)

    def start_rounds(self, _worker: object) -> None:
        settle()
        if settings.JOBS == "process":
            start_worker_threads(self.ended)

    def end_rounds(self, _server: object, _worker: object) -> None:
        self.ended.set()
        wake_workers()

    def load(self) -> WSGIHandler:
        return get_wsgi_application()


class Command(BaseCommand):
    help = "Serve the portal and work off its queue, in one process."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", nargs="?", default="127.0.0.1:8000", help="host:port")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Tongban: http://{options['address']}")
        if settings.DEMO:
            for person in PEOPLE:
                self.stdout.write(f"  {person.role}  {person.name}  ({person.username})")
        self.stdout.flush()
        Server(options["address"]).run()
