"""manage.py simulate --cases N: try the chain before opening it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.simulation import Simulation


class Command(BaseCommand):
    help = "Make plausible cases and walk them through the chain by the real perform, with returns and objections."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=100)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Invented cases do not belong into a production database.")
        if options["cases"] < 1:
            raise CommandError("--cases takes a number from 1.")
        try:
            report = Simulation(seed=options["seed"], tell=self.stdout.write).run(options["cases"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{report.cases} cases filed at {report.filed_a_second:.0f} a second, "
            f"{report.moves} moves at {report.moves_a_second:.0f} a second, "
            f"{report.returned} returned and filed again, {report.objections} objections decided."
        )
        self.stdout.write("Where cases wait:")
        for place, count in report.waits.most_common():
            self.stdout.write(f"  {place:<16}{count:>8}")
