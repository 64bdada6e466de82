"""manage.py check_consistency: every check of every floor over the whole database."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow.consistency.checks import Outcome, checks, run_checks


class Command(BaseCommand):
    help = "Prove that cases, events, counters, batches, numbers and money agree; name the first rows that do not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", nargs="+", default=[], metavar="CHECK", help="Run these checks alone.")
        parser.add_argument(
            "--quick", action="store_true", help="Leave out the checks that read every event, filing and file."
        )
        parser.add_argument("--show", type=int, default=10, help="How many rows of each check to name.")

    def handle(self, *args: Any, **options: Any) -> None:
        if unknown := set(options["only"]) - checks.keys():
            raise CommandError(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(checks)}.")
        outcomes = [self._tell(outcome) for outcome in self._run(options)]
        failed = [outcome.check.key for outcome in outcomes if outcome.faults]
        self.stdout.write(f"{len(outcomes)} checks, {len(failed)} failed{': ' if failed else ''}{', '.join(failed)}")
        if failed:
            sys.exit(1)

    def _run(self, options: dict[str, Any]) -> Any:
        return run_checks(only=options["only"], quick=options["quick"], show=max(options["show"], 1))

    def _tell(self, outcome: Outcome) -> Outcome:
        word = "FAULT" if outcome.faults else "OK   "
        self.stdout.write(f"{word} {outcome.check.key:<20} {outcome.seconds:7.2f} s  {outcome.check.title}")
        for fault in outcome.faults:
            self.stderr.write(f"        {fault}")
        if outcome.more:
            self.stderr.write("        …")
        return outcome
