"""gunicorn behind nginx: threads, because a page waits for the database most of its time."""

import os

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
# Without query strings: filters may carry names and identity numbers. The visitor is whom nginx saw.
access_log_format = '%({x-forwarded-for}i)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s %(L)s'
