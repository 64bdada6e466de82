"""What the workers write into their logs."""

import os
import subprocess
import sys

from tests.house.tree import ROOT

WORKER = """
import logging
from portal.celery import app
app.log.setup_logging_subsystem(loglevel=logging.INFO)
logging.getLogger("celery.app.trace").info("Task for 13912345678 of 13090219990307001X")
logging.getLogger("some.library").warning("no %s", "13912345678")
logging.getLogger("celery.app.trace").debug("too much")
"""


def test_workers_log_through_the_same_mask() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "TONGBAN_MODE": "test"}

    ran = subprocess.run(
        [sys.executable, "-c", WORKER], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    named = [line for line in ran.stderr.splitlines() if "celery.app.trace" in line or "some.library" in line]
    assert [line.partition(": ")[2] for line in named] == [
        "Task for 139****5678 of 130902********001X",
        "no 139****5678",
    ]
