import pytest
from django.core.files.storage import default_storage
from django.test import Client

from workflow import typesetting


def test_livez_answers_under_any_host_name(client: Client) -> None:
    response = client.get("/livez", headers={"host": "10.0.0.7:8000"})

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_answers_when_everything_does(client: Client) -> None:
    response = client.get("/readyz", headers={"host": "10.0.0.7:8000"})

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_says_that_printing_is_slow_and_still_takes_visitors(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting.ffi, "harfbuzz_subset", None)

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.content == b"ok\nlimited: PDF documents are slow without libharfbuzz-subset0\n"


@pytest.mark.django_db
def test_readyz_names_what_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> bool:
        raise OSError(name)

    monkeypatch.setattr(default_storage, "exists", refuse)

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"not reachable: files\n")
