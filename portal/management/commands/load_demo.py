"""manage.py load_demo: fill an empty database with the demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo import story
from portal.demo.people import PEOPLE
from workflow.outbox import deliver_pending
from workflow.seeding import seed_all


class Command(BaseCommand):
    help = "Offices, employers, graduates and cases in every stage, dated relative to today. Demo and test mode only."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo data does not belong into a production database.")
        seed_all()
        if story.is_loaded():
            self.stdout.write("The demonstration is there already.")
        else:
            story.load()
            deliver_pending()
        for person in PEOPLE:
            self.stdout.write(f"  {person.role}  {person.name}  ({person.username})")
