"""The public query: case number and the end of the identity number show where a case stands, and nobody's name."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from workflow.forms import ProgressForm
from workflow.presentation.progress import find_progress
from workflow.visitors import comes_too_often

# Per address of the visitor; the answer to a wrong guess and to an unknown number is the same.
TRIES = 10
PERIOD = 600
TOO_MANY = 429


@login_not_required
def progress(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "workflow/progress.html", {"form": ProgressForm()})
    if comes_too_often(request, "progress", tries=TRIES, seconds=PERIOD):
        return render(request, "429.html", status=TOO_MANY)
    form = ProgressForm(request.POST)
    found = None
    if form.is_valid():
        found = find_progress(form.cleaned_data["number"], form.cleaned_data["tail"])
        if found is None:
            form.add_error(None, _("No case has this number and this identity number. Compare both with your papers."))
    return render(request, "workflow/progress.html", {"form": form, "found": found})
