"""Files in an S3-compatible store, asked over HTTP."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from moto.server import ThreadedMotoServer
from pytest_django import Settings


@pytest.fixture
def store(settings: Settings) -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    settings.S3_BUCKET = f"tongban-{uuid4().hex}"
    options = {
        "bucket_name": settings.S3_BUCKET,
        "endpoint_url": f"http://{host}:{port}",
        "access_key": "key",
        "secret_key": "secret",
        "region_name": "us-east-1",
        "signature_version": "s3v4",
        "addressing_style": "path",
        "file_overwrite": False,
        "default_acl": "private",
    }
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    }
    yield settings.S3_BUCKET
    server.stop()


def test_create_bucket_may_be_repeated(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    call_command("create_bucket")
    call_command("create_bucket")

    assert capsys.readouterr().out == f"The bucket {store} is there.\n" * 2


def test_files_keep_their_chinese_names(store: str) -> None:
    call_command("create_bucket")

    name = storages["default"].save("材料/租房合同.pdf", ContentFile(b"%PDF-1.7"))

    assert name == "材料/租房合同.pdf"
    with storages["default"].open(name) as file:
        assert file.read() == b"%PDF-1.7"


def test_folder_needs_no_bucket(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_bucket")

    assert capsys.readouterr().out == "Files are kept in a folder: no bucket is needed.\n"
