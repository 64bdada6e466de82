"""manage.py seed: regions, calendar, chains and the services' own reference data."""

from typing import Any

from django.core.management.base import BaseCommand

from workflow.seeding import seed_all


class Command(BaseCommand):
    help = "Write the reference data that is missing; existing rows stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        seed_all()
        self.stdout.write("Reference data is complete.")
