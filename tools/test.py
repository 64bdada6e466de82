"""`make test`: the checks, a part of the suite on SQLite, then what stores anything on PostgreSQL, Redis and Chromium.

PostgreSQL is the database of production: whatever stores or reads anything runs there, with Redis, Celery and Chromium.
On SQLite runs what stores nothing, and what could differ there: the core with its statements and triggers, the walks
through all scopes, roles and lists, the random walks, the demonstration, and of the other floors what speaks to the
database itself. Their other tests run on SQLite when they are named. The longest walks run there alone: each asks for
thousands of pages, and what they ask about is no matter of the database.

python -m tools.test             everything
python -m tools.test --lint      the checks alone
python -m tools.test ARGUMENTS   the tests that these pytest arguments select, on both databases
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import FrameType

from tools import messages, services

PYTHON = sys.executable
BIN = os.path.dirname(sys.executable)
CHECKS = {
    "types": [f"{BIN}/mypy", *messages.FLOORS, "tools"],
    "style": [f"{BIN}/ruff", "check", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "."],
    "floors": [f"{BIN}/lint-imports"],
    "translations": [PYTHON, "-m", "tools.messages", "check"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "system checks": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
}
NOTHING_SELECTED = 5  # pytest's own exit code
# As many as the smallest machine has cores. One more made the half with servers no shorter, and workers late.
WORKERS = "2"
# What a shell may have set for other purposes must not reach the tests.
FOREIGN = {
    "TONGBAN_MODE", "SECRET_KEY", "ENCRYPTION_KEYS", "INDEX_KEY", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL",
    "TONGBAN_JOBS", "S3_BUCKET", "FILES_DIR", "DEBUG", "ALLOWED_HOSTS",
}  # fmt: skip


def run(name: str, command: list[str], *accepted: int, **environment: str) -> bool:
    """Whether the program ended with 0 or an accepted code."""
    print(f"\n== {name}: {shlex.join(command)}", flush=True)
    started = time.monotonic()
    code = subprocess.run(command, env=without_foreign() | environment).returncode
    if code not in {0, *accepted}:
        print(f"== {name}: FAILED after {time.monotonic() - started:.0f} s", flush=True)
        return False
    return True


def without_foreign() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in FOREIGN}


def check(name: str) -> bool:
    """Beside other checks: what it says comes in one piece when it has ended."""
    command = CHECKS[name]
    ended = subprocess.run(command, env=without_foreign(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    verdict = f"== {name}: FAILED\n" if ended.returncode else ""
    print(f"\n== {name}: {shlex.join(command)}\n{ended.stdout}{verdict}", end="", flush=True)
    return ended.returncode == 0


def run_checks() -> list[str]:
    # The types take as long as all the others together.
    with ThreadPoolExecutor(int(WORKERS)) as pool:
        passed = pool.map(check, CHECKS)
        return [name for name, is_passed in zip(CHECKS, passed, strict=True) if not is_passed]


def run_tests(name: str, arguments: list[str], marks: str, **environment: str) -> list[str]:
    command = [PYTHON, "-m", "pytest", "-n", WORKERS, "--dist", "worksteal", "-q", "--durations", "25", *arguments]
    # A part of the suite may have no test for one of the two runs.
    accepted = [NOTHING_SELECTED] if arguments else []
    return [] if run(name, [*command, "-m", marks], *accepted, **environment) else [name]


def run_on_services(arguments: list[str], missing: list[str]) -> list[str]:
    has_browser = "Chromium" not in missing
    programs, redis_program = services.find_postgres(), services.find_redis()
    if programs is None or redis_program is None:
        return run_tests("tests in the browser", arguments, "browser and not services") if has_browser else []
    with ExitStack() as stack:
        database = stack.enter_context(services.postgres(programs))
        redis = stack.enter_context(services.redis_server(redis_program))
        environment = {"DATABASE_URL": database, "REDIS_URL": f"{redis}/0", "TONGBAN_JOBS": "celery"}
        # What touches neither database nor cache has been proved by the first run.
        marks = "not pure" if has_browser else "not pure and not browser"
        marks += "" if arguments else " and not walk"
        name = "tests on PostgreSQL, Redis, Celery and Chromium"
        return run_tests(name, arguments, marks, **environment)


def terminate(_number: int, _frame: FrameType | None) -> None:
    # A plain exit, so that the services are stopped on the way out.
    sys.exit(143)


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, terminate)
    messages.compile_catalogues()
    if arguments == ["--lint"]:
        return 1 if run_checks() else 0
    failed = [] if arguments else run_checks()
    missing = services.find_missing()
    marks = "not browser and not services" if arguments else "not browser and not services and not production"
    failed += run_tests("tests on SQLite", arguments, marks)
    failed += run_on_services(arguments, missing)
    if failed:
        print(f"\nFAILED: {', '.join(failed)}")
    if missing:
        print(f"\nNOT RUN, because this machine lacks {', '.join(missing)}: see the packages named at the start.")
    return 1 if failed or missing else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
