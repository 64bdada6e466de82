"""What the floor itself registers: its gates, effects, forms of offices, jobs, timers and pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflow import checks, office_forms, tasks
from workflow.actors import Actor
from workflow.consistency import cases, documents, duties, hands, papers, record
from workflow.navigation import register_page
from workflow.services import (
    exports,
    jobs,
    materials,
    notices,
    printouts,
    retention,
    sealed_texts,
    selections,
    sweeping,
    verification,
)
from workflow.services.notices import may_read_objections
from workflow.timers import register_timer

# Importing them registers what chains name.
__all__ = [
    "cases", "checks", "documents", "duties", "exports", "hands", "materials", "notices", "office_forms", "papers",
    "printouts", "record", "retention", "sealed_texts", "selections", "tasks",
]  # fmt: skip

BUSINESS = _("Business handling")


def _is_anybody(actor: Actor) -> bool:
    return actor.organisation is not None


register_timer(jobs.expire_results)
register_timer(verification.seal_day)
register_timer(sweeping.sweep_files)
register_page(BUSINESS, _("Objections"), "workflow:objections", visible=may_read_objections, order=180)
register_page(BUSINESS, _("Task centre"), "workflow:jobs", visible=_is_anybody, order=190)
