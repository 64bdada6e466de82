"""Papers of a counter: the account notice, printed once, and the pictures of what was signed."""

from __future__ import annotations

import logging
import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.counter_prints import pdf_answer
from accounts.models import CounterScan, CounterSheet
from accounts.services.counter_log import CounterRefused
from accounts.services.counter_scans import scan_page
from accounts.services.counter_sheets import print_sheet
from accounts.views.counter_openings import counter_of
from workflow.middleware import ActorRequest
from workflow.views.materials import SANDBOX

# Who looked at whose papers: kept with the access log.
access_log = logging.getLogger("tongban.access")
CONFLICT = 409


@never_cache
@require_POST
def counter_sheet(request: ActorRequest, token: uuid.UUID) -> HttpResponse:
    """账号告知单, this once; whoever asks again is told what to do."""
    sheet = get_object_or_404(CounterSheet.objects.of_counter(counter_of(request)), token=token)
    try:
        return pdf_answer(
            lambda: print_sheet(sheet, request.actor, host=request.get_host()), f"账号告知单 {sheet.user.username}"
        )
    except CounterRefused as refusal:
        context = {"reason": str(refusal), "sheet": sheet}
        return render(request, "accounts/counter_refused.html", context, status=CONFLICT)


@never_cache
@require_GET
def counter_scan(request: ActorRequest, token: uuid.UUID, page: int) -> HttpResponse:
    """A picture made by us; the upload itself is never shown in the browser."""
    scan = get_object_or_404(CounterScan.objects.of_counter(counter_of(request)), token=token)
    content = scan_page(scan, page)
    if content is None:
        raise Http404
    access_log.info(
        "counter scan: scan=%s page=%s user=%s organisation=%s",
        scan.pk,
        page,
        request.actor.user_id,
        request.actor.organisation_id,
    )
    return HttpResponse(content, content_type="image/jpeg", headers={"Content-Security-Policy": SANDBOX})
