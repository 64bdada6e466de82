"""Choosing in which duty to act."""

from django.test import Client
from django.urls import reverse

from tests.workflow.factories import DutyFactory
from tests.workflow.toy import TOY, Town


def test_switching_changes_whose_queue_is_open(town: Town) -> None:
    second = DutyFactory(user=town.unit.user, organisation=town.county.organisation)
    client = Client()
    client.force_login(town.unit.user)
    county = reverse("workflow:queue", args=[TOY, "county"])
    assert client.get(county).status_code == 403

    response = client.post(reverse("workflow:switch_duty"), {"duty": second.pk})

    assert response.status_code == 302
    assert client.get(county).status_code == 200
    assert client.get(reverse("workflow:queue", args=[TOY, "unit"])).status_code == 403


def test_somebody_elses_duty_is_forbidden(town: Town) -> None:
    client = Client()
    client.force_login(town.unit.user)

    assert client.post(reverse("workflow:switch_duty"), {"duty": town.county.pk}).status_code == 403
    assert client.post(reverse("workflow:switch_duty"), {"duty": "x"}).status_code == 403
    assert client.get(reverse("workflow:switch_duty")).status_code == 405
