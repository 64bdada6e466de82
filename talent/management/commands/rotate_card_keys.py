"""manage.py rotate_card_keys: a new key signs the codes of cards; ``--revoke ID`` after a key was stolen."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from talent.models import SigningKey
from talent.services.reissue import cards_of_key, reissue_cards
from talent.services.signing import revoke_key, rotate_key, signing_key
from workflow import clock
from workflow.services import Refused


class Command(BaseCommand):
    help = "Sign the codes of talent cards with a new key. Printed codes stay good, unless their key is revoked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--revoke", type=int, metavar="ID", help="Believe no code of this key any more.")
        one.add_argument("--cards", type=int, metavar="ID", help="Change nothing; list the cards of this key.")
        one.add_argument(
            "--reissue", type=int, metavar="ID", help="New editions of the plastic cards that this revoked key signed."
        )
        one.add_argument("--list", action="store_true", help="Change nothing; say which keys there are.")

    def handle(self, *args: Any, **options: Any) -> None:
        clock.read()
        if options["list"]:
            for key in SigningKey.objects.all():
                self.stdout.write(f"{key.pk}: {key.state}, made {key.created_at:%Y-%m-%d}, public {key.public}")
        elif options["cards"] is not None:
            self._tell_cards(_key(options["cards"]))
        elif options["revoke"] is not None:
            self._revoke(_key(options["revoke"]))
        elif options["reissue"] is not None:
            self._reissue(_key(options["reissue"]))
        else:
            signing_key()
            self.stdout.write(f"Key {rotate_key().pk} signs from now on; printed codes stay good.")

    def _revoke(self, stolen: SigningKey) -> None:
        now = revoke_key(stolen)
        self.stdout.write(f"Key {stolen.pk} is revoked and key {now.pk} signs.")
        self._tell_cards(stolen)
        self.stdout.write(f"Next: rotate_card_keys --reissue {stolen.pk}")

    def _tell_cards(self, key: SigningKey) -> None:
        found = cards_of_key(key)
        for one in found:
            where = "printed" if one.printed else "on screens only"
            where += ", perhaps with this key: it was not written down then" if one.assumed else ""
            self.stdout.write(f"{one.card.number}, edition {one.card.edition}, {one.card.unit_name}: {where}")
        printed = sum(one.printed for one in found)
        self.stdout.write(f"{len(found)} cards with a code of key {key.pk}, {printed} of them printed.")

    def _reissue(self, key: SigningKey) -> None:
        try:
            cards = reissue_cards(key)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{len(cards)} cards have a new edition. Print them: 渤海英才卡管理, 实体卡: 未打印.")


def _key(pk: int) -> SigningKey:
    key = SigningKey.objects.filter(pk=pk).first()
    if key is None:
        raise CommandError(f"There is no key {pk}; --list shows all.")
    return key
