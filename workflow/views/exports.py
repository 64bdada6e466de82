"""【导出】 of a queue: starts the job and shows its progress."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from workflow.middleware import ActorRequest
from workflow.services.exports import start_export
from workflow.views.queue import seat_or_refuse


@require_POST
def export_queue(request: ActorRequest, case_type: str, stage: str) -> HttpResponse:
    seat = seat_or_refuse(request, case_type, stage)
    job = start_export(seat, request.actor, criteria=request.POST.get("criteria", ""))
    return redirect("workflow:job", job.token)
