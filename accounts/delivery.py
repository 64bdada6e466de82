"""From the outbox to people: on the site, by text message and by e-mail, as each of them chose, each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.channels import channels_of, mail_address
from accounts.enums import Channel
from accounts.models import MailMessage, MessageSettings, MessageTemplate, Notification, TextMessage, User
from accounts.services.mails import queue_mail
from accounts.services.texts import queue_text
from accounts.services.wordings import word
from workflow import clock
from workflow.enums import PERSON, Action, State
from workflow.models import CaseEvent, Duty, OutboxMessage
from workflow.outbox import register_deliverer
from workflow.registry import case_type_of, eraser
from workflow.services.words import opinion_of


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says: the kind, which has its words in templates, and the facts of its placeholders."""

    kind: str
    facts: Mapping[str, str]


Renderer = Callable[[OutboxMessage], Told]
Templates = Mapping[str, MessageTemplate]

_renderers: dict[str, Renderer] = {}


def renders(kind: str) -> Callable[[Renderer], Renderer]:
    """A service states the facts of the messages of its own kinds; those of ``case.<action>`` are stated here."""

    def remember(renderer: Renderer) -> Renderer:
        _renderers[kind] = renderer
        return renderer

    return remember


@register_deliverer
@transaction.atomic
def deliver(message: OutboxMessage) -> None:
    """Deliver to the recipient, or to everybody on duty at the organisation. A second call delivers nothing more."""
    users = recipients(message)
    chosen = MessageSettings.objects.in_bulk([user.pk for user in users])
    by_language: dict[str, list[User]] = defaultdict(list)
    for user in users:
        by_language[chosen[user.pk].language if user.pk in chosen else settings.LANGUAGE_CODE].append(user)
    for language, readers in by_language.items():
        with translation.override(language):
            told = render(message)
            templates = MessageTemplate.objects.for_kind(told.kind)
            for user in readers:
                _deliver_to(user, message, told, templates, chosen.get(user.pk))


def _deliver_to(
    user: User, message: OutboxMessage, told: Told, templates: Templates, choice: MessageSettings | None
) -> None:
    channels = channels_of(told.kind, templates, choice)
    if Channel.STATION in channels:
        _notify(user, message, told, templates)
    if Channel.SMS in channels and settings.SMS_GATEWAY and user.phone:
        _text(user, message, told)
    if Channel.EMAIL in channels and (address := mail_address(user)):
        _mail(user, message, told, address)


def render(message: OutboxMessage) -> Told:
    """Raises KeyError for a kind that nobody states: it stays in the outbox with that error."""
    if message.kind in _renderers:
        return _renderers[message.kind](message)
    family, _dot, action = message.kind.partition(".")
    if family != "case":
        raise KeyError(f"No renderer for messages of the kind {message.kind!r}.")
    return _case_told(message, Action(action))


@eraser
def erase_from_messages(event: CaseEvent) -> None:
    """What was delivered is worded anew, without the words that were erased."""
    told_by = OutboxMessage.objects.filter(case=event.case_id, context__seq=event.seq, kind=f"case.{event.action}")
    for message in told_by:
        chosen = MessageSettings.objects.in_bulk([user.pk for user in recipients(message)])
        for row in Notification.objects.filter(source=message):
            language = chosen[row.recipient_id].language if row.recipient_id in chosen else settings.LANGUAGE_CODE
            with translation.override(language):
                told = render(message)
                template = MessageTemplate.objects.for_kind(told.kind).get(Channel.STATION)
                words = word(told.kind, Channel.STATION, language, told.facts, template)
            Notification.objects.filter(pk=row.pk).update(title=words.title, body=words.body)
        _erase_from_sendings(message)


def _erase_from_sendings(message: OutboxMessage) -> None:
    for model in (TextMessage, MailMessage):
        for sending in model._default_manager.filter(source=message, params__isnull=False):
            with translation.override(sending.language):
                sending.params = dict(render(message).facts)
            sending.save(update_fields=["params"])


def recipients(message: OutboxMessage) -> Sequence[User]:
    if message.recipient_id is not None:
        return list(User.objects.filter(pk=message.recipient_id))
    on_duty = Duty.objects.on(clock.today()).filter(organisation=message.organisation_id)
    return list(User.objects.filter(is_active=True, pk__in=on_duty.values("user")).order_by("pk"))


def _case_told(message: OutboxMessage, action: Action) -> Told:
    case = message.case
    assert case is not None
    event = CaseEvent.objects.select_related("organisation").get(case=case, seq=message.context["seq"])
    stage = case.route[event.from_stage] if event.from_stage else None
    to_stage = case.route[event.to_stage] if event.to_stage else None
    # The person has a step of the chain to take: a return for correction has words of its own.
    is_asked = action == Action.APPROVE
    asked = to_stage.forward_label if is_asked and to_stage is not None and to_stage.actor_kind == PERSON else ""
    facts = {
        "label": case_type_of(case).label,
        "number": case.number or case.pk,
        "office": event.organisation or _("the system"),
        "step": stage.step_label if stage is not None else "",
        "result": stage.forward_label if stage is not None else "",
        "status": to_stage.title if to_stage is not None else State(event.state).label,
        "next": _("Sign in and choose “%s”.") % asked if asked else "",
        # The texts end the sentence themselves.
        "opinion": opinion_of(event).strip().rstrip("。."),
    }
    # Offices passing a case on among themselves: the applicant has nothing to do.
    is_between_offices = to_stage is not None and to_stage.actor_kind != PERSON
    kind = BETWEEN_OFFICES.get(action, message.kind) if is_between_offices else message.kind
    return Told(kind, {name: str(fact) for name, fact in facts.items()})


BETWEEN_OFFICES = {Action.APPROVE: "case.forward", Action.SEND_BACK: "case.send_back_step"}


def _notify(user: User, message: OutboxMessage, told: Told, templates: Templates) -> None:
    language = translation.get_language() or settings.LANGUAGE_CODE
    words = word(told.kind, Channel.STATION, language, told.facts, templates.get(Channel.STATION))
    row = Notification(
        recipient=user,
        title=words.title[:100],
        body=words.body,
        case_id=message.case_id,
        source=message,
        created_at=clock.now(),
    )
    Notification.objects.bulk_create([row], ignore_conflicts=True)


def _text(user: User, message: OutboxMessage, told: Told) -> None:
    if not TextMessage.objects.filter(source=message, user=user).exists():
        queue_text(
            phone=user.phone, template=told.kind, params=told.facts, user=user, case=message.case, source=message
        )


def _mail(user: User, message: OutboxMessage, told: Told, address: str) -> None:
    if not MailMessage.objects.filter(source=message, user=user).exists():
        queue_mail(address=address, template=told.kind, params=told.facts, user=user, case=message.case, source=message)
