"""Proves that the sums of persons, batches, county and city agree; ends with an error where they do not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from subsidies.services.reconciliation import money_report


class Command(BaseCommand):
    help = "Compare the sums of persons, batches, county and city; fail on the first that does not agree."

    def handle(self, *args: Any, **options: Any) -> None:
        report = money_report()
        self.stdout.write(
            f"Allocated {report.allocated} (cases {report.persons}; city {report.city}, county {report.county}), "
            f"paid and not returned {report.paid}."
        )
        if report.disagreements:
            raise CommandError("\n".join(str(row) for row in report.disagreements))
        self.stdout.write("All sums agree.")
