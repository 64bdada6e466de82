"""公示名单 as a file: written once for each state of its notice."""

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.workflow.board import Board
from workflow.models import Case, PublicNotice
from workflow.services.batches import take_out_those_before

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder_of_its_own(settings: Any, tmp_path: Path) -> None:
    """Keys of notices begin anew in every test, and files outlive it."""
    settings.MEDIA_ROOT = str(tmp_path)


def names_on(notice: PublicNotice, language: str = "zh-hans") -> list[str]:
    response = Client(headers={"accept-language": language}).get(reverse("workflow:notice_sheet", args=[notice.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    assert sheet is not None
    return [str(row[1].value) for row in sheet.iter_rows(min_row=5)]


def files_of(notice: PublicNotice) -> list[str]:
    return sorted(default_storage.listdir(f"notices/{notice.pk}")[1])


def test_list_is_written_once_for_everybody(board: Board) -> None:
    notice, cases = board.published(2)
    first = names_on(notice)
    # A list written anew would say this.
    Case.objects.filter(pk=cases[0].pk).update(subject="另一人")

    with CaptureQueriesContext(connection) as captured:
        again = names_on(notice)

    assert again == first == [case.subject for case in cases]
    assert not [query for query in captured.captured_queries if "batchmember" in query["sql"]]


def test_list_is_written_anew_when_a_case_is_taken_out(board: Board) -> None:
    notice, cases = board.published(2)
    names_on(notice)
    (before,) = files_of(notice)
    gone = Case.objects.get(pk=cases[0].pk)
    Case.objects.filter(pk=gone.pk).update(state="rejected", stage="", holder=None)

    take_out_those_before([Case.objects.get(pk=gone.pk)], at=gone.created_at)

    assert names_on(notice) == [cases[1].subject]
    (after,) = files_of(notice)
    assert after != before


def test_each_language_has_a_list_of_its_own(board: Board) -> None:
    notice, cases = board.published(1)

    assert names_on(notice, "zh-hans") == names_on(notice, "en") == [cases[0].subject]

    assert {name.rpartition("-")[0] for name in files_of(notice)} == {"zh-hans", "en"}


def test_half_a_list_is_written_again(board: Board) -> None:
    """A process died while it wrote the file under its final name."""
    notice, cases = board.published(2)
    earlier = set(files_of(notice)) if default_storage.exists(f"notices/{notice.pk}") else set()
    names_on(notice)
    (written,) = set(files_of(notice)) - earlier
    name = f"notices/{notice.pk}/{written}"
    with default_storage.open(name) as file:
        half = file.read()[:-100]
    default_storage.delete(name)
    default_storage.save(name, ContentFile(half))

    assert names_on(notice) == [case.subject for case in cases]
    with default_storage.open(name) as file:
        assert zipfile.is_zipfile(file)
