"""gunicorn behind nginx: threads, because a page waits for the database most of its time."""

import os
import re
from typing import Any

from gunicorn.glogging import Logger

# Addresses that end with a secret: the SMS provider's reports, the links that confirm an e-mail address
# or let a password be set.
SECRET_ENDS = re.compile(r"^(/(?:sms/receipts|email|set-password)/).+")


class DiscreetLogger(Logger):  # type: ignore[misc]
    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return atoms | {"U": SECRET_ENDS.sub(r"\1***", atoms["U"])}


bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# A worker in a container must not wait for a slow disk to say that it is alive.
worker_tmp_dir = "/dev/shm"  # noqa: S108
# 8 MB photos over slow lines are taken in by nginx first; what lasts longer than this is stuck.
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 2000
max_requests_jitter = 200
forwarded_allow_ips = "*"
accesslog = "-"
logger_class = DiscreetLogger
# Without query strings: filters may carry names and identity numbers. The visitor is whom nginx saw.
access_log_format = '%({x-forwarded-for}i)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s %(L)s'
