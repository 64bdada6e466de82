"""manage.py rotate_keys: everything that is encrypted under the first of ENCRYPTION_KEYS, while the portal runs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow.encryption import default_cipher
from workflow.services.rotation import Place, encrypted_places, old_values, rotate

NAMED = 10


class Command(BaseCommand):
    help = "Re-encrypt every stored value under the first key of ENCRYPTION_KEYS. May be broken off and run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument(
            "--check", action="store_true", help="Change nothing; end with 1 while any value is under another key."
        )
        either.add_argument("--dry-run", action="store_true", help="Change nothing; say what would be re-encrypted.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Newest key: {default_cipher().current_id}")
        if options["check"] or options["dry_run"]:
            self._count(fails=options["check"])
            return
        broken = [line for place in encrypted_places() for line in self._rotate(place)]
        if broken:
            more = ", …" if len(broken) > NAMED else ""
            raise CommandError(f"No key opens {len(broken)} values: {'; '.join(broken[:NAMED])}{more}")
        self.stdout.write("Done. Run it with --check before an old key is taken away.")

    def _rotate(self, place: Place) -> list[str]:
        broken: list[str] = []
        renewed = 0
        for chunk in rotate(place):
            renewed += chunk.renewed
            broken += chunk.broken
            self.stdout.write(f"{place.name}: {renewed} re-encrypted")
        return broken

    def _count(self, *, fails: bool) -> None:
        old = 0
        for place in encrypted_places():
            counted = place.count()
            old += old_values(counted)
            keys = ", ".join(f"key {key}: {count}" for key, count in sorted(counted.items())) or "empty"
            self.stdout.write(f"{place.name}: {keys}")
        if not old:
            self.stdout.write("Every value is under the newest key.")
        elif fails:
            raise CommandError(f"{old} values are under older keys: these keys must stay.")
        else:
            self.stdout.write(f"{old} values would be re-encrypted.")
