"""Regions, organisations, duties, and the items of the service catalogue that an office handles."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from workflow.admin.bases import ModelAdmin
from workflow.enums import OrganisationKind
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


class DutyForm(forms.ModelForm):  # type: ignore[type-arg]
    """``giver``: who fills it in. Only whoever set the portal up (superuser) gives duties to everybody."""

    giver: ClassVar[Any] = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        user, organisation = cleaned.get("user"), cleaned.get("organisation")
        if user is None and self.instance.user_id is not None:
            # In the rows below an account, the account is given.
            user = self.instance.user
        if user is None:
            return cleaned
        if self.giver is not None and not may_give(self.giver, user):
            self.add_error("user", _("Nobody gives duties to themselves or to another administrator."))
        if organisation is not None and organisation.kind != OrganisationKind.UNIT and user.kind != "officer":
            self.add_error("organisation", _("Only officers act for an office: this is not an officer's account."))
        return cleaned


def may_give(giver: Any, user: Any) -> bool:
    """Whoever gives duties must not come to decide cases by them: neither themselves nor through a fellow."""
    return bool(giver.is_superuser or not (user.pk == giver.pk or user.is_administrator))


@admin.register(Duty)
class DutyAdmin(ModelAdmin):
    form = DutyForm
    list_display = ["user", "organisation", "role", "starts_on", "ends_on", "stands_in_for"]
    list_filter = ["role", "organisation__kind", ("stands_in_for", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "organisation", "stands_in_for"]
    search_fields = ["user__username", "organisation__name"]
    autocomplete_fields = ["organisation"]
    raw_id_fields = ["user", "stands_in_for"]

    def get_form(self, request: HttpRequest, obj: Duty | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        # A class made for this request.
        form.giver = request.user  # type: ignore[attr-defined]
        return form

    def has_change_permission(self, request: HttpRequest, obj: Duty | None = None) -> bool:
        return (obj is None or may_give(request.user, obj.user)) and super().has_change_permission(request, obj)


@admin.register(ServiceItem)
class ServiceItemAdmin(ModelAdmin):
    list_display = ["case_type", "organisation", "code"]
    list_filter = ["case_type"]
    list_select_related = ["organisation"]
    search_fields = ["code", "organisation__name"]
    autocomplete_fields = ["organisation"]
