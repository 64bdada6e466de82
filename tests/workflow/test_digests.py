from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from workflow.digests import EventSpelling, canonical_json, event_digest, is_digest_of, salted_digest

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
BODIES = st.dictionaries(st.text(min_size=1, max_size=8), SCALARS | st.lists(SCALARS, max_size=3), max_size=6)
MOMENT = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)


def test_canonical_json_sorts_and_leaves_no_room():
    assert canonical_json({"b": 1, "a": ["沧州", None]}) == '{"a":["沧州",null],"b":1}'.encode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("18000.00"), '"18000"'),
        (Decimal("18000"), '"18000"'),
        (Decimal("1.8E+4"), '"18000"'),
        (Decimal("0.50"), '"0.5"'),
        (Decimal("-0.00"), '"0"'),
        (Decimal("100"), '"100"'),
        (MOMENT, '"2026-11-21T06:30:00.000000+00:00"'),
        (MOMENT.astimezone(timezone(timedelta(hours=8))), '"2026-11-21T06:30:00.000000+00:00"'),
        (date(2026, 1, 2), '"2026-01-02"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
    ],
)
def test_canonical_json_has_one_spelling(value, text):
    assert canonical_json(value).decode() == text


@pytest.mark.parametrize("value", [datetime(2026, 1, 1), Decimal("NaN"), float("nan"), float("inf")])  # noqa: DTZ001
def test_values_without_a_canonical_form_are_refused(value):
    with pytest.raises(ValueError, match=r"canonical|JSON compliant"):
        canonical_json({"x": value})


def test_unknown_types_are_refused():
    with pytest.raises(TypeError, match="object"):
        canonical_json({"x": object()})


def test_event_digest_is_fixed_for_ever():
    assert event_digest("", {"action": "submit", "sequence": 1}) == (
        "2c6bad6883d35b667d94768650ce782e8cdc71e122ec2ac96467f685fe9a76d3"
    )


@given(BODIES, BODIES)
def test_another_body_has_another_digest(one, other):
    assume(canonical_json(one) != canonical_json(other))

    assert event_digest("", one) != event_digest("", other)


@given(BODIES.filter(bool), st.data())
def test_any_changed_removed_or_added_field_changes_the_digest(body, data):
    digest = event_digest("0" * 64, body)
    key = data.draw(st.sampled_from(sorted(body)))
    value = data.draw(SCALARS)
    assume(canonical_json(value) != canonical_json(body[key]))

    assert event_digest("0" * 64, {**body, key: value}) != digest
    assert event_digest("0" * 64, {k: v for k, v in body.items() if k != key}) != digest
    assert event_digest("0" * 64, {**body, key + "+" * 9: value}) != digest


@given(BODIES, st.text(max_size=64), st.text(max_size=64))
def test_the_digest_hangs_on_all_that_came_before(body, one, other):
    assume(one != other)

    assert event_digest(one, body) != event_digest(other, body)


@given(BODIES)
def test_order_of_fields_does_not_matter(body):
    assert event_digest("", dict(reversed(body.items()))) == event_digest("", body)


def test_salted_digest_differs_each_time_and_can_be_checked():
    salt, digest = salted_digest("材料不全")
    other_salt, other_digest = salted_digest("材料不全")

    assert (salt, digest) != (other_salt, other_digest)
    assert digest != other_digest
    assert is_digest_of("材料不全", salt, digest)
    assert not is_digest_of("材料齐全", salt, digest)
    assert not is_digest_of("材料不全", other_salt, digest)


@given(
    shared=st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text(), max_size=6),
    case=st.integers(),
    opinion=st.sampled_from(["", "a" * 64]),
    previous=st.sampled_from(["", "0" * 64]),
)
@example(shared={"payload": '100 % "case" %(seq)s'}, case=1, opinion="", previous="")
def test_a_shared_spelling_gives_the_digest_of_the_whole_body(
    shared: dict[str, Any], case: int, opinion: str, previous: str
) -> None:
    spelling = EventSpelling(shared, numbers=["case"], texts=["opinion_digest"])

    digest = spelling.digest({"previous": previous, "case": case, "opinion_digest": opinion})

    assert digest == event_digest(previous, {**shared, "case": case, "opinion_digest": opinion})
