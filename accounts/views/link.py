from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from accounts.forms.link import SetPasswordForm
from accounts.services.one_time_links import LinkRefused, find_link, use_link


@login_not_required
@never_cache
@sensitive_post_parameters()
@sensitive_variables("token")
def set_password(request: HttpRequest, token: str) -> HttpResponse:
    """It signs nobody in, and opening it uses nothing up: message scanners open links too.

    The address tells no other site anything: nothing here comes from elsewhere, and referrers stay on this site.
    """
    link = find_link(token)
    if link is None:
        return render(request, "accounts/set_password.html", {"form": None}, status=410)
    form = SetPasswordForm(request.POST or None, user=link.user)
    if request.method == "POST" and form.is_valid():
        try:
            user = use_link(token, password=form.cleaned_data["password"])
        except LinkRefused:
            # Its other press was faster by a moment.
            return render(request, "accounts/set_password.html", {"form": None}, status=410)
        logout(request)
        messages.success(request, _("The password is set. Sign in with it; the user name is %s.") % user.username)
        return redirect(f"accounts:sign_in_{user.kind}")
    return render(request, "accounts/set_password.html", {"form": form, "link": link})
