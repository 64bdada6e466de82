"""viewflow deciding a set of tasks: its own bulk-action shape, one transaction, assign, start and execute each."""

from django.contrib.auth import get_user_model
from django.db import transaction
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import PROCESS, STATUS
from viewflow.workflow.token import Token

from benchmarks.peers.flows import ReviewFlow


def make_waiting_tasks(count: int) -> None:
    """By set inserts: a process each, waiting at the county. Its tables stay small, which favours it."""
    processes = Process.objects.bulk_create(
        [Process(flow_class=ReviewFlow, status=PROCESS.NEW) for _n in range(count)], batch_size=5_000
    )
    Task.objects.bulk_create(
        [
            Task(process=process, flow_task=ReviewFlow.county, status=STATUS.NEW, token=Token("start"))
            for process in processes
        ],
        batch_size=5_000,
    )  # fmt: skip


class Batch:
    def __init__(self) -> None:
        self.user = get_user_model().objects.order_by("pk")[0]
        self.tasks = list(
            Task.objects.filter(flow_task=ReviewFlow.county, status=STATUS.NEW)
            .order_by("pk")
            .values_list("pk", flat=True)
        )

    def decide(self, count: int) -> None:
        taken, self.tasks = self.tasks[:count], self.tasks[count:]
        assert len(taken) == count
        with transaction.atomic():
            for task in Task.objects.filter(pk__in=taken).order_by("pk"):
                with task.activation() as activation:
                    assert activation.assign.has_perm(self.user)
                    activation.assign(self.user)
                    activation.start(None)
                    activation.execute()
