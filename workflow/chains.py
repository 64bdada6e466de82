"""What the floor itself registers: its gates, effects, forms of offices, jobs, timers and pages."""

from __future__ import annotations

from workflow import office_forms, tasks
from workflow.services import jobs, materials, notices
from workflow.timers import register_timer

__all__ = ["materials", "notices", "office_forms", "tasks"]

register_timer(jobs.expire_results)
