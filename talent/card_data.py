"""What the portal holds of a person's cards, for 我的信息; what stays by law, and what happens when an account goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.data_sections import DataSection, Group, facts_of, register_data_section
from accounts.enums import UserKind
from accounts.models import User
from accounts.services.erasing import Erased, Kept, register_data_eraser, register_holder, register_locker
from talent.card_pages import card_facts, card_status
from talent.models import Card, CardEvent, HandOut
from talent.services.cards import cancel_card
from talent.services.editions import lock_cards
from workflow.actors import SYSTEM
from workflow.presentation.times import minute_text
from workflow.retention import ARCHIVES, RetentionClass, register_retention


def cards(user: User) -> Iterator[Group]:
    if user.person is None:
        return
    for card in Card.objects.of(user.person).whole().prefetch_related("events", "hand_outs"):
        facts = [*card_facts(card), (_("Status"), card_status(card).text)]
        events = [(minute_text(event.at), _event(event)) for event in card.events.all()]
        given = [(_("Received by"), f"{row.recipient} {row.received_on.isoformat()}") for row in card.hand_outs.all()]
        yield Group(card.number, facts_of(*facts, *events, *given))


def _event(event: CardEvent) -> str:
    return _(", ").join(part for part in (event.get_kind_display(), event.reason) if part)


@register_holder
def issued_cards(user: User) -> Iterator[Kept]:
    if user.person is not None and Card.objects.of(user.person).exists():
        yield Kept(_("Talent cards with their record"), str(ARCHIVES), _("for good"))


@register_locker
def lock_their_cards(users: Sequence[int]) -> None:
    """Whoever changes a card tells its holder afterwards."""
    lock_cards(Card.objects.filter(person__users__in=users).values_list("pk", flat=True))


@register_data_eraser
def end_cards(user: User) -> Iterator[Erased]:
    """A card whose holder has left the portal could be reported lost by nobody: it ends with the account."""
    if user.person is None or user.person.users.filter(is_active=True).exclude(pk=user.pk).exists():
        return
    living = list(Card.objects.of(user.person).living())
    for card in living:
        cancel_card(card, reason="账号注销", actor=SYSTEM)
    yield Erased(_("Talent cards in use"), len(living))


register_data_section(
    DataSection("cards", gettext_lazy("Talent cards"), cards, change_url="", kinds=(UserKind.PERSON,), order=64)
)
register_retention(
    RetentionClass(
        "talent_cards",
        gettext_lazy("Talent cards with their record"),
        ARCHIVES,
        Card.objects.all,
        "issued_at",
    )
)
register_retention(
    RetentionClass(
        "card_hand_outs", gettext_lazy("Register of cards handed out"), ARCHIVES, HandOut.objects.all, "entered_at"
    )
)
