"""manage.py verify_events: proves that events, filings, cases and seals are as they were written."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from workflow.services.verification import verify_events


class Command(BaseCommand):
    help = "Recompute every case's chain of events, the filings, opinions and seals; name what was changed."

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify_events()
        for fault in report.faults:
            self.stderr.write(str(fault))
        self.stdout.write(
            f"{report.cases} cases, {report.events} events, {report.seals} seals: {len(report.faults)} faults"
        )
        if report.faults:
            sys.exit(1)
