"""Duties, seats and counts of a page, read with one statement."""

from datetime import UTC, date, datetime, timedelta

import time_machine
from pytest_django import DjangoAssertNumQueries

from tests.workflow.factories import DutyFactory
from tests.workflow.toy import TOY, Town
from workflow.actors import Actor
from workflow.enums import Role
from workflow.models import Duty
from workflow.seats import Waiting, posts_of, seats_of

TODAY = date(2026, 11, 23)


def test_posts_are_the_duties_with_their_offices(town: Town, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    reviewer = DutyFactory(user=town.unit.user, role=Role.REVIEWER, ends_on=TODAY)
    posts_of(town.unit.user.pk, TODAY)

    with django_assert_num_queries(1):
        posts = posts_of(town.unit.user.pk, TODAY)
        regions = [post.duty.organisation.region.name for post in posts]

    assert [post.duty for post in posts] == [town.unit, reviewer]
    assert regions == [duty.organisation.region.name for duty in (town.unit, reviewer)]
    for post in posts:
        kept = Duty.objects.select_related("organisation").get(pk=post.duty.pk)
        for ours, theirs in ((post.duty, kept), (post.duty.organisation, kept.organisation)):
            fields = [field.attname for field in ours._meta.concrete_fields]
            assert [getattr(ours, name) for name in fields] == [getattr(theirs, name) for name in fields]


def test_posts_have_the_seats_of_their_role_in_the_order_of_the_chains(town: Town) -> None:
    reviewer = DutyFactory(user=town.unit.user, organisation=town.unit.organisation, role=Role.REVIEWER)

    posts = posts_of(town.unit.user.pk, TODAY)

    expected = [seat.key for seat in seats_of(Actor.in_duty(town.unit, town.unit.user))]
    assert [seat.key for seat in posts[0].seats] == expected
    assert [key for key in expected if key[0] == TOY] == [(TOY, "unit"), (TOY, "report")]
    assert (posts[1].duty, posts[1].seats) == (reviewer, [])


def test_no_post_outside_its_days_or_in_a_closed_office(town: Town) -> None:
    user = DutyFactory(starts_on=TODAY, ends_on=TODAY).user
    DutyFactory(user=user, organisation__active=False)

    found = {day: len(posts_of(user.pk, TODAY + timedelta(days=day))) for day in (-1, 0, 1)}

    assert found == {-1: 0, 0: 1, 1: 0}


def test_posts_count_what_waits_and_what_is_overdue(town: Town) -> None:
    with time_machine.travel(datetime(2026, 10, 20, 2, 0, tzinfo=UTC)):
        late = town.at("unit")
    with time_machine.travel(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        town.at("unit")

    waiting = posts_of(town.unit.user.pk, TODAY)[0].waiting
    on_its_day = posts_of(town.unit.user.pk, late.due_on)[0].waiting

    assert waiting[TOY, "unit"] == Waiting(2, 1)
    assert waiting[TOY, "report"] == Waiting(0, 0)
    assert on_its_day[TOY, "unit"] == Waiting(2, 0)
