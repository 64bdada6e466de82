from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings


@pytest.fixture
def release(settings: Settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "portal.storage.StaticFilesStorage"}}
    return tmp_path


def test_static_files_of_a_release_carry_digests_and_are_packed_once(release: Path) -> None:
    call_command("collectstatic", interactive=False, verbosity=0)

    assert [path.name for path in release.glob("css/tongban.????????????.css.gz")] != []
    assert list(release.rglob("*.br")) == []
