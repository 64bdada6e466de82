"""荣誉奖项, 科研项目, 家庭成员: the lists of the talent space and the forms behind them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from talent.services.facts import MOST_ROWS
from talent.services.space import keep_row, remove_row
from talent.space_pages import ROW_KINDS, RowKind
from talent.views.facts import next_url, person_of
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
    if found.model.objects.of(person).count() >= MOST_ROWS:
        messages.error(request, _("At most %(count)s rows may stand here.") % {"count": MOST_ROWS})
        return redirect(found.list_url)
    form = found.form(request.POST or None, instance=found.model(person=person))
    return _edit(request, found, form, str(found.add))


def row_change(request: ActorRequest, kind: str, pk: int) -> HttpResponse:
    found = ROW_KINDS[kind]
    row = get_object_or_404(found.model.objects.visible_to(request.actor), pk=pk)
    return _edit(request, found, found.form(request.POST or None, instance=row), str(found.change))


def _edit(request: ActorRequest, kind: RowKind, form: forms.ModelForm[Any], title: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and _keep(form):
        messages.success(request, _("Saved."))
        return redirect(next_url(request, kind.list_url))
    context = {"form": form, "title": title, "list_url": kind.list_url, "next": next_url(request, "")}
    return render(request, "talent/fact_edit.html", context)


def _keep(form: forms.ModelForm[Any]) -> bool:
    try:
        keep_row(form.instance)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_POST
def row_remove(request: ActorRequest, kind: str, pk: int) -> HttpResponse:
    found = ROW_KINDS[kind]
    remove_row(get_object_or_404(found.model.objects.visible_to(request.actor), pk=pk))
    messages.success(request, _("Removed."))
    return redirect(found.list_url)
