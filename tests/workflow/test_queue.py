"""The queue page: what stands in it, its pages, its filters and its cost."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.workflow.toy import TOY, Town


def open_queue(town: Town, stage: str = "unit", who: str = "unit", **query: str):
    client = Client()
    client.force_login(getattr(town, who).user)
    return client.get(reverse("workflow:queue", args=[TOY, stage]), query)


def test_queue_shows_the_waiting_case(town: Town) -> None:
    case = town.at("unit")

    page = open_queue(town).content.decode()

    assert case.subject in page
    assert "6,000.00" in page
