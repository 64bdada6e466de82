"""Persons, employers and what they agreed to. Numbers are masked; registrations move through their chains only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.bases import ReadOnly
from accounts.models import Consent, Person, Terms, UnitProfile
from accounts.services.consents import publish
from workflow.masking import mask_address, mask_number, mask_phone


@admin.register(Person)
class PersonAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "foreign_name", "document_kind", "number_masked", "phone_masked", "unit", "created_at")
    search_fields = ("name",)
    list_select_related = ("unit",)
    fields = (
        "name", "document_kind", "number_masked", "sex", "birth_date", "ethnic", "political", "household",
        "phone_masked", "email", "unit", "created_at",
    )  # fmt: skip

    @admin.display(description=_("document number"))
    def number_masked(self, person: Person) -> str:
        return mask_number(person.number)

    @admin.display(description=_("mobile number"))
    def phone_masked(self, person: Person) -> str:
        return mask_phone(person.phone)


@admin.register(UnitProfile)
class UnitProfileAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("organisation", "uscc", "unit_kind", "industry", "principal")
    list_select_related = ("organisation",)
    search_fields = ("uscc", "organisation__name")
    fields = (
        "organisation", "uscc", "unit_kind", "industry", "founded_on", "affiliation", "principal",
        "principal_phone_masked", "address_masked",
    )  # fmt: skip

    @admin.display(description=_("telephone of the head"))
    def principal_phone_masked(self, profile: UnitProfile) -> str:
        return mask_phone(profile.principal_phone)

    @admin.display(description=_("registered or business address"))
    def address_masked(self, profile: UnitProfile) -> str:
        return mask_address(profile.address)


@admin.register(Terms)
class TermsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A new text is a new version, in force at once; what somebody agreed to does not change."""

    list_display = ("title", "kind", "version", "published_at", "next_version")
    list_filter = ("kind",)
    ordering = ("kind", "-version")
    fields = ("kind", "title", "title_en", "body", "body_en")

    @admin.display(description=_("new version"))
    def next_version(self, terms: Terms) -> str:
        address = reverse("admin:accounts_terms_add", query={"kind": terms.kind})
        return format_html('<a href="{}">{}</a>', address, _("Write a new version"))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What is in force, to be edited into the next version."""
        terms = Terms.objects.of_kind(request.GET.get("kind", "")).first()
        return {name: getattr(terms, name) for name in self.fields} if terms is not None else {}

    def save_model(self, request: HttpRequest, obj: Terms, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            publish(obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Terms | None = None) -> tuple[str, ...]:
        return ("kind", "version", "published_at") if obj is not None else ()

    def get_fields(self, request: HttpRequest, obj: Terms | None = None) -> Any:
        return (*self.fields, "version", "published_at") if obj is not None else self.fields

    def has_change_permission(self, request: HttpRequest, obj: Terms | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.consents.exists())

    def has_delete_permission(self, request: HttpRequest, obj: Terms | None = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and not obj.consents.exists()


@admin.register(Consent)
class ConsentAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "terms", "given_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consent]:
        return super().get_queryset(request).select_related("user", "terms")
