from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from workflow.findings import Check


class NotReady(Exception):
    """A form cannot be filed yet: what is empty, which rules fail, which papers are missing, in lines.

    ``failed``: the rules among them.
    """

    def __init__(self, lines: Sequence[str], *, pledged: bool, failed: Sequence[Check] = ()) -> None:
        super().__init__(_("; ").join(lines))
        self.lines = list(lines)
        self.failed = list(failed)
        self.pledged = pledged
