"""Somebody was faster, and the case has reached a step with a form that this page never showed."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import OfficerFactory
from tests.subsidies.walking import application_at, forward, fresh

pytestmark = pytest.mark.django_db


def test_slower_reviewer_is_told_who_was_faster_and_not_asked_for_the_next_form() -> None:
    case = fresh(application_at("county_hr").case)
    client = Client()
    forward(case)
    client.force_login(OfficerFactory(office=case.supervisor))
    colleague = case.events.latest("seq").actor

    answer = client.post(
        reverse("workflow:decide", args=[case.pk, "approve"]), {"token": uuid.uuid4(), "revision": case.revision}
    )

    assert answer.status_code == 409
    assert f"{case.supervisor.name} {colleague}已先行办理" in answer.content.decode()
    assert fresh(case).stage == "publish"
