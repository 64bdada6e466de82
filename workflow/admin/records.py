"""What nobody changes: cases, acts, events, filings, seals; and the queue of messages and tasks."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.admin.bases import ModelAdmin
from workflow.models import Act, Case, CaseEvent, Erasure, Filing, Job, OutboxMessage, PublicNotice, Seal
from workflow.services.verification import seal_record


class ReadOnlyAdmin(ModelAdmin):
    """Seen, searched, never changed."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ["number", "case_type", "subject", "state", "stage", "holder", "due_on"]
    list_filter = ["case_type", "state"]
    list_select_related = ["holder"]
    search_fields = ["number", "subject"]
    exclude = ["subject_key", "token"]


@admin.register(Act)
class ActAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "case_type", "stage", "actor", "organisation", "asked", "done", "amount"]
    list_filter = ["case_type", "action"]
    list_select_related = ["actor", "organisation"]
    ordering = ["-at"]


@admin.register(CaseEvent)
class CaseEventAdmin(ReadOnlyAdmin):
    list_display = ["case", "seq", "at", "action", "from_stage", "to_stage", "state", "actor", "organisation", "digest"]
    list_filter = ["action"]
    list_select_related = ["case", "actor", "organisation"]
    search_fields = ["case__number"]
    ordering = ["-id"]
    exclude = ["opinion_salt"]


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    """Words are erased with ``manage.py erase_words``."""

    list_display = ["at", "event", "by", "reason"]
    list_select_related = ["event", "by"]
    search_fields = ["event__case__number"]
    ordering = ["-id"]


@admin.register(Filing)
class FilingAdmin(ReadOnlyAdmin):
    """The form itself is personal: officers read it on the page of the case."""

    list_display = ["case", "number", "filed_by", "filed_at", "digest"]
    list_select_related = ["case", "filed_by"]
    search_fields = ["case__number"]
    exclude = ["content"]
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content")


@admin.register(PublicNotice)
class PublicNoticeAdmin(ReadOnlyAdmin):
    list_display = ["batch", "starts_on", "ends_on", "working_days", "objection_days", "phone"]
    list_select_related = ["batch"]


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    """The list prints on paper; exported lines are kept outside of the database."""

    list_display = ["day", "cases", "events", "last_event", "digest"]
    date_hierarchy = "day"
    ordering = ["-day"]
    actions = ["export"]

    @admin.action(description=gettext_lazy("Export as JSON lines"))
    def export(self, request: HttpRequest, seals: QuerySet[Seal]) -> HttpResponse:
        lines = "".join(f"{json.dumps(seal_record(seal))}\n" for seal in seals.order_by("day"))
        headers = {"Content-Disposition": 'attachment; filename="seals.jsonl"'}
        return HttpResponse(lines, content_type="application/jsonl", headers=headers)


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "title", "kind", "asked_by", "state", "done", "total", "refused", "attempts"]
    list_filter = ["kind", "state"]
    list_select_related = ["asked_by"]
    exclude = ["result", "token"]


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "kind", "case", "attempts", "delivered_at", "retry_at", "error"]
    list_filter = ["kind", ("delivered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["case"]
    exclude = ["context"]
    ordering = ["-id"]
    actions = ["send_again"]

    @admin.action(description=gettext_lazy("Try to deliver again"))
    def send_again(self, request: HttpRequest, outbox: QuerySet[OutboxMessage]) -> None:
        count = outbox.filter(delivered_at=None).update(attempts=0, retry_at=None)
        self.message_user(request, _("%(count)s messages wait for the next round.") % {"count": count})
