"""保存期限: what is past its time goes, never below the law, never without a record of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from tests.accounts.factories import UserFactory
from workflow import clock
from workflow.models import Job, OutboxMessage, PaperLook, Purge, RetentionRule
from workflow.permits import REENCRYPT, permitting
from workflow.retention import retention_classes
from workflow.services import retention
from workflow.services.retention import purge_expired, seed_retention
from workflow.services.verification import verify_events

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Any:
    return UserFactory()


def look(owner: Any, *, days: int, n: int = 0) -> PaperLook:
    at = clock.now() - timedelta(days=days)
    return PaperLook.objects.create(
        owner=owner, viewer=UserFactory(), token="0" * 31 + str(n), kind="id_card", how="preview", day=at.date(), at=at
    )


def job(owner: Any, *, days: int, **facts: Any) -> Job:
    at = clock.now() - timedelta(days=days)
    return Job.objects.create(kind="x", title="x", asked_by=owner, created_at=at, **({"state": "done"} | facts))


def test_every_class_has_a_rule_that_the_law_allows() -> None:
    rules = {rule.key: rule for rule in RetentionRule.objects.all()}

    assert rules.keys() == retention_classes.keys()
    for key, kind in retention_classes.items():
        assert rules[key].keep_days == kind.preset_days
        assert kind.is_permanent or kind.preset_days >= kind.minimum_days
    assert rules["paper_looks"].minimum_days >= 3 * 365
    assert rules["tasks"].minimum_days >= 184
    assert rules["cases"].keep_days is None


def test_what_is_past_its_time_goes_and_the_rest_stays(owner: Any) -> None:
    look(owner, days=1097, n=1)
    kept = look(owner, days=1095, n=2)
    job(owner, days=1200)
    running, with_file = job(owner, days=1200, state="running"), job(owner, days=1200, result="jobs/x")

    assert purge_expired() == 2

    assert list(PaperLook.objects.all()) == [kept]
    assert set(Job.objects.all()) == {running, with_file}
    purges = {purge.rule_id: purge for purge in Purge.objects.all()}
    assert purges.keys() == {"paper_looks", "tasks"}
    assert (purges["paper_looks"].rows, purges["paper_looks"].keep_days) == (1, 1096)
    assert clock.local_date(purges["paper_looks"].oldest) == clock.today() - timedelta(days=1097)


def test_it_runs_once_a_day_and_in_chunks(owner: Any, monkeypatch: pytest.MonkeyPatch, time_machine: Any) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    for n in range(5):
        look(owner, days=1100, n=n)

    assert purge_expired() == 5
    look(owner, days=1100, n=6)
    assert purge_expired() == 0
    time_machine.move_to(clock.now() + timedelta(days=1))
    assert purge_expired() == 1

    assert list(Purge.objects.order_by("pk").values_list("rows", flat=True)) == [2, 2, 1, 1]


def test_a_chunk_and_its_record_go_together(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    look(owner, days=1100)

    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Purge.objects, "create", fails)
    with pytest.raises(RuntimeError):
        purge_expired()

    assert PaperLook.objects.count() == 1


def test_no_rule_undercuts_the_law(owner: Any) -> None:
    rule = RetentionRule.objects.get(key="paper_looks")
    rule.keep_days = 30

    with pytest.raises(ValidationError, match="1096"):
        rule.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        rule.save()
    assert RetentionRule.objects.get(key="paper_looks").keep_days == 1096


def test_a_rule_changed_behind_the_form_does_not_undercut_the_law_either(owner: Any) -> None:
    RetentionRule.objects.filter(key="paper_looks").update(minimum_days=1, keep_days=1)
    look(owner, days=500)

    assert purge_expired() == 0

    seed_retention()
    rule = RetentionRule.objects.get(key="paper_looks")
    assert (rule.minimum_days, rule.keep_days) == (1096, 1096)


def test_seeding_again_keeps_what_an_administrator_chose() -> None:
    RetentionRule.objects.filter(key="tasks").update(keep_days=2000)

    seed_retention()

    assert RetentionRule.objects.get(key="tasks").keep_days == 2000


def test_a_business_date_moved_ahead_makes_nothing_older(owner: Any) -> None:
    look(owner, days=1000)

    with clock.travelling(200):
        assert purge_expired() == 0


def test_guarded_rows_go_by_the_purge_alone(owner: Any) -> None:
    seen = look(owner, days=1100)

    for statement in ("DELETE FROM workflow_paperlook", "UPDATE workflow_paperlook SET kind = 'x'"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="append-only"), permitting(REENCRYPT):
        PaperLook.objects.filter(pk=seen.pk).delete()
    purge_expired()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Purge.objects.all().delete()

    assert Purge.objects.count() == 1
    assert verify_events().faults == []


def test_undelivered_messages_wait_for_ever(owner: Any) -> None:
    old = clock.now() - timedelta(days=400)
    waiting = OutboxMessage.objects.create(kind="x", created_at=old)
    OutboxMessage.objects.create(kind="x", created_at=old, delivered_at=old)

    purge_expired()

    assert list(OutboxMessage.objects.all()) == [waiting]


def test_administrators_see_what_is_kept_and_change_within_the_law(client: Client, owner: Any) -> None:
    look(owner, days=500)
    client.force_login(UserFactory(administrator=True))

    page = client.get("/admin/workflow/retentionrule/").content.decode()
    client.post("/admin/workflow/retentionrule/tasks/change/", {"keep_days": "179"})
    refused = RetentionRule.objects.get(key="tasks").keep_days
    client.post("/admin/workflow/retentionrule/tasks/change/", {"keep_days": "365"})
    fixed = client.post("/admin/workflow/retentionrule/cases/change/", {"keep_days": "365"})

    due = clock.today() - timedelta(days=500) + timedelta(days=1097)
    assert due.isoformat() in page
    assert refused == 1096
    assert RetentionRule.objects.get(key="tasks").keep_days == 365
    assert fixed.status_code == 403
    assert RetentionRule.objects.get(key="cases").keep_days is None
    assert client.get("/admin/workflow/purge/").status_code == 200
    assert client.get("/admin/workflow/paperlook/").status_code == 200
