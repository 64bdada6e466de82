"""How often one address may write to a public page."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests.workflow.board import Board
from workflow.models import Objection
from workflow.views.notices import OBJECTIONS


def _form(content: str) -> dict[str, str]:
    entered = {"token": str(uuid.uuid4()), "name": "王五", "contact": "13800001111", "content": content}
    return entered | {"captcha_0": "key", "captcha_1": "PASSED"}


def test_objections_from_one_address_are_limited_and_nothing_typed_is_lost(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("captcha.conf.settings.CAPTCHA_TEST_MODE", True)
    notice, _cases = board.published()
    page = reverse("workflow:object", args=[notice.pk, notice.members().get().pk])

    answers = [Client().post(page, _form(f"异议{number}")) for number in range(OBJECTIONS + 1)]

    assert [answer.status_code for answer in answers] == [302] * OBJECTIONS + [429]
    assert f"异议{OBJECTIONS}" in answers[-1].content.decode()
    assert "请10分钟后再次提交" in answers[-1].content.decode()
    assert Objection.objects.count() == OBJECTIONS
    assert Client().post(page, _form("另一处"), REMOTE_ADDR="10.9.8.7").status_code == 302
