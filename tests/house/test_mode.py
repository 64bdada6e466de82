import base64
import os
import subprocess
import sys

import pytest

from portal.mode import (
    ALIYUN_GATEWAY,
    CONSOLE_GATEWAY,
    DEMO_GATEWAY,
    DEMO_VERIFIER,
    OPEN_ENCRYPTION_KEY,
    OPEN_INDEX_KEY,
    OPEN_SECRET_KEY,
    TWO_ELEMENT_VERIFIER,
    find_conflicts,
)
from tests.house.tree import ROOT

PRODUCTION = {
    "SECRET_KEY": "s" * 30 + "0123456789-abcdefghijklmnopq",
    "INDEX_KEY": "i" * 40,
    "ENCRYPTION_KEYS": "1:" + base64.b64encode(bytes(range(32))).decode(),
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgres://tongban:secret@database/tongban",
    "REDIS_URL": "redis://redis:6379/0",
}
ALIYUN = {
    "ALIYUN_SMS_ENDPOINT": "https://sms.example.org",
    "ALIYUN_SMS_KEY_ID": "id",
    "ALIYUN_SMS_KEY_SECRET": "secret",
    "SMS_SIGNATURE": "通办",
}
USES_REGISTER = {
    "REAL_NAME_VERIFIER": TWO_ELEMENT_VERIFIER,
    "REAL_NAME_ENDPOINT": "https://register.example.org/check",
    "REAL_NAME_APP_ID": "tongban",
    "REAL_NAME_SECRET": "secret",
}
USES_ALIYUN = ALIYUN | {"SMS_GATEWAY": ALIYUN_GATEWAY}


def start(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py in an environment of exactly these variables."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=kept | environment, capture_output=True, text=True
    )


def test_mode_must_be_known() -> None:
    assert find_conflicts("staging", {}) == ["TONGBAN_MODE must be demo, test or production, not 'staging'."]


def test_demo_runs_on_nothing_at_all() -> None:
    assert find_conflicts("demo", {}) == []


def test_demo_allows_a_database_on_this_machine() -> None:
    assert find_conflicts("demo", {"DATABASE_URL": "postgres://tongban@127.0.0.1:5432/tongban"}) == []


@pytest.mark.parametrize("name", ["SECRET_KEY", "ENCRYPTION_KEYS", "INDEX_KEY", "S3_BUCKET", "ALIYUN_SMS_KEY_SECRET"])
def test_demo_refuses_what_belongs_to_production(name: str) -> None:
    conflicts = find_conflicts("demo", {name: "anything"})

    assert conflicts == [
        f"{name} belongs to production, and TONGBAN_MODE is demo (or was forgotten): remove one of them."
    ]


def test_demo_refuses_the_database_of_another_machine() -> None:
    conflicts = find_conflicts("demo", {"DATABASE_URL": PRODUCTION["DATABASE_URL"]})

    assert conflicts == ["Demo mode does not work on the database of another machine (database)."]


def test_demo_refuses_the_redirect_to_https() -> None:
    assert len(find_conflicts("demo", {"SECURE_SSL_REDIRECT": "true"})) == 1


def test_production_accepts_complete_settings() -> None:
    assert find_conflicts("production", PRODUCTION) == []


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_names_what_is_missing(name: str) -> None:
    conflicts = find_conflicts("production", PRODUCTION | {name: ""})

    assert [conflict.split(" (")[0] for conflict in conflicts] == [f"Production needs {name}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "1"),
        ("ALLOWED_HOSTS", "portal.example.org,*"),
        ("DATABASE_URL", "sqlite:///var/tongban.sqlite3"),
        ("SECRET_KEY", OPEN_SECRET_KEY),
        ("SECRET_KEY", "short"),
        ("INDEX_KEY", OPEN_INDEX_KEY),
        ("INDEX_KEY", PRODUCTION["SECRET_KEY"]),
        ("ENCRYPTION_KEYS", f"1:{OPEN_ENCRYPTION_KEY}"),
        ("SMS_GATEWAY", DEMO_GATEWAY),
        ("SMS_GATEWAY", CONSOLE_GATEWAY),
        ("REAL_NAME_VERIFIER", DEMO_VERIFIER),
        ("REAL_NAME_ENDPOINT", "http://register.example.org"),
        ("OFFICERS_NEED_SECOND_FACTOR", "off"),
        ("OFFICERS_NEED_SECOND_FACTOR", ""),
        ("EMAIL_URL", "dummymail://"),
    ],
)
def test_production_refuses_what_is_for_trying(name: str, value: str) -> None:
    conflicts = find_conflicts("production", PRODUCTION | {name: value})

    assert [name in conflict or name == "DATABASE_URL" for conflict in conflicts] == [True]


@pytest.mark.parametrize("name", ALIYUN)
def test_provider_of_text_messages_names_what_is_missing(name: str) -> None:
    conflicts = find_conflicts("production", PRODUCTION | USES_ALIYUN | {name: ""})

    assert conflicts == [f"SMS_GATEWAY {ALIYUN_GATEWAY} needs {name}."]


def test_secret_of_the_delivery_reports_must_be_long() -> None:
    conflicts = find_conflicts("production", PRODUCTION | USES_ALIYUN | {"SMS_CALLBACK_TOKEN": "short"})

    assert [conflict.partition(" is ")[0] for conflict in conflicts] == ["SMS_CALLBACK_TOKEN"]


def test_start_is_refused_when_the_mode_was_forgotten() -> None:
    result = start(["check"], **PRODUCTION)

    assert result.returncode == 1
    assert "SECRET_KEY belongs to production, and TONGBAN_MODE is demo (or was forgotten)" in result.stderr


def test_start_is_refused_with_published_keys_in_production() -> None:
    result = start(["check"], **PRODUCTION | {"TONGBAN_MODE": "production", "SECRET_KEY": OPEN_SECRET_KEY})

    assert result.returncode == 1
    assert "SECRET_KEY is the published one" in result.stderr


def test_production_settings_have_no_deployment_warning() -> None:
    environment = PRODUCTION | USES_ALIYUN | {"TONGBAN_MODE": "production"}

    result = start(["check", "--deploy", "--fail-level", "WARNING"], **environment)

    assert (result.returncode, result.stderr) == (0, "")


def test_production_without_text_messages_is_warned() -> None:
    result = start(["check"], **PRODUCTION | {"TONGBAN_MODE": "production"})

    assert result.returncode == 0
    assert "portal.W002" in result.stderr


@pytest.mark.parametrize("name", ["REAL_NAME_ENDPOINT", "REAL_NAME_APP_ID", "REAL_NAME_SECRET"])
def test_register_needs_an_address_and_a_key(name: str) -> None:
    assert find_conflicts("production", PRODUCTION | USES_REGISTER) == []

    conflicts = find_conflicts("production", PRODUCTION | USES_REGISTER | {name: ""})

    assert conflicts == [f"REAL_NAME_VERIFIER {TWO_ELEMENT_VERIFIER} needs {name}."]
