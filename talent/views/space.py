"""人才专属空间, 基本信息: saved while it is typed, with what is still missing beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Person
from talent.forms.photo import PhotoForm
from talent.forms.space import SpaceForm
from talent.presentation import profile_of
from talent.services.space import save_space
from talent.space_pages import ROW_KINDS, profile_row, space_state
from talent.views.facts import next_url, person_of
from workflow.middleware import ActorRequest

INVALID = 422


def profile(request: ActorRequest) -> HttpResponse:
    """【保存】 keeps everything; what could not be read stays as it was typed, and is marked."""
    person = person_of(request)
    form = SpaceForm(request.POST if request.method == "POST" else None, profile=profile_row(person))
    if request.method == "POST":
        save_space(person, **form.draft())
        if form.overtaken:
            messages.warning(request, form.overtaken)
        unread = [name for name in form.errors if form[name].data]
        if not unread:
            messages.success(request, _("Saved. You can go on at any time."))
            return redirect(next_url(request, "talent:profile"))
    return profile_page(request, person, form)


def profile_page(
    request: ActorRequest, person: Person, form: SpaceForm, photo: PhotoForm | None = None
) -> HttpResponse:
    photo = photo or PhotoForm()
    for name in [name for name in form.errors if not form[name].data]:
        # What is empty is no error here: the aside says that it is missing.
        del form.errors[name]
    context: dict[str, Any] = {
        "profile": profile_of(person),
        "form": form,
        "photo_form": photo,
        "parts": [photo, form],
        "state": space_state(person, profile_row(person)),
        "lists": [
            (_("Education details"), reverse("talent:educations")),
            (_("Work experience"), reverse("talent:works")),
            *((kind.title, reverse(kind.list_url)) for kind in ROW_KINDS.values()),
            (_("Document wallet"), reverse("talent:wallet")),
        ],
        "next": next_url(request, ""),
    }
    return render(request, "talent/profile.html", context, status=INVALID if form.errors or photo.errors else 200)


@require_POST
def profile_autosave(request: ActorRequest) -> HttpResponse:
    """The aside that follows what is typed."""
    person = person_of(request)
    form = SpaceForm(request.POST, profile=profile_row(person))
    saved = save_space(person, **form.draft())
    context = {"state": space_state(person, saved), "form": form, "fresh": True}
    return render(request, "talent/_space_state.html", context)
