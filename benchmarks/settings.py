"""The portal's settings in test mode, with the peers installed beside it where their packages are."""

import os
import warnings
from importlib.util import find_spec

os.environ.setdefault("TONGBAN_MODE", "test")
warnings.filterwarnings("ignore", message="CAPTCHA_TEST_MODE")

from portal.settings import *  # noqa: E402, F403

HAS_VIEWFLOW = find_spec("viewflow") is not None
if HAS_VIEWFLOW:
    INSTALLED_APPS += ["viewflow", "viewflow.workflow", "benchmarks.peers"]  # noqa: F405

# The benchmarks answer captchas by rote, and know it.
LOGGING["loggers"]["captcha"] = {"level": "CRITICAL"}  # noqa: F405
