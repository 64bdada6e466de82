"""manage.py export_seals: the daily seals, one JSON object a line, to be kept outside of the database."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from workflow.models import Seal
from workflow.services.verification import seal_record


class Command(BaseCommand):
    help = "Print every daily seal as a line of JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        for seal in Seal.objects.order_by("day"):
            self.stdout.write(json.dumps(seal_record(seal)))
