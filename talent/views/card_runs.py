"""打印批次: what goes to the card printer, and 发放登记表 to be signed."""

from __future__ import annotations

import io
import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from talent.card_glyphs import refuse_unprintable
from talent.card_pages import card_rows, fetch_rows, run_list
from talent.documents.card_faces import cards_pdf
from talent.documents.card_list import start_run_print, write_register
from talent.forms.cards import FetchForm, PrintAgainForm
from talent.models import Card, PrintRun
from talent.models.card import CardQuerySet
from talent.services.card_prints import note_fetch, print_again, refuse_unsaid
from talent.views.card_desk import refuse_others
from talent.views.cards import download, origin_of
from workflow import clock
from workflow.filetypes import CONTENT_TYPES
from workflow.middleware import ActorRequest
from workflow.presentation.batch import LONGEST_KEY
from workflow.services import Refused

# So many are drawn while the person waits; more become a task.
AT_ONCE = 10
MOST_TICKS = 1000


def _run(request: ActorRequest, token: uuid.UUID) -> PrintRun:
    refuse_others(request)
    run: PrintRun = get_object_or_404(PrintRun.objects.visible_to(request.actor), token=token)
    return run


@require_GET
def print_runs(request: ActorRequest) -> HttpResponse:
    refuse_others(request)
    rows, pager = run_list(request.actor, request.GET)
    return render(request, "talent/print_runs.html", {"rows": rows, "pager": pager})


@require_GET
def print_run(request: ActorRequest, token: uuid.UUID) -> HttpResponse:
    run = _run(request, token)
    rows = card_rows(list(run.prints.values_list("card", flat=True)))
    left_out = len(rows) - Card.objects.drawn_by(run, clock.today()).count()
    fetches = fetch_rows(run)
    context = {"run": run, "rows": rows, "left_out": left_out, "fetches": fetches}
    return render(request, "talent/print_run.html", context | {"form": FetchForm(again=bool(fetches))})


@require_POST
def print_run_pdf(request: ActorRequest, token: uuid.UUID) -> HttpResponse:
    """Fronts and backs; who takes them is written down, and from the second time on why."""
    run = _run(request, token)
    form = FetchForm(request.POST, again=True)
    cards = Card.objects.drawn_by(run, clock.today())
    try:
        if not form.is_valid():
            raise Refused(str(form.errors["reason"][0]))
        return _draw(request, run, cards, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("talent:print_run", run.token)


def _draw(request: ActorRequest, run: PrintRun, cards: CardQuerySet, *, bleed: bool, reason: str) -> HttpResponse:
    origin = origin_of(request)
    refuse_unsaid(run, reason)
    refuse_unprintable(cards)
    if not cards:
        raise Refused(_("No card of this run can be printed any more: they are void, or there are newer ones."))
    if len(cards) > AT_ONCE:
        task = start_run_print(run, request.actor, origin, bleed=bleed, reason=reason)
        return redirect("workflow:job", task.token)
    pdf = cards_pdf(list(cards.whole()), origin, bleed=bleed, printed=True)
    note_fetch(run, request.actor, reason=reason)
    return download(pdf, "application/pdf", f"{run.number}.pdf")


@require_GET
def print_run_register(request: ActorRequest, token: uuid.UUID) -> HttpResponse:
    """发放登记表, to be signed by whoever receives a card."""
    run, target = _run(request, token), io.BytesIO()
    write_register(target, run)
    return download(target.getvalue(), CONTENT_TYPES["xlsx"], f"发放登记表 {run.number}.xlsx")


@require_POST
def cards_print_again(request: ActorRequest) -> HttpResponse:
    """【补打】 of the ticked cards."""
    refuse_others(request)
    form = PrintAgainForm(request.POST)
    given = [key for key in request.POST.getlist("card") if key.isascii() and key.isdigit()]
    ticked = [int(key) for key in given if len(key) <= LONGEST_KEY][:MOST_TICKS]
    if not form.is_valid():
        messages.error(request, _("Say why the cards are printed again."))
        return redirect("talent:cards_manage")
    cards = Card.objects.kept_by(request.actor).ticked(ticked)
    try:
        run = print_again(cards, actor=request.actor, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("talent:cards_manage")
    messages.success(request, _("The print run is made: download it and send it to the card printer."))
    return redirect("talent:print_run", run.token)
