"""The holder's writes of a request for a service by card: begin, save, submit, evaluate."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from talent.enums import CARD_SERVICE, CardState, Satisfaction
from talent.models import Card, CardService, ServiceRequest
from talent.service_filing import build_request_filing
from talent.services.refusals import NotReady
from talent.services.wallet import lock_papers
from workflow import clock
from workflow.actors import Actor
from workflow.enums import Action, State
from workflow.lookup_keys import identity_key
from workflow.models import Act, Case, ChainVersion
from workflow.registry import why_limited
from workflow.services import Refused, Seen, perform_one
from workflow.services.answers import is_answer


def why_not_served(card: Card, service: CardService) -> str:
    """Why this card does not bring this service today; "" where it does."""
    state = card.state_on(clock.today())
    if state != CardState.VALID:
        return _("Services are for valid cards; yours is: %(state)s.") % {"state": state.label}
    if service.scheme_id != card.scheme_id or not service.active or card.level not in service.levels:
        return _("Your type of card does not carry this service.")
    if card.supervisor_id is None:
        return _("No county bureau looks after your card. Ask the office that issued it.")
    return ""


@transaction.atomic
def start_request(card: Card, service: CardService, actor: Actor, *, token: uuid.UUID | None = None) -> ServiceRequest:
    """A draft; the same form token, or a draft for the same service that waits already, is found again.

    Raises Refused where the card does not bring this service, or the same request is under way.
    """
    lock_papers(card.person_id)
    token = token or uuid.uuid4()
    mine = ServiceRequest.objects.mine(actor)
    drafts = mine.filter(card=card, service=service, case__state=State.DRAFT)
    if first := mine.filter(case__token=token).first() or drafts.first():
        return first
    _refuse(card, service, actor)
    case = Case(token=token, case_type=CARD_SERVICE, created_at=clock.now())
    assert actor.user_id is not None
    case.applicant_id = actor.user_id
    case.chain = ChainVersion.objects.published(CARD_SERVICE)
    place_request(case, card)
    case.save(force_insert=True)
    return ServiceRequest.objects.create(case=case, card=card, service=service)


def _refuse(card: Card, service: CardService, actor: Actor) -> None:
    if reason := why_limited(actor, CARD_SERVICE) or why_not_served(card, service):
        raise Refused(reason)
    if other := ServiceRequest.objects.under_way(card, service).first():
        raise Refused(_("Your request %(number)s for this service is still under way.") % {"number": other.case})


def place_request(case: Case, card: Card) -> None:
    """The county bureau that looks after the card; the employer is not concerned."""
    case.unit, case.supervisor, case.region = None, card.supervisor, card.region
    case.subject, case.subject_key = card.name, identity_key(card.person.number)


@transaction.atomic
def save_request(request: ServiceRequest, actor: Actor, *, content: str) -> ServiceRequest:
    """Raises PermissionDenied once it is filed."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=request.case_id)
    if not case.is_editable or case.applicant_id != actor.user_id:
        raise PermissionDenied(_("The application is filed and can no longer be changed."))
    request.content, request.saved_at = content, clock.now()
    request.save(update_fields=["content", "saved_at"])
    return request


@transaction.atomic
def submit_request(request: ServiceRequest, actor: Actor, *, token: uuid.UUID, revision: int | None = None) -> Act:
    """File it; a second call with the token returns the first act. Raises NotReady or Refused."""
    (case,) = Case.objects.locked([request.pk])
    lock_papers(request.card.person_id)
    first = Act.objects.filter(pk=token).first() if case.seq else None
    if first is not None and is_answer(first, Action.SUBMIT, [Seen(case.pk, case.revision)], actor):
        return first
    if revision is not None and revision != case.revision:
        raise Refused(_("The case has changed since you opened it. Look at it again and decide anew."))
    return _file(ServiceRequest.objects.whole().get(pk=request.pk), actor, token)


def _file(request: ServiceRequest, actor: Actor, token: uuid.UUID) -> Act:
    case = request.case
    others = ServiceRequest.objects.under_way(request.card, request.service).exclude(pk=request.pk)
    if not request.content.strip():
        raise NotReady([_("Say what you ask for.")], pledged=True)
    if reason := why_not_served(request.card, request.service):
        raise NotReady([reason], pledged=True)
    if other := others.first():
        words = {"number": other.case}
        raise NotReady([_("Your request %(number)s for this service is still under way.") % words], pledged=True)
    if case.state == State.DRAFT:
        place_request(case, request.card)
        case.save(update_fields=["unit", "supervisor", "region", "subject", "subject_key"])
    return perform_one(Action.SUBMIT, case, actor, token=token, filings={case.pk: build_request_filing(request)})


@transaction.atomic
def evaluate_request(
    request: ServiceRequest, actor: Actor, *, rating: Satisfaction, reason: str = ""
) -> ServiceRequest:
    """一事一评: once, after the service is finished. Raises PermissionDenied or Refused."""
    current = ServiceRequest.objects.select_for_update(of=("self",)).select_related("case").get(pk=request.pk)
    if current.case.applicant_id != actor.user_id or not actor.is_person:
        raise PermissionDenied(_("Only whoever asked for the service evaluates it."))
    if current.case.state != State.APPROVED:
        raise Refused(_("The service can be evaluated once it is finished."))
    if current.rating is not None:
        raise Refused(_("You have evaluated this service already."))
    current.rating, current.rating_reason, current.rated_at = rating, reason.strip(), clock.now()
    current.save(update_fields=["rating", "rating_reason", "rated_at"])
    return current
