"""The demonstration is real: told through the chain, and whole by every proof that the system knows."""

import io
from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from portal.demo import story
from portal.demo.names import Crowd
from portal.demo.people import PEOPLE
from tests.portal.demo_cards import LOOKS
from workflow import clock
from workflow.models import Case, ChainVersion, DemoClock, InternalNumber, SeatCounter

pytestmark = pytest.mark.django_db

STATES = {
    "graduate_rent": {"draft", "in_review", "returned", "approved", "rejected", "withdrawn"},
    "bohai_card": {"draft", "in_review", "returned", "approved", "rejected"},
    "card_change": {"in_review", "approved"},
    "card_service": {"draft", "in_review", "returned", "approved"},
    "person_registration": {"in_review", "approved"},
}


@pytest.fixture
def demo_mode(settings: object) -> Iterator[None]:
    settings.DEMO = settings.DEMO_CLOCK = True  # type: ignore[attr-defined]
    yield
    DemoClock.objects.all().delete()
    clock.read()


def test_demo_has_a_case_in_every_stage_and_passes_every_proof(
    demo_mode: None, client: Client, subtests: pytest.Subtests
) -> None:
    call_command("load_demo", stdout=io.StringIO())

    for case_type, states in STATES.items():
        with subtests.test(case_type):
            found = Case.objects.of_type(case_type)
            chain = ChainVersion.objects.published(case_type)
            assert set(found.values_list("stage", flat=True)) - {""} == set(chain.stages.values_list("slug", flat=True))
            assert set(found.values_list("state", flat=True)) == states
    for command in ("verify_events", "check_consistency", "check_counters", "check_money"):
        with subtests.test(command):
            call_command(command, stdout=io.StringIO())
    assert SeatCounter.objects.filter(waiting__lt=0).count() == 0
    assert InternalNumber.objects.count() == Case.objects.exclude(number="").count()
    for look in LOOKS:
        with subtests.test(look.__name__):
            look()
    for person in PEOPLE:
        with subtests.test(person.username):
            arrived = client.post(reverse("portal:demo_sign_in", args=[person.username]), follow=True)
            assert arrived.status_code == 200
            assert arrived.context["user"].username == person.username
    assert story.is_loaded()


def test_demo_sign_in_takes_only_the_people_of_the_list(demo_mode: None, client: Client) -> None:
    assert client.post(reverse("portal:demo_sign_in", args=["somebody"])).status_code == 404


def test_demo_addresses_do_not_exist_outside_demo_mode(client: Client) -> None:
    assert settings.DEMO is False

    assert client.post(reverse("portal:demo_sign_in", args=["graduate"])).status_code == 404
    assert client.get(reverse("portal:demo_inbox")).status_code == 404


def test_demo_clock_moves_by_days_and_by_working_days(demo_mode: None, admin_client: Client) -> None:
    clock.read()
    before = clock.today()

    admin_client.post(reverse("portal:move_clock"), {"days": "1"})
    after_a_day = clock.today()
    admin_client.post(reverse("portal:move_clock"), {"working_days": "5"})

    assert (after_a_day - before).days == 1
    assert (clock.today() - after_a_day).days >= 7 or _has_make_up_days(after_a_day, clock.today())


def _has_make_up_days(first: date, last: date) -> bool:
    """Five working days are shorter than a week only where a weekend is worked."""
    return any(day.weekday() >= 5 for day in (first, last))


@pytest.mark.parametrize("wrong", [{}, {"days": "0"}, {"days": "61"}, {"days": "x"}, {"working_days": "-1"}])
def test_demo_clock_refuses_what_is_no_step(demo_mode: None, admin_client: Client, wrong: dict[str, str]) -> None:
    clock.read()
    before = clock.today()

    response = admin_client.post(reverse("portal:move_clock"), wrong, follow=True)

    assert clock.today() == before
    assert "业务日期没有改动：请选择 1 至 60 天。" in response.content.decode()


def test_demo_clock_comes_back_only_to_an_address(demo_mode: None, admin_client: Client) -> None:
    response = admin_client.post(reverse("portal:move_clock"), {"days": "1", "next": "nowhere"})

    assert response["Location"] == reverse("portal:home")


def test_simulation_walks_cases_and_tells_where_they_wait(demo_mode: None, capsys: pytest.CaptureFixture[str]) -> None:
    story.make_officers(story.make_offices())
    story.make_units(story.Walker())

    call_command("simulate", cases=5, seed=3)

    told = capsys.readouterr().out
    assert "5 cases filed" in told
    assert "Where cases wait:" in told
    assert Case.objects.of_type("graduate_rent").count() == 5


def test_no_two_crowds_share_an_identity_number() -> None:
    """Birthday and sequence come round after 180,000 people; the county tells them apart."""
    crowds = [Crowd(seed, date(2026, 11, 21), first=seed * 180_000) for seed in range(16)]

    numbers = {crowd.next().number[:16] for crowd in crowds}

    assert len(numbers) == len(crowds)
