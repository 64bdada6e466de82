from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.views import i18n

from accounts.models import User
from accounts.services.message_settings import choose_language


@login_not_required
def set_language(request: HttpRequest) -> HttpResponseBase:
    """The language of the pages; whoever is signed in gets their messages in it from now on."""
    response = i18n.set_language(request)
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and language in dict(settings.LANGUAGES):
        choose_language(request.user, language)
    return response
