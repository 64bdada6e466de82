"""Accounts and their duties: set up, stopped, and made safe again by the security administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts import second_factor
from accounts.admin.bases import ReadOnly
from accounts.admin.user_forms import InitialPasswordForm, NewUserForm, UserForm
from accounts.enums import UserKind
from accounts.models import Consent, User
from accounts.services.accounts import Taken
from accounts.services.administration import (
    end_all_sessions,
    give_initial_password,
    reset_second_factor,
    unlock_account,
)
from accounts.services.officers import record_document, send_password_link, set_up_officer
from accounts.services.one_time_links import LinkRefused, can_be_sent
from accounts.services.phones import change_phone
from accounts.services.sessions import end_other_sessions, open_sessions
from workflow.admin.places import DutyForm
from workflow.masking import mask_number, mask_phone
from workflow.models import Duty

RANKS = ("is_staff", "is_superuser", "groups")
NUMBERS = ("phone_masked", "new_phone", "document_masked", "new_document_number")
LINK = "link"
# {button: (what it does, what it says)}
SECURITY_ACTS: dict[str, tuple[Callable[[User], object], Any]] = {
    "password": (give_initial_password, _("An initial password was given.")),
    "second_factor": (reset_second_factor, _("The second factor was reset.")),
    "unlock": (unlock_account, _("The locks after wrong passwords and codes were lifted.")),
    "sessions": (end_all_sessions, _("All sign-ins of this account were ended.")),
}


def _is_root(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


class WithoutDocument(admin.SimpleListFilter):
    """Officers whose own cases nobody would tell from those of others."""

    title = _("document number")
    parameter_name = "document"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return (("missing", _("Officers without one")),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(kind=UserKind.OFFICER, identity_key="") if self.value() else queryset


class DutyInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Duty
    form = DutyForm
    fk_name = "user"
    extra = 0
    raw_id_fields = ("organisation", "stands_in_for")


class ConsentInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Consent
    extra = 0


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    form = UserForm
    add_form = NewUserForm
    add_form_template = "accounts/admin/user_add.html"
    change_password_form = InitialPasswordForm
    add_fieldsets = ((None, {"fields": ("username", "name", "new_phone", "email", "new_document_number")}),)
    fieldsets = (
        (None, {"fields": ("username", "kind", "is_approved", "person", "date_joined", "last_login")}),
        (_("Contact person"), {"fields": ("name", "email", *NUMBERS)}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "security_page")}),
    )
    readonly_fields = (
        "username", "kind", "is_approved", "person", "phone_masked", "document_masked", "date_joined", "last_login",
        "security_page",
    )  # fmt: skip
    list_display = ("username", "name", "kind", "is_approved", "is_active", "date_joined")
    list_filter = ("kind", "is_approved", "is_active", "is_staff", WithoutDocument)
    search_fields = ("username", "name")
    ordering = ("-pk",)
    filter_horizontal = ()
    inlines = (DutyInline, ConsentInline)

    @admin.display(description=_("mobile number"))
    def phone_masked(self, user: User) -> str:
        return mask_phone(user.phone)

    @admin.display(description=_("document number"))
    def document_masked(self, user: User) -> str:
        return mask_number(user.document_number)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Three roles are three boxes."""
        return super().formfield_for_manytomany(db_field, request, **{"widget": CheckboxSelectMultiple} | kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        # While an account is being set up its user name is typed.
        if obj is None:
            return ()
        # Who is an administrator is decided by whoever set the portal up, not by one of the three.
        return self.readonly_fields if _is_root(request) else (*self.readonly_fields, *RANKS)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        phone, number = form.cleaned_data.get("new_phone"), form.cleaned_data.get("new_document_number")
        if change and "groups" in form.cleaned_data:
            # Before the rank: the database never sees both.
            obj.groups.set(form.cleaned_data["groups"])
        super().save_model(request, obj, form, change)
        if not change:
            set_up_officer(obj, number=number, phone=phone)
            self._send_link(request, obj)
            return
        if phone:
            change_phone(obj, phone)
            end_other_sessions(obj, this=None)
        if number:
            record_document(obj, number)

    def _send_link(self, request: HttpRequest, user: User) -> bool:
        """The officer chooses a password that no administrator knows."""

        def link_of(token: str) -> str:
            return request.build_absolute_uri(reverse("accounts:set_password", args=[token]))

        try:
            link = send_password_link(user, link_of=link_of, by=cast("User", request.user))
        except LinkRefused as refused:
            messages.error(request, str(refused))
            return False
        sent = _("A link by which a password is chosen was sent to %(target)s.") % {"target": link.target_masked}
        messages.success(request, sent)
        return True

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Taken as taken:
            # Somebody took the number between the look and the saving; nothing was saved.
            messages.error(request, str(taken))
            return redirect(request.get_full_path())

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody changes their own rights, and administrators are changed from above alone."""
        is_above = obj is None or _is_root(request) or not (obj.is_staff or obj.is_superuser or obj == request.user)
        return is_above and super().has_change_permission(request, obj)

    @admin.display(description=_("Security"))
    def security_page(self, user: User) -> str:
        address = reverse("admin:accounts_user_security", args=[user.pk])
        return format_html('<a href="{}">{}</a>', address, _("Initial password, second factor, locks"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.security_view)
        return [path("<path:object_id>/security/", view, name="accounts_user_security"), *super().get_urls()]

    @method_decorator(never_cache)
    def security_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One button each; what was pressed stands in the log of the administration."""
        user = get_object_or_404(User, pk=object_id if object_id.isdecimal() else None)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if request.POST.get("what") == LINK:
            if self._send_link(request, user):
                self.log_change(request, user, gettext("A link to a password was sent."))
            return redirect(request.path)
        password = self._press(request, user) if request.method == "POST" else ""
        context = {
            **self.admin_site.each_context(request),
            "title": f"{user} · {_('Security')}",
            "account": user,
            "password": password,
            "can_be_sent": can_be_sent(user),
            "factors": second_factor.has_second_factor(user),
            "open_sessions": len(open_sessions(user, this=None)),
        }
        return render(request, "accounts/admin/user_security.html", context)

    def _press(self, request: HttpRequest, user: User) -> str:
        """Answers the initial password where one was given."""
        what = request.POST.get("what", "")
        if what not in SECURITY_ACTS:
            raise PermissionDenied
        press, said = SECURITY_ACTS[what]
        with transaction.atomic():
            answer = press(user)
            self.log_change(request, user, str(said))
        messages.success(request, str(said))
        return answer if isinstance(answer, str) else ""

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Accounts are closed (active: no), never deleted: events and filings name them.
        return False
