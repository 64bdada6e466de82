from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@login_not_required
def officer_entry(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """The administration has no door of its own: everybody passes the picture code and the lock."""
    if request.user.is_authenticated and not admin.site.has_permission(request):
        raise PermissionDenied(_("The administration is for administrators."))
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("accounts:sign_in_officer"))


def password_page(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Where the tries of the current password are counted and earlier passwords are remembered."""
    return redirect("accounts:password")


admin.site.login = officer_entry  # type: ignore[method-assign]
admin.site.password_change = password_page  # type: ignore[method-assign, assignment]
