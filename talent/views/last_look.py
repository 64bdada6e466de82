"""The last page of what a person files: everything once more, and 【提交】."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from talent.forms.drafts import FileForm
from talent.services.refusals import NotReady
from workflow.middleware import ActorRequest
from workflow.models import Case
from workflow.presentation.drafting import returned_opinion
from workflow.services import Refused

CONFLICT = 409


def read_token(request: ActorRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None


def last_look(
    request: ActorRequest,
    case: Case,
    template: str,
    *,
    form_class: type[FileForm],
    submit: Callable[..., object],
    done: str,
    context: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """``submit`` takes what ``form_class`` asks and raises NotReady or Refused; ``done``: the address of its success.

    ``context`` is read after an attempt to file: it tells what stands then.
    """
    form = form_class(request.POST or None, initial={"token": uuid.uuid4(), "revision": case.revision})
    lines: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            submit(**form.cleaned_data)
        except NotReady as refused:
            lines = refused.lines
        except Refused as refused:
            lines = [str(refused)]
        else:
            return redirect(done)
    page = {"case": case, "form": form, "lines": lines, "has_errors": bool(lines), "opinion": returned_opinion(case)}
    return render(request, template, page | context(), status=CONFLICT if lines else 200)
