"""Transactional tests empty the database in spite of its triggers, and leave it as they found it."""

import pytest
from django.db import IntegrityError, connection, transaction

from workflow.models import Region, Stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("turn", ["first", "after a flush"])
def test_every_test_finds_seeds_and_triggers(turn: str) -> None:
    assert Region.objects.count() > 500
    assert Stage.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Stage.objects.update(label="")


@pytest.mark.services
def test_queries_are_answered_and_not_compiled() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")

        assert cursor.fetchone() == ("off",)
