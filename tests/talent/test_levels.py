"""Which card a person's facts point to: pure rules, tried with generated people."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from talent.eligibility import terms_of
from talent.models import CardCategory
from talent.rules.facts import Facts, Study, Terms
from talent.rules.levels import reaches, suggest, unmet
from talent.seeding import read_scheme

TODAY = date(2026, 11, 21)
CATEGORIES = [terms_of(CardCategory(**row)) for row in read_scheme()["categories"]]
DEGREES = st.sampled_from(["", "1", "2", "3", "4"])
STUDIES = st.builds(
    Study, degree=DEGREES, full_time=st.booleans(), double_first_class=st.booleans(), is_foreign=st.booleans()
)
PEOPLE = st.builds(
    Facts,
    today=st.just(TODAY),
    birth_date=st.none() | st.dates(date(1950, 1, 1), date(2008, 1, 1)),
    studies=st.lists(STUDIES, max_size=4).map(tuple),
    title_level=st.sampled_from(["", "1", "2", "3", "4", "5", "9"]),
    skill_level=st.sampled_from(["", "01", "02", "1", "2", "3", "4", "5"]),
)


def person(**facts: object) -> Facts:
    return Facts(today=TODAY, **facts)  # type: ignore[arg-type]


def codes(facts: Facts) -> list[str]:
    return [terms.code for terms in suggest(facts, CATEGORIES)]


@given(facts=PEOPLE)
def test_nothing_is_suggested_whose_conditions_are_not_met(facts: Facts) -> None:
    for terms in suggest(facts, CATEGORIES):
        assert list(unmet(facts, terms)) == []
        assert not terms.needs_evidence


@given(facts=PEOPLE)
def test_the_highest_card_comes_first(facts: Facts) -> None:
    levels = [terms.level for terms in suggest(facts, CATEGORIES[::-1])]

    assert levels == sorted(levels)


@given(facts=PEOPLE, study=STUDIES)
def test_another_education_takes_nothing_away(facts: Facts, study: Study) -> None:
    more = Facts(
        today=facts.today,
        birth_date=facts.birth_date,
        studies=(*facts.studies, study),
        title_level=facts.title_level,
        skill_level=facts.skill_level,
    )

    assert set(codes(facts)) <= set(codes(more))


def test_a_young_doctor_gets_card_b_and_an_old_one_card_c() -> None:
    doctor = (Study(degree="2"),)

    young, old = (
        person(birth_date=date(1995, 1, 1), studies=doctor),
        person(birth_date=date(1980, 1, 1), studies=doctor),
    )

    assert codes(young) == ["doctor", "bachelor"]
    assert codes(old) == ["bachelor"]


def test_the_limit_of_age_holds_to_the_day() -> None:
    """At most 35 years old: until the day before the thirty-sixth birthday."""
    doctor = (Study(degree="2"),)

    assert "doctor" in codes(person(birth_date=date(1990, 11, 22), studies=doctor))
    assert "doctor" not in codes(person(birth_date=date(1990, 11, 21), studies=doctor))


def test_whose_age_nobody_knows_is_below_no_limit() -> None:
    assert codes(person(studies=(Study(degree="2"),))) == ["bachelor"]


def test_one_education_must_show_everything_that_is_asked() -> None:
    """Full-time at one university and first-class at another make no full-time first-class study."""
    apart = (Study(degree="4", full_time=False, double_first_class=True), Study(degree="4"))

    assert "bachelor_top" not in codes(person(studies=apart))


def test_titles_and_skills_are_compared_by_rank() -> None:
    born = date(1990, 1, 1)

    assert codes(person(title_level="1", birth_date=born)) == ["deputy_senior", "middle_title"]
    assert codes(person(title_level="9", birth_date=born)) == []
    assert codes(person(skill_level="01", birth_date=born)) == ["senior_skill", "technician"]
    assert reaches("02", "1")
    assert not reaches("3", "2")


def test_honorary_doctors_are_no_doctors() -> None:
    assert codes(person(studies=(Study(degree="1"),))) == []


def test_a_category_without_conditions_is_never_suggested() -> None:
    assert suggest(person(), [Terms(code="x", level="A", name="x")]) == []
