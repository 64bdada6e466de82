"""Whoever states, is verified or expires at the same moment: on a real PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.enums import IdentifierKind, RealNameLevel
from accounts.models import Identifier, StatedPerson, StatedUnit, User
from accounts.services.unverified_claims import release_unverified
from tests.accounts import identity
from tests.accounts.stating import PAGE, natural, person_form, signed_in, unit_form
from tests.accounts.test_real_name_races import recognised, together
from tests.accounts.test_squatting import NUMBER, from_the_service, held_by, squatter
from workflow import clock
from workflow.lookup_keys import identity_key

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def service(settings: Any) -> None:
    identity.configure(settings, "https://id.example")


@pytest.mark.parametrize("round_", range(5))
def test_two_who_are_verified_at_once_end_with_one_holder(round_: int) -> None:
    """One holds the number, the other does not."""
    users = [natural(750, number=NUMBER), natural(751, number=NUMBER, takes_number=False)]
    users = users[:: 1 if round_ % 2 else -1]

    ends = together(*map(recognised, users))

    winner = User.objects.get(real_name_level=RealNameLevel.MIDDLE)
    assert ends[1] == "done"
    assert ends[0] in ("StatementChanged", "Taken")
    assert Identifier.objects.get(hash=identity_key(NUMBER)).user == winner


@pytest.mark.parametrize("round_", range(5))
def test_holder_who_is_verified_at_this_moment_keeps_the_number(round_: int, service: None) -> None:
    holder = natural()

    ends = together(recognised(holder), from_the_service)

    user = User.objects.get(real_name_level=RealNameLevel.MIDDLE)
    assert ends in (["NotLinked", "done"], ["StatementChanged", "done"], ["Taken", "done"])
    assert Identifier.objects.get(hash=identity_key(NUMBER)).user == user
    assert User.objects.filter(person__isnull=False).get() == user


@pytest.mark.parametrize("round_", range(5))
def test_what_is_stated_anew_at_this_moment_does_not_expire(round_: int) -> None:
    person, unit = natural(), squatter()
    stale = clock.now() - timedelta(days=1)
    StatedPerson.objects.update(stated_at=stale)
    StatedUnit.objects.update(stated_at=stale)
    User.objects.update(date_joined=stale)
    forms = [(signed_in(person), person_form(counter="1")), (signed_in(unit), unit_form(unit, counter="1"))]

    ends = together(
        lambda: release_unverified(stale + timedelta(hours=1)),
        *(lambda client=client, form=form: client.post(PAGE, form) for client, form in forms),
    )

    assert ends == ["done"] * 3
    assert held_by(person) == {IdentifierKind.PHONE, IdentifierKind.ID_NUMBER}
    assert IdentifierKind.CREDIT_CODE in held_by(unit)
