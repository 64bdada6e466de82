"""Before a paper runs out its owner is told: in time, once, and anew after a new day of expiry."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from accounts.models import Notification
from talent.models import Proof
from talent.services.wallet import Facts, add_paper, change_paper
from talent.wallet_messages import RUNS_OUT, warn_of_papers
from tests.accounts.factories import PersonFactory
from tests.workflow import files
from workflow import clock
from workflow.actors import Actor
from workflow.models import OutboxMessage
from workflow.outbox import deliver_pending

pytestmark = pytest.mark.django_db


def keep(days: int | None, pages: int = 1, proof: Proof | None = None) -> Proof:
    """A paper that is good for so many days from today."""
    until = None if days is None else clock.today() + timedelta(days=days)
    person = proof.person if proof is not None else PersonFactory()
    actor, upload = Actor(person.users.get()), ContentFile(files.pdf(pages), name="身份证.pdf")
    if proof is not None:
        return change_paper(proof, upload=upload, actor=actor, facts=Facts(valid_until=until))
    return add_paper(person, kind="id_card", upload=upload, actor=actor, facts=Facts(valid_until=until))


@pytest.mark.parametrize(("days", "told"), [(0, 1), (1, 1), (30, 1), (31, 0), (None, 0)])
def test_owner_is_told_within_thirty_days(days: int | None, told: int) -> None:
    keep(days)

    assert warn_of_papers() == told
    assert OutboxMessage.objects.filter(kind=RUNS_OUT).count() == told


def test_owner_of_what_has_run_out_already_is_not_told() -> None:
    proof = keep(1)
    Proof.objects.filter(pk=proof.pk).update(valid_until=clock.today() - timedelta(days=1))

    assert warn_of_papers() == 0


def test_owner_is_told_once() -> None:
    keep(10)

    assert (warn_of_papers(), warn_of_papers()) == (1, 0)


def test_renewed_paper_is_warned_of_anew() -> None:
    proof = keep(10)
    warn_of_papers()

    keep(20, 2, proof)

    assert warn_of_papers() == 1


def test_message_names_paper_and_day() -> None:
    proof = keep(10)
    warn_of_papers()

    deliver_pending()

    told = Notification.objects.get(recipient=proof.person.users.get())
    assert "“身份证明”将于" in told.body
    assert str(proof.valid_until) in told.body
    assert not OutboxMessage.objects.exclude(error="").exists()


def test_many_are_told_with_the_same_statements(django_assert_max_num_queries: object) -> None:
    for _time in range(3):
        keep(10)

    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert warn_of_papers() == 3
