"""manage.py erase_words: erases the opinion and the remarks of one event, as the law on personal data may demand."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow.models import CaseEvent
from workflow.services.words import NotErased, erase_words


class Command(BaseCommand):
    help = "Erase what an office wrote about a person with one decision. The record of the decision stays verifiable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("case", help="Number of the case.")
        parser.add_argument("event", type=int, help="Which event of the case: 1 is its first submission.")
        parser.add_argument("--by", required=True, help="User name of the administrator who answers for it.")
        parser.add_argument("--reason", required=True, help="Why, for the record of erasures.")

    def handle(self, *args: Any, **options: Any) -> None:
        event = CaseEvent.objects.filter(case__number=options["case"], seq=options["event"]).first()
        if event is None:
            raise CommandError("This case has no such event.")
        by = get_user_model().objects.filter(username=options["by"], is_active=True, is_staff=True).first()
        if by is None:
            raise CommandError("No administrator has this user name.")
        if not options["reason"].strip():
            raise CommandError("An erasure needs a reason.")
        try:
            erase_words(event, by=by, reason=options["reason"].strip()[:200])
        except NotErased as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Erased: {event}")
