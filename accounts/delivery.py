"""From the outbox to people: station messages and text messages, in Chinese, each once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import Channel
from accounts.models import Notification, User
from accounts.sms import gateway
from workflow import clock
from workflow.enums import PERSON, Action, State
from workflow.masking import mask_phone
from workflow.models import CaseEvent, Duty, OutboxMessage
from workflow.outbox import register_deliverer
from workflow.registry import case_type_of, eraser
from workflow.services.words import opinion_of


@dataclass(frozen=True, slots=True)
class Text:
    """``by_sms``: whether it must reach the person now; the rest waits in the station messages."""

    title: str
    body: str
    by_sms: bool = True


Renderer = Callable[[OutboxMessage], Text]

_renderers: dict[str, Renderer] = {}


def renders(kind: str) -> Callable[[Renderer], Renderer]:
    """A service words the messages of its own kinds; ``case.<action>`` is worded here."""

    def remember(renderer: Renderer) -> Renderer:
        _renderers[kind] = renderer
        return renderer

    return remember


@register_deliverer
def deliver(message: OutboxMessage) -> None:
    """Deliver to the recipient, or to everybody on duty at the organisation. A second call delivers nothing more."""
    with translation.override(settings.LANGUAGE_CODE):
        text = render(message)
    for user in recipients(message):
        _notify(message, user, text)
        if text.by_sms:
            _send_sms(message, user, text)


def render(message: OutboxMessage) -> Text:
    """Raises KeyError for a kind that nobody words: it stays in the outbox with that error."""
    if message.kind in _renderers:
        return _renderers[message.kind](message)
    family, _dot, action = message.kind.partition(".")
    if family != "case":
        raise KeyError(f"No renderer for messages of the kind {message.kind!r}.")
    return _case_text(message, Action(action))


@eraser
def erase_from_messages(event: CaseEvent) -> None:
    """What was delivered is worded anew, without the words that were erased."""
    told = OutboxMessage.objects.filter(case=event.case_id, context__seq=event.seq, kind=f"case.{event.action}")
    for message in told:
        with translation.override(settings.LANGUAGE_CODE):
            body = render(message).body
        Notification.objects.filter(source=message).update(body=body)


def recipients(message: OutboxMessage) -> Sequence[User]:
    if message.recipient_id is not None:
        return list(User.objects.filter(pk=message.recipient_id))
    on_duty = Duty.objects.on(clock.today()).filter(organisation=message.organisation_id)
    return list(User.objects.filter(is_active=True, pk__in=on_duty.values("user")).order_by("pk"))


def _case_text(message: OutboxMessage, action: Action) -> Text:
    case = message.case
    assert case is not None
    event = CaseEvent.objects.select_related("organisation").get(case=case, seq=message.context["seq"])
    stage = case.route[event.from_stage] if event.from_stage else None
    to_stage = case.route[event.to_stage] if event.to_stage else None
    facts = {
        "label": case_type_of(case).label,
        "number": case.number or case.pk,
        "office": event.organisation or _("the system"),
        "step": stage.step_label if stage is not None else "",
        "result": stage.forward_label if stage is not None else "",
        "status": to_stage.title if to_stage is not None else State(event.state).label,
        # The texts end the sentence themselves.
        "opinion": opinion_of(event).strip().rstrip("。."),
    }
    title, body = _to_office() if action == Action.SEND_BACK and event.to_stage else _WORDS[action]()
    # Offices passing a case on among themselves are told on the site only.
    is_between_offices = to_stage is not None and to_stage.actor_kind != PERSON
    return Text(title % facts, body % facts, by_sms=not is_between_offices)


def _to_office() -> tuple[str, str]:
    """Returned from office to office: the applicant has nothing to do."""
    return (
        _("%(label)s: back at an earlier step"),
        _("%(office)s has sent your %(label)s (%(number)s) back to an earlier step. Status: %(status)s."),
    )


_WORDS: dict[Action, Callable[[], tuple[str, str]]] = {
    Action.SUBMIT: lambda: (
        _("%(label)s: submitted"),
        _("Your %(label)s (%(number)s) was submitted. Status: %(status)s."),
    ),
    Action.APPROVE: lambda: (
        _("%(label)s: %(result)s"),
        _("Your %(label)s (%(number)s): %(office)s has finished the step “%(step)s”. Status: %(status)s."),
    ),
    Action.SEND_BACK: lambda: (
        _("%(label)s: returned for correction"),
        _(
            "Your %(label)s (%(number)s) was returned by %(office)s: %(opinion)s. Sign in to see where it stands; "
            "what must be corrected can be submitted again."
        ),
    ),
    Action.TAKE_BACK: lambda: (
        _("%(label)s: a decision was taken back"),
        _("%(office)s has taken back its last decision on your %(label)s (%(number)s). Status: %(status)s."),
    ),
    Action.REJECT: lambda: (
        _("%(label)s: not approved"),
        _("%(office)s has not approved your %(label)s (%(number)s): %(opinion)s."),
    ),
    Action.WITHDRAW: lambda: (
        _("%(label)s: withdrawn"),
        _("Your %(label)s (%(number)s) was withdrawn because it was not finished in time."),
    ),
}


def _notify(message: OutboxMessage, user: User, text: Text) -> None:
    Notification.objects.bulk_create(
        [_row(message, user, text, Channel.STATION)],
        ignore_conflicts=True,
    )


def _send_sms(message: OutboxMessage, user: User, text: Text) -> None:
    """The row is written with the sending: if the gateway fails, neither stands and the outbox tries again."""
    sender = gateway()
    if sender is None or not user.phone:
        return
    with transaction.atomic():
        if Notification.objects.filter(source=message, recipient=user, channel=Channel.SMS).exists():
            return
        _row(message, user, text, Channel.SMS).save()
        sender.send(user.phone, text.body)


def _row(message: OutboxMessage, user: User, text: Text, channel: Channel) -> Notification:
    return Notification(
        recipient=user,
        channel=channel,
        title=text.title[:100],
        body=text.body,
        case_id=message.case_id,
        source=message,
        phone_masked=mask_phone(user.phone) if channel == Channel.SMS else "",
        created_at=message.created_at,
    )
