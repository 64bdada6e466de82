"""荣誉奖项, 科研项目, 家庭成员: the lists of the talent space and the forms behind them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from talent.services.facts import MOST_ROWS
from talent.services.space import keep_row, remove_row
from talent.space_pages import ROW_KINDS
from talent.views.facts import edit_row, next_url, person_of
from workflow.middleware import ActorRequest


@require_GET
def row_list(request: ActorRequest, kind: str) -> HttpResponse:
    found = ROW_KINDS[kind]
    context = {
        "kind": found,
        "rows": found.rows(person_of(request)),
        "add_url": f"talent:{kind}_add",
        "next": next_url(request, ""),
    }
    return render(request, "talent/space_rows.html", context)


def row_add(request: ActorRequest, kind: str) -> HttpResponse:
    person, found = person_of(request), ROW_KINDS[kind]
    if request.method == "GET" and found.model.objects.of(person).count() >= MOST_ROWS:
        messages.error(request, _("At most %(count)s rows may stand here.") % {"count": MOST_ROWS})
        return redirect(found.list_url)
    form = found.form(request.POST or None, instance=found.model(person=person))
    return edit_row(request, form, keep_row, list_url=found.list_url, title=str(found.add))


def row_change(request: ActorRequest, kind: str, pk: int) -> HttpResponse:
    found = ROW_KINDS[kind]
    row = get_object_or_404(found.model.objects.visible_to(request.actor), pk=pk)
    form = found.form(request.POST or None, instance=row)
    return edit_row(request, form, keep_row, list_url=found.list_url, title=str(found.change))


@require_POST
def row_remove(request: ActorRequest, kind: str, pk: int) -> HttpResponse:
    found = ROW_KINDS[kind]
    remove_row(get_object_or_404(found.model.objects.visible_to(request.actor), pk=pk))
    messages.success(request, _("Removed."))
    return redirect(found.list_url)
