"""`make bench`: PostgreSQL with its durable defaults, each group of figures in a process of its own, one table.

python -m benchmarks small|full [MODULE …]
"""

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.harness import Figure, table
from tools import messages, services
from tools.test import FOREIGN, terminate

MODULES = ("perform", "approval", "queue_page", "export", "printing", "simulate")
RESULTS = Path(__file__).parent / "results.json"
PACKAGES = (
    "django",
    "django-fsm-2",
    "django-viewflow",
    "psycopg2-binary",
    "rustpy-xlsxwriter",
    "xlsxwriter",
    "weasyprint",
)


def run_module(name: str, scale: str, environment: dict[str, str]) -> list[Figure]:
    """Raises RuntimeError where the module failed."""
    inherited = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    with tempfile.TemporaryDirectory(prefix="tongban-bench-") as folder:
        answer = Path(folder, "figures.json")
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        command = [sys.executable, "-m", "benchmarks.one", name, scale, str(answer)]
        files = {"FILES_DIR": f"{folder}/files"}
        code = subprocess.run(command, env=inherited | environment | files).returncode
        if code:
            raise RuntimeError(f"benchmarks.{name} ended with {code}.")
        print(f"== {name}: {time.monotonic() - began:.0f} s", flush=True)
        return [Figure.read(row) for row in json.loads(answer.read_text())]


def machine() -> dict[str, object]:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return {"cores": os.cpu_count(), "processor": model, "memory_gib": memory, "system": platform.platform()}


def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    programs = services.find_postgres()
    if programs:
        found["postgresql"] = subprocess.check_output([programs / "postgres", "--version"], text=True).split()[-1]
    return found


def main(scale: str, modules: list[str]) -> int:
    signal.signal(signal.SIGTERM, terminate)
    messages.compile_catalogues()
    programs, redis_program = services.find_postgres(), services.find_redis()
    if programs is None or redis_program is None:
        print(f"Not measured, for this machine lacks {', '.join(services.find_missing())}.")
        return 1
    figures: list[Figure] = []
    failed: list[str] = []
    with ExitStack() as stack:
        database = stack.enter_context(services.postgres(programs, durable=True))
        redis = stack.enter_context(services.redis_server(redis_program))
        environment = {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "DATABASE_URL": database, "REDIS_URL": f"{redis}/0",
        }  # fmt: skip
        for name in modules or MODULES:
            try:
                figures += run_module(name, scale, environment)
            except RuntimeError as error:
                failed.append(str(error))
    if figures:
        print("\n" + "\n".join(table(figures)))
    if not modules:
        write(figures, scale)
    print("\n".join(failed))
    return 1 if failed or not all(figure.holds for figure in figures) else 0


def write(figures: list[Figure], scale: str) -> None:
    result = {
        "scale": scale,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "figures": [figure.as_row() for figure in figures],
    }
    RESULTS.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    arguments = sys.argv[1:] or ["small"]
    if arguments[0] not in ("small", "full") or set(arguments[1:]) - set(MODULES):
        sys.exit(f"usage: python -m benchmarks small|full [{'|'.join(MODULES)} …]")
    try:
        sys.exit(main(arguments[0], arguments[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
