"""The administration of accounts. Numbers are shown masked; registrations move through their chains only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import UserKind
from accounts.forms.fields import MobileField
from accounts.models import Consent, Person, SensitiveView, Terms, UnitProfile, User
from accounts.services.accounts import find_taken, take_phone
from workflow.masking import mask_address, mask_number, mask_phone
from workflow.models import Duty


class ReadOnly:
    """What people or the system wrote: to be read here, and changed nowhere."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class DutyInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Duty
    fk_name = "user"
    extra = 0
    raw_id_fields = ("organisation", "stands_in_for")


class ConsentInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Consent
    extra = 0


class NewUserForm(AdminUserCreationForm):
    """The administrator sets up officers; persons and employers register themselves."""

    class Meta:
        model = User
        fields = ("username", "name", "email")

    def save(self, commit: bool = True) -> User:
        self.instance.kind, self.instance.is_approved = UserKind.OFFICER, True
        user: User = super().save(commit)
        return user


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """The phone is typed anew, never shown; an empty field keeps it."""

    new_phone = MobileField(label=_("New mobile number"), required=False)

    class Meta:
        model = User
        fields = ("name", "email", "is_active", "is_staff", "is_superuser", "groups")

    def clean_new_phone(self) -> str:
        phone = str(self.cleaned_data["new_phone"])
        if phone and (taken := find_taken(phone=phone, user=self.instance)):
            raise forms.ValidationError(taken["phone"], "taken")
        return phone


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    form = UserForm
    add_form = NewUserForm
    add_fieldsets = ((None, {"fields": ("username", "name", "email", "usable_password", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("username", "kind", "is_approved", "person", "date_joined", "last_login")}),
        (_("Contact person"), {"fields": ("name", "email", "phone_masked", "new_phone")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
    )
    readonly_fields = ("username", "kind", "is_approved", "person", "phone_masked", "date_joined", "last_login")
    list_display = ("username", "name", "kind", "is_approved", "is_active", "date_joined")
    list_filter = ("kind", "is_approved", "is_active", "is_staff")
    search_fields = ("username", "name")
    ordering = ("-pk",)
    inlines = (DutyInline, ConsentInline)

    @admin.display(description=_("mobile number"))
    def phone_masked(self, user: User) -> str:
        return mask_phone(user.phone)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        # While an account is being set up its user name is typed.
        return self.readonly_fields if obj is not None else ()

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if phone := form.cleaned_data.get("new_phone"):
            take_phone(obj, phone)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Accounts are closed (active: no), never deleted: events and filings name them.
        return False


@admin.register(Person)
class PersonAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "document_kind", "number_masked", "phone_masked", "unit", "created_at")
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
    """A new text is a new version; what somebody agreed to does not change."""

    list_display = ("title", "kind", "version", "published_at")

    def has_change_permission(self, request: HttpRequest, obj: Terms | None = None) -> bool:
        return obj is None or not obj.consents.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Terms | None = None) -> bool:
        return obj is not None and not obj.consents.exists()


@admin.register(Consent)
class ConsentAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "terms", "given_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consent]:
        return super().get_queryset(request).select_related("user", "terms")


@admin.register(SensitiveView)
class SensitiveViewAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("at", "viewer", "organisation", "case", "field", "reason")
    list_select_related = ("viewer", "organisation", "case")


@login_not_required
def officer_entry(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """The administration has no door of its own: everybody passes the picture code and the lock."""
    if request.user.is_authenticated and not admin.site.has_permission(request):
        raise PermissionDenied(_("The administration is for administrators."))
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("accounts:sign_in_officer"))


admin.site.login = officer_entry  # type: ignore[method-assign]
