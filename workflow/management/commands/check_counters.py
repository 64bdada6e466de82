"""manage.py check_counters: compares the kept counters of the seats with a recount."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from workflow.services.counters import recount, repair_counters


class Command(BaseCommand):
    help = "Count what waits in every seat and compare; --repair writes the counted numbers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="Write the counted numbers.")

    def handle(self, *args: Any, **options: Any) -> None:
        differences = repair_counters() if options["repair"] else recount()
        for row in differences:
            seat = f"organisation {row.organisation}, {row.case_type}, {row.stage}, due {row.due_on}"
            self.stderr.write(f"{seat}: {row.kept} kept, {row.counted} counted")
        self.stdout.write(f"{len(differences)} counters differed")
        if differences and not options["repair"]:
            sys.exit(1)
