"""After a key was revoked: which cards its codes stand on, and new editions of the plastic ones."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from talent.enums import CardEventKind, KeyState
from talent.models import Card, SignedCode, SigningKey
from talent.services.editions import Edition, lock_cards, write_editions
from workflow import clock
from workflow.actors import SYSTEM
from workflow.services import Refused

# Cards of one transaction.
AT_ONCE = 500
# Goes into the record of the card, which is Chinese.
REASON = "签名密钥停用，换发新卡"


@dataclass(frozen=True, slots=True)
class Concerned:
    """``printed``: its plastic must be made anew; else the holder's page draws it with another key already.

    ``assumed``: printed before keys were written down, perhaps with this one.
    """

    card: Card
    printed: bool
    assumed: bool = False


def cards_of_key(key: SigningKey) -> list[Concerned]:
    """Those that are worth something today, and whose code of today's edition this key has signed; two statements."""
    cards = list(Card.objects.signed_by(key, clock.today()).select_related("unit").order_by("number"))
    codes = SignedCode.objects.filter(key=key, printed=True, card__in=[card.pk for card in cards])
    printed = {(card, edition): assumed for card, edition, assumed in codes.values_list("card", "edition", "assumed")}
    keys = ((card, (card.pk, card.edition)) for card in cards)
    return [Concerned(card, key in printed, printed.get(key, False)) for card, key in keys]


def reissue_cards(key: SigningKey) -> list[Card]:
    """A new edition of every plastic card that this key has signed: it waits to be printed and handed out again.

    What is lost or frozen stays so. Raises Refused for a key that is still trusted.
    """
    if key.state != KeyState.REVOKED:
        raise Refused("Only a revoked key leaves cards behind; --revoke comes first.")
    keys = [one.card.pk for one in cards_of_key(key) if one.printed]
    done: list[Card] = []
    for start in range(0, len(keys), AT_ONCE):
        done += _reissue(key, keys[start : start + AT_ONCE])
    return done


@transaction.atomic
def _reissue(key: SigningKey, keys: list[int]) -> list[Card]:
    """Whoever was faster has made newer editions: what is locked is asked again."""
    locked = lock_cards(keys)
    still = set(Card.objects.signed_by(key, clock.today()).filter(pk__in=keys).values_list("pk", flat=True))
    cards = [card for pk, card in locked.items() if pk in still]
    editions = [Edition(card, CardEventKind.REPLACED, reason=REASON) for card in cards]
    write_editions(editions, SYSTEM, at=clock.now(), keeps_loss=True)
    return cards
