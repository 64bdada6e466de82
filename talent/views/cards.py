"""我的渤海英才卡: the electronic card, and the report of a loss."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from talent.card_pages import own_cards
from talent.card_verdicts import what_is_told
from talent.documents.card_faces import card_picture, cards_pdf
from talent.enums import LIVING
from talent.models import Card
from talent.services.cards import report_found, report_loss
from talent.views.facts import person_of
from workflow import clock
from workflow.middleware import ActorRequest
from workflow.services import Refused

CONFLICT = 409


def origin_of(request: ActorRequest) -> str:
    """Where the codes are verified: the public address of the portal, which plastic cards must outlive.

    Where none is set, the host by which the portal was called, which ALLOWED_HOSTS has checked.
    """
    return settings.CARD_VERIFY_ORIGIN or request.build_absolute_uri("/")


def _own(request: ActorRequest, number: str) -> Card:
    person_of(request)
    card: Card = get_object_or_404(Card.objects.visible_to(request.actor).whole(), number=number)
    return card


@never_cache
@require_GET
def cards(request: ActorRequest) -> HttpResponse:
    person_of(request)
    context = {"cards": own_cards(request.actor, origin_of(request)), "told": what_is_told()}
    return render(request, "talent/cards.html", context)


@require_GET
def card_pdf(request: ActorRequest, number: str) -> HttpResponse:
    return _file(request, number, lambda card, origin: cards_pdf([card], origin), "application/pdf", "pdf")


@require_GET
def card_image(request: ActorRequest, number: str) -> HttpResponse:
    return _file(request, number, card_picture, "image/jpeg", "jpg")


def _file(
    request: ActorRequest, number: str, draw: Callable[[Card, str], bytes], content_type: str, ending: str
) -> HttpResponse:
    card = _living(request, number)
    try:
        content = draw(card, origin_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("talent:cards")
    return download(content, content_type, f"{card.number}.{ending}")


def _living(request: ActorRequest, number: str) -> Card:
    """A void card is not drawn any more."""
    card = _own(request, number)
    return get_object_or_404(Card.objects.whole(), pk=card.pk if card.state_on(clock.today()) in LIVING else None)


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file that no cache keeps."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def card_lost(request: ActorRequest, number: str) -> HttpResponse:
    """挂失."""
    done = _("The card is reported lost. It cannot be used from now on.")
    return _report(request, number, report_loss, "talent/card_lost.html", done)


@require_http_methods(["GET", "POST"])
def card_found(request: ActorRequest, number: str) -> HttpResponse:
    """解除挂失."""
    done = _("The report is withdrawn. The card can be used again.")
    return _report(request, number, report_found, "talent/card_found.html", done)


def _report(request: ActorRequest, number: str, report: Callable[..., Card], template: str, done: str) -> HttpResponse:
    card, refused = _own(request, number), ""
    if request.method == "POST":
        try:
            report(card, actor=request.actor)
        except Refused as error:
            refused = str(error)
        else:
            messages.success(request, done)
            return redirect("talent:cards")
    context = {"card": card, "refused": refused, "has_errors": bool(refused)}
    return render(request, template, context, status=CONFLICT if refused else 200)
