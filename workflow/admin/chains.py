"""Versions of approval chains: published ones are read only, drafts are edited, proved and published."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.admin.bases import ModelAdmin, StackedInline
from workflow.enums import ChainStatus
from workflow.models import ChainVersion, Stage, route_of
from workflow.services.chains import ChainNotReady, copy_chain, publish_chain


def days_of_chain(case_type: str) -> SafeString:
    """Of the version in force, with the way to where they are changed: a copy of it, published anew."""
    stages = route_of(ChainVersion.objects.published(case_type).pk).stages
    days = " · ".join(f"{stage.step_label} {stage.working_days}" for stage in stages)
    address = f"{reverse('admin:workflow_chainversion_changelist')}?case_type__exact={case_type}"
    words = _("Change them in a new version of the chain")
    return format_html('{}<br><a href="{}">{}</a>', days, address, words)


class StageInline(StackedInline):
    model = Stage
    extra = 0

    def _is_draft(self, obj: Any) -> bool:
        return obj is None or obj.status == ChainStatus.DRAFT

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_draft(obj)


@admin.register(ChainVersion)
class ChainVersionAdmin(ModelAdmin):
    list_display = ["case_type", "version", "status", "published_at"]
    list_filter = ["case_type", "status"]
    readonly_fields = ["case_type", "version", "status", "published_at"]
    inlines = [StageInline]
    actions = ["copy_as_draft", "publish"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # A chain begins in the service's chains.py; a version begins as a copy.
        return False

    def has_change_permission(self, request: HttpRequest, obj: ChainVersion | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.status == ChainStatus.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: ChainVersion | None = None) -> bool:
        return obj is not None and obj.status == ChainStatus.DRAFT

    @admin.action(description=gettext_lazy("Copy as a new draft version"))
    def copy_as_draft(self, request: HttpRequest, chains: QuerySet[ChainVersion]) -> None:
        for chain in chains:
            draft = copy_chain(chain)
            self.message_user(request, _("%(draft)s is a draft now: open it and edit its stages.") % {"draft": draft})

    @admin.action(description=gettext_lazy("Publish"))
    def publish(self, request: HttpRequest, chains: QuerySet[ChainVersion]) -> None:
        for chain in chains:
            try:
                publish_chain(chain)
            except ChainNotReady as reason:
                for problem in reason.problems:
                    self.message_user(request, f"{chain}{_(': ')}{problem}", messages.ERROR)
            else:
                self.message_user(request, _("%(chain)s is published: new cases take it.") % {"chain": chain})
