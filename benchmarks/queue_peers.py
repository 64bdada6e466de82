"""The queue page in other ways: from Python objects, with OFFSET and COUNT, and as Django's admin shows such a list."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse

from workflow import clock
from workflow.actors import Actor
from workflow.keyset import PAGE_SIZE, read_cursor
from workflow.listing import TextsUnder
from workflow.middleware import ActorRequest
from workflow.models import Case
from workflow.presentation.pages import ListPager
from workflow.queue import (
    FILED,
    WAITING,
    Found,
    QueuePage,
    columns_of,
    fields_of,
    filtered,
    find,
    heads_of,
    keys_of,
    order_of,
    page_of,
    rows_of,
)
from workflow.seats import Post, Seat, Waiting, posts_of
from workflow.views.queue import seat_or_refuse, show

STATEMENTS = "X-Statements"
# {address: what the database said of it}
_kept: dict[str, tuple[Post, Found]] = {}


def count_statements(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: how many statements an answer cost stands in its header."""

    def respond(request: HttpRequest) -> HttpResponse:
        count = 0

        def counting(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
            nonlocal count
            count += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counting):
            response = get_response(request)
        response.headers[STATEMENTS] = str(count)
        return response

    return respond


def floor(request: ActorRequest, case_type: str, stage: str) -> HttpResponse:
    """The same HTML from objects that the process holds: only session and account are read."""
    request.path = request.path.removeprefix("/floor")
    address = request.get_full_path()
    if address not in _kept:
        _kept[address] = posts_of(request.user.pk, clock.today())[0], _read(request, case_type, stage)
    post, found = _kept[address]
    request.duties, request.actor = [post.duty], Actor.in_duty(post.duty, request.user)
    request.seats, request.waiting = post.seats, post.waiting
    seat = seat_or_refuse(request, case_type, stage)
    total = post.waiting[seat.key].count
    return show(request, page_of(seat, WAITING, request.GET, filtered(seat, request.GET), found, total), total)


def _read(request: ActorRequest, case_type: str, stage: str) -> Found:
    wanted = filtered(seat_or_refuse(request, case_type, stage), request.GET)
    return find(wanted, read_cursor(request.GET, order_of(wanted).pattern))


def offset(request: ActorRequest, case_type: str, stage: str) -> HttpResponse:
    """As a ListView does it: COUNT and OFFSET for the page, GROUP BY for the to-dos; the columns of our rows."""
    request.path = request.path.removeprefix("/offset")
    seat = seat_or_refuse(request, case_type, stage)
    request.waiting = dict.fromkeys(request.waiting, Waiting()) | _count(seat)
    found = filtered(seat, request.GET)
    columns = columns_of(seat, WAITING)
    fields = fields_of(columns)
    rows = found.qs.order_by("submitted_at", "id").values_list(*fields, TextsUnder(F("summary"), keys_of(columns)))
    paginator = Paginator(rows, PAGE_SIZE)
    number = paginator.num_pages if "last" in request.GET else 1
    page = QueuePage(
        seat=seat,
        tab=WAITING,
        filter=found,
        criteria=found.criteria(),
        heads=heads_of(columns),
        rows=list(rows_of(seat, WAITING, columns, [*fields, FILED], paginator.page(number).object_list)),
        pager=ListPager(next="?page=2", last="?last=1", text=str(paginator.count)),
        chips=list(found.chips()),
    )
    return show(request, page, paginator.count)


def _count(seat: Seat) -> dict[tuple[str, str], Waiting]:
    rows = (
        Case.objects.filter(state="in_review", holder=seat.organisation)
        .order_by()
        .values_list("case_type", "stage")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=clock.today())))
    )
    return {(case_type, stage): Waiting(n, late) for case_type, stage, n, late in rows}


class CaseList(admin.ModelAdmin):  # type: ignore[type-arg]
    """As anyone would register the cases."""

    list_display = ("number", "subject", "stage", "submitted_at", "unit", "amount")
    list_filter = ("case_type", "stage", "state")
    list_select_related = ("unit",)
    list_per_page = PAGE_SIZE

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return True


class Site(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return True


site = Site(name="peer")
site.register(Case, CaseList)
