"""Requests about own data: answered on a page of their own, which shows what the law keeps."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import DataErasure, DataRequest
from workflow.admin.records import ReadOnlyAdmin


@admin.register(DataRequest)
class DataRequestAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        return redirect("accounts:data_requests")

    def change_view(self, request: HttpRequest, object_id: str, *args: object, **kwargs: object) -> HttpResponse:
        return redirect("accounts:data_request", object_id)


@admin.register(DataErasure)
class DataErasureAdmin(ReadOnlyAdmin):
    list_display = ["at", "request"]
    list_select_related = ["request"]
