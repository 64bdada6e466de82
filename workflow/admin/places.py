"""Regions, organisations, duties, and the items of the service catalogue that an office handles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from workflow.admin.bases import ModelAdmin
from workflow.models import Duty, Organisation, Region, ServiceItem


@admin.register(Region)
class RegionAdmin(ModelAdmin):
    list_display = ["code", "name", "level", "parent"]
    list_filter = ["level"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]

    def get_readonly_fields(self, request: HttpRequest, obj: Region | None = None) -> list[str]:
        # Cases and offices stand under the code and the lineage: a region that exists keeps its place.
        return ["code", "parent", "level"] if obj is not None else []

    def save_model(self, request: HttpRequest, obj: Region, form: forms.ModelForm[Region], change: Any) -> None:
        obj.lineage = f"{obj.parent.lineage if obj.parent is not None else '/'}{obj.code}/"
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Region | None = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(ModelAdmin):
    list_display = ["code", "name", "kind", "region", "active"]
    list_filter = ["kind", "active"]
    list_select_related = ["region"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["region", "parent"]

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        # What has acted stays named in the record; it is switched off instead.
        return False


@admin.register(Duty)
class DutyAdmin(ModelAdmin):
    list_display = ["user", "organisation", "role", "starts_on", "ends_on", "stands_in_for"]
    list_filter = ["role", "organisation__kind", ("stands_in_for", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "organisation", "stands_in_for"]
    search_fields = ["user__username", "organisation__name"]
    autocomplete_fields = ["organisation"]
    raw_id_fields = ["user", "stands_in_for"]


@admin.register(ServiceItem)
class ServiceItemAdmin(ModelAdmin):
    list_display = ["case_type", "organisation", "code"]
    list_filter = ["case_type"]
    list_select_related = ["organisation"]
    search_fields = ["code", "organisation__name"]
    autocomplete_fields = ["organisation"]
