"""What the database keeps of somebody who objects: nothing that can be read without the key."""

import uuid

import pytest
import time_machine
from django.core.exceptions import FieldError
from django.db import connection

from tests.workflow.board import Board
from workflow.models import Objection
from workflow.services.notices import register_objection

ENTERED = {"name": "王五", "contact": "wangwu@example.com", "content": "租房合同不实，房东是其父亲"}


@time_machine.travel("2026-11-16T10:00:00+08:00", tick=False)
def test_objector_contact_and_content_are_encrypted(board: Board) -> None:
    notice, (case,) = board.published()

    register_objection(notice, member=notice.members().get(case=case), token=uuid.uuid4(), **ENTERED)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {Objection._meta.db_table}")
        row = cursor.fetchone()
    stored = b"|".join(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row)
    assert [text for text in ENTERED.values() if text.encode() in stored] == []
    kept = Objection.objects.get()
    assert {key: getattr(kept, key) for key in ENTERED} == ENTERED


@pytest.mark.parametrize("field", sorted(ENTERED))
def test_nobody_searches_what_is_encrypted(board: Board, field: str) -> None:
    with pytest.raises(FieldError, match="encrypted"):
        Objection.objects.filter(**{f"{field}__contains": "王"}).exists()
