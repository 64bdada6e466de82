"""The page that asks once more before something is done to somebody else's account."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from accounts.models import User
from workflow.masking import mask_phone
from workflow.middleware import ActorRequest

CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the page says and what its button is called."""

    title: str
    text: str
    button: str
    is_danger: bool = False


def confirm(
    request: ActorRequest,
    user: User,
    words: Confirmation,
    *,
    back: str,
    form: forms.Form | None = None,
    refused: str = "",
    is_barred: bool = False,
) -> HttpResponse:
    """``is_barred``: it cannot be done now, whatever is pressed: the page has no button."""
    context = {
        "account": user,
        "phone": mask_phone(user.phone) if user.phone else "",
        "words": words,
        "back": back,
        "form": form,
        "refused": refused,
        "has_errors": bool(refused),
        "is_barred": is_barred,
    }
    is_pressed = request.method == "POST"
    return render(request, "accounts/confirm.html", context, status=CONFLICT if refused and is_pressed else 200)
