"""Public pages: what is being published, and how to object. Nobody needs to sign in here."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from workflow.models import BatchMember, Objection, PublicNotice
from workflow.objection_forms import ObjectionForm
from workflow.presentation.notices import (
    ended_notices,
    member_rows,
    notice_view,
    public_columns,
    running_notices,
)
from workflow.presentation.objections import received_view
from workflow.services.notice_sheets import open_notice_sheet
from workflow.services.notices import register_objection
from workflow.services.perform import Refused
from workflow.visitors import comes_too_often

# Every objection holds back a payment: from one address so many in ten minutes.
OBJECTIONS, PERIOD = 5, 600
TOO_MANY = 429


@login_not_required
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    ended, pager = ended_notices(request.GET)
    running = [] if pager.previous else running_notices()
    return render(request, "workflow/notices.html", {"notices": [*running, *ended], "pager": pager})


@login_not_required
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(PublicNotice.objects.published(), pk=pk)
    rows, pager = member_rows(found, request.GET)
    columns = [column for column in public_columns(found) if column.key != "subject"]
    context = {"notice": notice_view(found, found.members().count()), "rows": rows, "columns": columns, "pager": pager}
    return render(request, "workflow/notice.html", context)


@login_not_required
@require_GET
def notice_sheet(request: HttpRequest, pk: int) -> FileResponse:
    """公示名单 as a workbook: exactly what the page shows, written once for everybody."""
    found = get_object_or_404(PublicNotice.objects.published(), pk=pk)
    return FileResponse(open_notice_sheet(found), as_attachment=True, filename=f"{found.batch.title}.xlsx")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """登记异议 against one person of the list."""
    found = get_object_or_404(PublicNotice.objects.published(), pk=pk)
    listed = get_object_or_404(found.members(), pk=member)
    form = ObjectionForm(request.POST) if request.method == "POST" else ObjectionForm.fresh()
    status = 200
    if form.is_valid():
        if comes_too_often(request, "objection", tries=OBJECTIONS, seconds=PERIOD):
            form.add_error(None, _("Too many objections came from your address. Wait ten minutes, then send it again."))
            status = TOO_MANY
        elif (objection := _register(found, listed, form)) is not None:
            return redirect("workflow:objection_received", objection.token)
    context = {"notice": notice_view(found), "person": listed.case.subject, "form": form}
    return render(request, "workflow/object.html", context, status=status)


def _register(notice: PublicNotice, member: BatchMember, form: ObjectionForm) -> Objection | None:
    entered = {key: value for key, value in form.cleaned_data.items() if key != "captcha"}
    try:
        return register_objection(notice, member=member, **entered)
    except Refused as refused:
        form.add_error(None, str(refused))
        return None


@login_not_required
@never_cache
@require_GET
def objection_received(request: HttpRequest, token: UUID) -> HttpResponse:
    """Whoever has the address sees how it stands; neither the objector nor the text is shown."""
    found = get_object_or_404(Objection.objects.for_list(), token=token)
    context = {"objection": received_view(found), "notice": notice_view(found.notice)}
    return render(request, "workflow/objection_received.html", context)
