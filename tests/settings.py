"""The project's settings as the suite needs them: test mode, and two Redis databases for each parallel worker."""

import os
import warnings

os.environ.setdefault("TONGBAN_MODE", "test")
# Playwright's event loop and Django's ORM share the main thread in browser tests.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
if "REDIS_URL" in os.environ:
    # The cache is emptied before each test, and must not take the broker's queues with it.
    address, number = os.environ["REDIS_URL"].rpartition("/")[0], os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]
    os.environ["REDIS_URL"] = f"{address}/{2 * int(number)}"
    os.environ["CELERY_BROKER_URL"] = f"{address}/{2 * int(number) + 1}"

warnings.filterwarnings("ignore", message="CAPTCHA_TEST_MODE")

from portal.settings import *  # noqa: E402, F403
from tests.strict_templates import Undefined  # noqa: E402

TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("%s")  # noqa: F405

# Each test's client would look through all static files before its first request.
WHITENOISE_AUTOREFRESH = True

# The suite answers captchas by rote, and knows it.
LOGGING["loggers"]["captcha"] = {"level": "CRITICAL"}  # noqa: F405
