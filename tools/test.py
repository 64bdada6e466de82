"""`make test`: the checks, the suite on SQLite, then all of it on real PostgreSQL, Redis, Celery and Chromium.

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
from contextlib import ExitStack
from types import FrameType

from tools import messages, services

PYTHON = sys.executable
BIN = os.path.dirname(sys.executable)
CHECKS = {
    "style": [f"{BIN}/ruff", "check", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "."],
    "types": [f"{BIN}/mypy", *messages.FLOORS, "tools"],
    "floors": [f"{BIN}/lint-imports"],
    "translations": [PYTHON, "-m", "tools.messages", "check"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "system checks": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
}
NOTHING_SELECTED = 5  # pytest's own exit code


def run(name: str, command: list[str], **environment: str) -> bool:
    print(f"\n== {name}: {shlex.join(command)}", flush=True)
    started = time.monotonic()
    code = subprocess.run(command, env=os.environ | {"TONGBAN_MODE": "test"} | environment).returncode
    print(f"== {name}: {'ok' if code == 0 else 'FAILED'} after {time.monotonic() - started:.0f} s", flush=True)
    return code == 0


def run_tests(name: str, arguments: list[str], marks: str, **environment: str) -> bool:
    command = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-q", *arguments]
    if marks:
        command += ["-m", marks]
    print(f"\n== {name}: {shlex.join(command)}", flush=True)
    code = subprocess.run(command, env=os.environ | {"TONGBAN_MODE": "test"} | environment).returncode
    return code == 0 or (code == NOTHING_SELECTED and bool(arguments))


def find_missing() -> list[str]:
    found = {
        "PostgreSQL": services.find_postgres(),
        "Redis": services.find_redis(),
        "Chromium": services.find_chromium(),
    }
    return [name for name, program in found.items() if not program]


def run_on_services(arguments: list[str], marks: str) -> bool:
    programs, redis_program = services.find_postgres(), services.find_redis()
    if programs is None or redis_program is None:
        return run_tests(
            "tests in the browser on SQLite", arguments, "browser" if not marks else "browser and services"
        )
    with ExitStack() as stack:
        database = stack.enter_context(services.postgres(programs))
        redis_url = stack.enter_context(services.redis_server(redis_program))
        return run_tests(
            "tests on PostgreSQL, Redis, Celery and Chromium",
            arguments, marks, DATABASE_URL=database, REDIS_URL=f"{redis_url}/0", TONGBAN_JOBS="celery",
        )  # fmt: skip


def terminate(_number: int, _frame: FrameType | None) -> None:
    # A plain exit, so that the services are stopped on the way out.
    sys.exit(143)


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, terminate)
    messages.compile_catalogues()
    only_checks = arguments == ["--lint"]
    failed = (
        [] if arguments and not only_checks else [name for name, command in CHECKS.items() if not run(name, command)]
    )
    missing = [] if only_checks else find_missing()
    if not only_checks:
        if not run_tests("tests on SQLite", arguments, "not browser and not services"):
            failed.append("tests on SQLite")
        if not run_on_services(arguments, "not browser" if "Chromium" in missing else ""):
            failed.append("tests on the real services")
    if failed:
        print(f"\nFAILED: {', '.join(failed)}")
    if missing:
        print(f"\nNOT RUN, because this machine lacks {', '.join(missing)}: see the packages named at the start.")
    return 1 if failed or missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
