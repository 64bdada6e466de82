from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts.enums import Channel
from accounts.forms.messages import MessageSettingsForm
from accounts.message_choices import language_of, offers_to
from accounts.models import User
from accounts.services.addresses import AddressRefused, address_to_confirm, ask_to_confirm, confirm_address, is_proved
from accounts.services.message_settings import choose_messages, follow_presets
from workflow.masking import mask_mail
from workflow.middleware import ActorRequest


def message_settings(request: ActorRequest) -> HttpResponse:
    """消息设置."""
    user = cast("User", request.user)
    if request.method == "POST" and "preset" in request.POST:
        follow_presets(user)
        messages.success(request, _("The usual choice holds again."))
        return redirect("accounts:message_settings")
    offers = offers_to(user)
    form = MessageSettingsForm(request.POST or None, offers=offers, initial={"language": language_of(user)})
    if request.method == "POST" and form.is_valid():
        choose_messages(user, language=form.cleaned_data["language"], wanted=form.chosen)
        messages.success(request, _("Saved."))
        return redirect("accounts:message_settings")
    context = {
        "form": form,
        "offers": offers,
        "channels": Channel.choices,
        "mail_enabled": settings.MAIL_ENABLED,
        "is_proved": is_proved(user),
        "has_sms": bool(settings.SMS_GATEWAY and user.phone),
    }
    return render(request, "accounts/message_settings.html", context)


@require_POST
def email_link(request: ActorRequest) -> HttpResponse:
    """【发送确认邮件】."""

    def link_of(key: str) -> str:
        return request.build_absolute_uri(reverse("accounts:email_confirm", args=[key]))

    try:
        message = ask_to_confirm(cast("User", request.user), link_of=link_of)
    except AddressRefused as refused:
        messages.error(request, str(refused))
    else:
        sent = _("A link was sent to %(address)s. Open it to confirm the address.")
        messages.success(request, sent % {"address": message.address_masked})
    return redirect("accounts:message_settings")


@login_not_required
@never_cache
@sensitive_variables("key")
def email_confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Mail scanners open links: only the button confirms. No sign-in is needed, the key came to the mailbox."""
    if request.method == "POST":
        try:
            proof = confirm_address(key)
        except AddressRefused as refused:
            return render(request, "accounts/email_confirm.html", {"refused": str(refused)}, status=410)
        return render(request, "accounts/email_confirm.html", {"done": mask_mail(proof.email)})
    found = address_to_confirm(key)
    context = {"address": mask_mail(found.email) if found else ""}
    return render(request, "accounts/email_confirm.html", context, status=200 if found else 410)
