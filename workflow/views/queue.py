"""The queue of a seat: the list, and the selection of its rows."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workflow import registry
from workflow.enums import Action
from workflow.middleware import ActorRequest
from workflow.models import Stage
from workflow.presentation.batch import PRINT, REVIEW_ONE, bar_of, read_ticks
from workflow.queue import TABS, WAITING, QueuePage, first_waiting, read_page
from workflow.sealing import sealed_address
from workflow.seats import Seat, Waiting
from workflow.services.printouts import MOST, start_printing
from workflow.services.selections import matching, select_cases

# So many columns fit a window of 1280 pixels; a wider table scrolls by itself, and not the page.
FITTING = 10


def seat_or_refuse(request: ActorRequest, case_type: str, stage: str) -> Seat:
    """404 for a queue that does not exist, 403 for one of another duty."""
    seat = next((seat for seat in request.seats if seat.key == (case_type, stage)), None)
    if seat is not None:
        return seat
    if case_type not in registry.case_types or not Stage.objects.named(case_type, stage).exists():
        raise Http404
    raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: ActorRequest, case_type: str, stage: str) -> HttpResponse:
    seat = seat_or_refuse(request, case_type, stage)
    if request.method == "POST":
        return redirect(sealed_address(request))
    total = request.waiting.get(seat.key, Waiting()).count
    return show(request, read_page(seat, request.GET, total), total)


def show(request: ActorRequest, page: QueuePage, total: int) -> HttpResponse:
    stage = page.seat.stage
    tabs = [(key, label, f"?tab={key}", total if key == WAITING else None) for key, label in TABS.items()]
    context = {
        "page": page,
        "seat": page.seat,
        "tabs": tabs,
        "total": total,
        "is_waiting": page.tab == WAITING,
        "bar": bar_of(page.seat),
        "is_wide": len(page.heads) > FITTING or bool(page.tools and page.tools.notes),
        "title": stage.menu_label or stage.step_label,
    }
    return render(request, "workflow/queue.html", context)


@require_GET
def queue_matching(request: ActorRequest, case_type: str, stage: str) -> HttpResponse:
    """Number and sum of all that match the filter, for the bar: asked only when somebody selects them all."""
    count, total = matching(seat_or_refuse(request, case_type, stage), request.GET.urlencode())
    return JsonResponse({"count": count, "total": f"{total:.2f}"})


@require_POST
def select(request: ActorRequest, case_type: str, stage: str) -> HttpResponse:
    """Freeze the selection on the server, then ask before anything moves."""
    seat = seat_or_refuse(request, case_type, stage)
    wanted, _colon, target = request.POST.get("action", "").partition(":")
    criteria, ticked = request.POST.get("criteria", ""), read_ticks(request.POST)
    back = reverse("workflow:queue", args=seat.key)
    if wanted == REVIEW_ONE:
        return _open_one(request, seat, ticked[0].pk if ticked else first_waiting(seat, criteria), criteria)
    if wanted not in (Action.APPROVE, Action.SEND_BACK, Action.REJECT, PRINT):
        raise Http404
    everything = "matching" in request.POST or (wanted == Action.APPROVE and not target)
    if "matching" in request.POST:
        ticked = []
    if not ticked and not everything:
        messages.warning(request, _("Tick at least one case, or select all that match the filter."))
        return redirect(f"{back}?{criteria}")
    selection = select_cases(seat, request.user.pk, ticked=ticked, criteria=criteria)
    if not selection.count:
        messages.warning(request, _("No case matches: nothing was selected."))
        return redirect(f"{back}?{criteria}")
    if wanted == PRINT:
        return _print(request, seat, target, [pk for pk, _revision in selection.members], criteria)
    address = reverse("workflow:confirm", args=[selection.token, wanted])
    return redirect(f"{address}?{urlencode({'target': target})}" if wanted == Action.SEND_BACK else address)


def _open_one(request: ActorRequest, seat: Seat, pk: int | None, criteria: str) -> HttpResponse:
    """单人审核: the case page of the ticked or the first case."""
    if pk is None:
        messages.warning(request, _("No case matches: nothing was selected."))
        return redirect(f"{reverse('workflow:queue', args=seat.key)}?{criteria}")
    address = reverse("workflow:case", args=[pk])
    return redirect(f"{address}?{urlencode({'from': QueryDict(criteria).urlencode()})}#decision")


def _print(request: ActorRequest, seat: Seat, key: str, cases: list[int], criteria: str) -> HttpResponse:
    """批量打印: a zip as a job."""
    document = registry.case_types[seat.case_type].document(key)
    if document is None or not document.is_for(seat.stage):
        raise Http404
    if len(cases) > MOST:
        messages.warning(request, _("At most %(most)s can be printed at once: narrow the filter.") % {"most": MOST})
        return redirect(f"{reverse('workflow:queue', args=seat.key)}?{criteria}")
    return redirect("workflow:job", start_printing(document, seat.case_type, cases, request.actor).token)
