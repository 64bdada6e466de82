"""Before a paper of the wallet runs out its owner is told, once; the words stand in data/wallet_messages.yaml."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from accounts.delivery import Told, renders
from accounts.message_kinds import load_kinds
from talent.enums import ProofKind
from talent.models import Proof
from workflow import clock
from workflow.models import OutboxMessage
from workflow.timers import register_timer

RUNS_OUT = "talent.paper_runs_out"
AT_ONCE = 200
# Days are what counts.
REST = timedelta(hours=1)

load_kinds(Path(__file__).parent / "data" / "wallet_messages.yaml")


@renders(RUNS_OUT)
def paper_runs_out(message: OutboxMessage) -> Told:
    kind = ProofKind(message.context["kind"])
    return Told(message.kind, {"paper": str(kind.label), "day": message.context["until"]})


@transaction.atomic
def warn_of_papers() -> int:
    """Answers how many papers it has told of. Two workers at once never tell of the same one."""
    now = clock.now()
    skips = connection.features.has_select_for_update_skip_locked
    # With their persons, as everybody who changes a paper: an account that goes is not written to.
    due = Proof.objects.select_for_update(skip_locked=skips, no_key=True, of=("self", "person"))
    due = due.select_related("material", "person")
    papers = list(due.to_warn(clock.today()).order_by("pk")[:AT_ONCE])
    if papers:
        Proof.objects.filter(pk__in=[paper.pk for paper in papers]).update(warned_on=clock.today())
        OutboxMessage.objects.bulk_create(_message(paper, now) for paper in papers)
    return len(papers)


def _message(paper: Proof, now: datetime) -> OutboxMessage:
    assert paper.valid_until is not None
    context = {"kind": paper.kind, "until": paper.valid_until.isoformat()}
    return OutboxMessage(kind=RUNS_OUT, recipient_id=paper.material.owner_id, context=context, created_at=now)


register_timer(warn_of_papers, rest=REST)
