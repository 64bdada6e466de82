"""The task centre: what this user asked for, how far it is, and its result."""

from __future__ import annotations

import logging
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from workflow.fetches import tell_fetched
from workflow.keyset import Keyset, read_cursor
from workflow.middleware import ActorRequest
from workflow.models import Job
from workflow.presentation.jobs import has_result, job_view
from workflow.presentation.pages import pager_of
from workflow.services.jobs import cancel_job

access_log = logging.getLogger("tongban.access")

LATEST_FIRST = Keyset(("id",), "n", descending=True)


@require_GET
def jobs(request: ActorRequest) -> HttpResponse:
    mine = Job.objects.visible_to(request.actor)
    slice_ = LATEST_FIRST.slice(mine.values_list("id"), read_cursor(request.GET, LATEST_FIRST.pattern))
    found = mine.in_bulk([row[0] for row in slice_.rows])
    rows = [job_view(found[row[0]]) for row in slice_.rows]
    return render(request, "workflow/jobs.html", {"jobs": rows, "pager": pager_of(request.GET, LATEST_FIRST, slice_)})


@require_GET
def job(request: ActorRequest, token: UUID) -> HttpResponse:
    found = get_object_or_404(Job.objects.visible_to(request.actor), token=token)
    return render(request, "workflow/job.html", {"job": job_view(found)})


@require_GET
def job_progress(request: ActorRequest, token: UUID) -> HttpResponse:
    """The bar alone; the sign-in floor knows that asking for it every second keeps no session alive."""
    found = get_object_or_404(Job.objects.visible_to(request.actor), token=token)
    return render(request, "workflow/_job.html", {"job": job_view(found)})


@require_POST
def job_cancel(request: ActorRequest, token: UUID) -> HttpResponse:
    found = get_object_or_404(Job.objects.visible_to(request.actor), token=token)
    if cancel_job(found):
        messages.success(request, _("The task was cancelled."))
    else:
        messages.info(request, _("The task had already ended."))
    return redirect("workflow:job", token)


@require_GET
def job_result(request: ActorRequest, token: UUID) -> FileResponse:
    found = get_object_or_404(Job.objects.visible_to(request.actor), token=token)
    if not has_result(found):
        raise Http404
    tell_fetched(found, request.actor)
    access_log.info("job result: job=%s user=%s", found.pk, request.actor.user_id)
    response = FileResponse(found.result.open("rb"), as_attachment=True, filename=found.result_name)
    response["Cache-Control"] = "private, no-store"
    return response
