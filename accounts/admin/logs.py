"""What the audit administrator reads: the log of sign-ins and that of the administration. Nobody changes them."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.models import LogEntry

from accounts.admin.bases import ReadOnly
from accounts.models import SensitiveView, SignIn

# Secrets and sessions are nobody's to look at; accounts have a page of their own for what may be done with them.
for _model in (Authenticator, UserSession, EmailAddress, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(_model)


@admin.register(SignIn)
class SignInAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("at", "user", "entry", "way", "outcome", "address", "agent")
    list_filter = ("outcome", "way", "entry")
    list_select_related = ("user",)
    search_fields = ("user__username", "=address")
    show_full_result_count = False


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("action_time", "user", "action_flag", "content_type", "object_repr", "change_message")
    list_filter = ("action_flag", "content_type")
    list_select_related = ("user", "content_type")
    search_fields = ("user__username", "object_repr")
    show_full_result_count = False


@admin.register(SensitiveView)
class SensitiveViewAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("at", "viewer", "organisation", "case", "field", "reason")
    list_select_related = ("viewer", "organisation", "case")
