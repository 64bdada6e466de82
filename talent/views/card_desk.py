"""渤海英才卡管理 of the city bureau: the list and its export, one card, freeze, release, cancel, hand out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from talent.card_pages import card_list, card_page, keeps_cards
from talent.documents.card_list import start_card_export
from talent.forms.cards import CardReasonForm, HandOutForm, PrintAgainForm
from talent.models import Card
from talent.services.card_prints import hand_out
from talent.services.cards import cancel_card, freeze_card, release_card
from workflow.middleware import ActorRequest
from workflow.registry import Text
from workflow.sealing import sealed_address
from workflow.services import Refused

INVALID, CONFLICT = 422, 409


@dataclass(frozen=True, slots=True)
class Deed:
    title: Text
    text: Text
    act: Callable[..., Card]
    done: Text
    is_danger: bool = False


DEEDS = {
    "freeze": Deed(
        gettext_lazy("Freeze the card"),
        gettext_lazy("A frozen card cannot be used until you release it."),
        freeze_card,
        gettext_lazy("The card is frozen."),
    ),
    "release": Deed(
        gettext_lazy("Release the card"),
        gettext_lazy("The card can be used again, unless its holder has reported it lost."),
        release_card,
        gettext_lazy("The card is released."),
    ),
    "cancel": Deed(
        gettext_lazy("Cancel the card"),
        gettext_lazy("A cancelled card is void for good. The holder has to apply for a new one."),
        cancel_card,
        gettext_lazy("The card is cancelled."),
        is_danger=True,
    ),
}


def refuse_others(request: ActorRequest) -> None:
    if not keeps_cards(request.actor):
        raise PermissionDenied(_("Cards are kept by the service specialists and heads of the city bureau."))


def kept_card(request: ActorRequest, pk: int) -> Card:
    refuse_others(request)
    card: Card = get_object_or_404(Card.objects.kept_by(request.actor).whole(), pk=pk)
    return card


@require_http_methods(["GET", "POST"])
def cards_manage(request: ActorRequest) -> HttpResponse:
    """A POST carries a filter with an identity number, which no address shows in plain text."""
    refuse_others(request)
    if request.method == "POST":
        return redirect(sealed_address(request))
    context = {"page": card_list(request.actor, request.GET), "form": PrintAgainForm()}
    return render(request, "talent/cards_manage.html", context)


@require_POST
def cards_export(request: ActorRequest) -> HttpResponse:
    refuse_others(request)
    job = start_card_export(request.actor, criteria=request.POST.get("criteria", ""))
    return redirect("workflow:job", job.token)


@require_GET
def card_manage(request: ActorRequest, pk: int) -> HttpResponse:
    return render(request, "talent/card_manage.html", {"page": card_page(kept_card(request, pk))})


@require_http_methods(["GET", "POST"])
def card_decide(request: ActorRequest, pk: int, deed: str) -> HttpResponse:
    card = kept_card(request, pk)
    if deed not in DEEDS:
        raise Http404
    words, form = DEEDS[deed], CardReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            words.act(card, reason=form.cleaned_data["reason"], actor=request.actor)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, str(words.done))
            return redirect("talent:card_manage", card.pk)
    context = {"card": card, "words": words, "form": form}
    return render(request, "talent/card_decide.html", context, status=INVALID if form.errors else 200)


@require_http_methods(["GET", "POST"])
def card_hand_out(request: ActorRequest, pk: int) -> HttpResponse:
    card = kept_card(request, pk)
    form = HandOutForm(request.POST or None, initial={"recipient": card.name})
    if request.method == "POST" and form.is_valid():
        facts = {key: value for key, value in form.cleaned_data.items() if key != "signed"}
        try:
            hand_out(card, actor=request.actor, **facts)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Entered in the register: %(number)s.") % {"number": card.number})
            return redirect("talent:card_manage", card.pk)
    context = {"card": card, "form": form}
    return render(request, "talent/card_hand_out.html", context, status=INVALID if form.errors else 200)
