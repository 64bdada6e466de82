"""The portal with the peers of its queue page mounted beside it, and every answer telling its number of statements."""

from benchmarks.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.portal_urls"
MIDDLEWARE = ["benchmarks.queue_peers.count_statements", *MIDDLEWARE]  # noqa: F405
