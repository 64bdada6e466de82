"""Texts at the edge of what can be read: told in words, kept as typed, and never longer than their column."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from talent.formfields import CodeField, DayField, MonthField
from talent.forms.space import LatinField
from talent.models import CardApplication, TalentProfile
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.card_factories import CardApplicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> Person:
    person: Person = PersonFactory(unit=UnitFactory())
    client.force_login(person.users.get())
    return person


@pytest.mark.parametrize("text", ["0000-01", "000001", "0999-12", "3000-01", "9999年12月"])
def test_month_of_no_year_that_anybody_means_is_told(text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        MonthField().clean(text)


@pytest.mark.parametrize("text", ["0001-01-01", "00000101", "0999-12-31", "3000-01-01", "9999-12-31"])
def test_day_of_no_year_that_anybody_means_is_told(text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        DayField().clean(text)


@pytest.mark.parametrize(
    ("text", "day"), [("1900-01-01", date(1900, 1, 1)), ("２９９９年12月31日", date(2999, 12, 31))]
)
def test_first_and_last_day_are_read(text: str, day: date) -> None:
    assert DayField().clean(text) == day


@pytest.mark.parametrize(("field", "letter"), [(CodeField, "ß"), (CodeField, "ﬃ"), (LatinField, "ﬃ")])
def test_letter_that_becomes_several_is_counted_as_many(field: Any, letter: str) -> None:
    with pytest.raises(ValidationError):
        field(max_length=5).clean(letter * 5)
    assert len(field(max_length=5).clean(letter)) in (2, 3)


def test_draft_keeps_a_year_that_no_calendar_has(client: Client) -> None:
    application = CardApplicationFactory()
    client.force_login(application.case.applicant)

    answer = client.post(
        reverse("talent:apply_autosave", args=[application.pk]), {"insured_from": "0000-01", "position": "总工"}
    )

    assert answer.status_code == 200
    kept = CardApplication.objects.get(pk=application.pk)
    assert (kept.typed["insured_from"], kept.position) == ("0000-01", "总工")


@pytest.mark.parametrize(("field", "text"), [("name_latin", "ﬃ" * 80), ("talent_certificate", "ß" * 40)])
def test_text_that_grows_beyond_its_column_is_kept_as_typed(
    client: Client, person: Person, field: str, text: str
) -> None:
    client.post(reverse("talent:profile_autosave"), {field: text, "address": "沧州"})

    profile = TalentProfile.objects.get(person=person)
    assert (profile.typed, getattr(profile, field), profile.address) == ({field: text}, "", "沧州")
