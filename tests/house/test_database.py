"""Transactional tests leave the database as they found it, in spite of its triggers."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import TransactionTestCase

from workflow.models import CalendarDay, Organisation, Region, Stage
from workflow.triggers import drop_triggers, missing_triggers

pytestmark = pytest.mark.django_db(transaction=True)


def all_rows() -> dict[str, list[dict[str, Any]]]:
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in apps.get_models()}


def test_what_a_test_has_committed_is_undone_after_it() -> None:
    before = all_rows()
    drop_triggers(connection)
    Stage.objects.update(label="")
    CalendarDay.objects.all().delete()
    Organisation.objects.create(code="ORG", name="某某科技有限公司", kind="unit", region_id="130902")

    TransactionTestCase("__init__")._fixture_teardown()

    assert all_rows() == before
    assert missing_triggers(connection) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Stage.objects.update(label="")


@pytest.mark.parametrize("turn", ["first", "after another one"])
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
