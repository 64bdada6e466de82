"""What the deployment files and the README say is what the code reads."""

import re
from typing import Any

import pytest
import yaml
from django.urls import reverse

from portal.celery import app
from portal.mode import find_conflicts
from tests.house.tree import ROOT
from workflow.log_masking import mask_text

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
# Read by gunicorn's configuration, not by the settings.
OF_GUNICORN = {"WEB_CONCURRENCY", "WEB_THREADS"}
# What the deployment of docker-compose.yml decides by what it is: production, with a store and workers.
DECIDED = {"DEBUG", "FILES_DIR", "TONGBAN_JOBS", "OFFICERS_NEED_SECOND_FACTOR"}
# Parts of other variables, or of other services.
PARTS = {"PORTAL_HOST", "HTTP_PORT", "HTTPS_PORT", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "WORKER_CONCURRENCY"}


SETTINGS = "".join((ROOT / "portal" / name).read_text() for name in ("settings.py", "identity_settings.py"))


def variables_of_settings() -> set[str]:
    return set(re.findall(r'env\.\w+\(\s*"(\w+)"', SETTINGS))


def test_compose_asks_for_exactly_what_the_example_explains() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    explained = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert asked == explained


def test_example_holds_no_secret() -> None:
    values = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert [name for name, value in values.items() if value and re.search("KEY|PASSWORD", name)] == []


def test_compose_describes_a_complete_deployment() -> None:
    services = {"nginx", "web", "worker", "beat", "setup", "database", "redis", "files"}

    assert set(COMPOSE["services"]) == services
    assert COMPOSE["services"]["web"]["deploy"]["replicas"] == 2
    assert {name for name, service in COMPOSE["services"].items() if "healthcheck" not in service} == {"setup"}


def test_compose_sets_only_what_the_settings_read() -> None:
    environment = COMPOSE["services"]["web"]["environment"]
    filled_in = {name: re.sub(r"\$\{.*?\}", "x" * 50, value) for name, value in environment.items()}

    assert set(environment) <= variables_of_settings() | OF_GUNICORN
    assert find_conflicts("production", filled_in) == [
        "INDEX_KEY is the published one, the SECRET_KEY, or shorter than 32 characters.",
        "IDENTITY_SERVICE_ISSUER must begin with https://: whoever sits on the way could be anybody.",
        "REAL_NAME_ENDPOINT must begin with https://: names and numbers go there.",
        "CARD_VERIFY_ORIGIN must begin with https://: it is printed on talent cards.",
    ]


def variables_of_readme() -> set[str]:
    table = (ROOT / "README.md").read_text().split("### Environment")[1].split("##")[0]
    lines = [line for line in table.splitlines() if line.startswith("| `")]
    return {name for line in lines for name in re.findall(r"`(\w+)`", line.split("|")[1])}


def test_readme_explains_every_variable() -> None:
    assert variables_of_readme() == variables_of_settings() | OF_GUNICORN


@pytest.mark.parametrize("service", ["web", "worker", "beat", "setup"])
def test_every_variable_of_the_readme_reaches_the_containers(service: str) -> None:
    passed = set(COMPOSE["services"][service]["environment"])

    assert variables_of_readme() - DECIDED - passed == set()


def test_every_variable_of_the_example_reaches_the_containers() -> None:
    explained = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert explained - PARTS - set(COMPOSE["services"]["web"]["environment"]) == set()


def test_empty_lines_of_the_example_leave_the_defaults_of_the_settings() -> None:
    """``env.int`` and ``env.bool`` cannot read an empty value: those have their default in both files."""
    typed = set(re.findall(r'env\.(?:int|bool)\(\s*"(\w+)"', SETTINGS)) - DECIDED
    environment = COMPOSE["services"]["web"]["environment"]

    assert {name: environment[name] for name in typed if not re.search(r":-\w+\}$", str(environment[name]))} == {}


def test_beat_calls_a_task_that_exists() -> None:
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_access_logs_keep_no_query_strings() -> None:
    """Filters carry names and identity numbers."""
    nginx = (ROOT / "docker/nginx/tongban.conf.template").read_text()
    gunicorn: dict[str, str] = {}
    exec((ROOT / "docker/gunicorn_config.py").read_text(), gunicorn)

    kept = re.findall(r"log_format addresses '(.*)'", nginx)[0]
    assert "access_log /var/log/nginx/access.log addresses;" in nginx
    assert [
        name for name in ("$request ", '$request"', "$request_uri", "$args", "$query", "referer") if name in kept
    ] == []
    assert [atom for atom in ("%(r)s", "%(q)s", "%(f)s") if atom in gunicorn["access_log_format"]] == []


@pytest.mark.parametrize("name", ["accounts:sms_receipts", "accounts:email_confirm", "accounts:set_password"])
def test_logs_keep_no_address_that_ends_with_a_secret(name: str) -> None:
    """nginx, gunicorn and the application's own: all three of them know every such address."""
    address = reverse(name, args=["c2VjcmV0-k3_Xy"])
    door = address.removesuffix("c2VjcmV0-k3_Xy/")
    gunicorn: dict[str, Any] = {}
    exec((ROOT / "docker/gunicorn_config.py").read_text(), gunicorn)
    nginx = (ROOT / "docker/nginx/tongban.conf.template").read_text()
    noted = re.findall(r"~(\^\S+) \$door", nginx)[0].replace("(?<", "(?P<")

    assert gunicorn["SECRET_ENDS"].sub(r"\1***", address) == f"{door}***"
    assert re.match(noted, address).group("door") == door
    assert mask_text(f"Gone: {address}") == f"Gone: {door}***"
