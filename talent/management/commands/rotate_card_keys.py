"""manage.py rotate_card_keys: a new key signs the codes of cards; ``--revoke ID`` after a key was stolen."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from talent.models import SigningKey
from talent.services.signing import revoke_key, rotate_key, signing_key


class Command(BaseCommand):
    help = "Sign the codes of talent cards with a new key. Printed codes stay good, unless their key is revoked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--revoke", type=int, metavar="ID", help="Believe no code of this key any more.")
        parser.add_argument("--list", action="store_true", help="Change nothing; say which keys there are.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for key in SigningKey.objects.all():
                self.stdout.write(f"{key.pk}: {key.state}, made {key.created_at:%Y-%m-%d}, public {key.public}")
            return
        if options["revoke"] is None:
            signing_key()
            self.stdout.write(f"Key {rotate_key().pk} signs from now on; printed codes stay good.")
            return
        stolen = SigningKey.objects.filter(pk=options["revoke"]).first()
        if stolen is None:
            raise CommandError(f"There is no key {options['revoke']}; --list shows all.")
        now = revoke_key(stolen)
        self.stdout.write(
            f"Key {stolen.pk} is revoked and key {now.pk} signs. Print the cards again that it has signed."
        )
