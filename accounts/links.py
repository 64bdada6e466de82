"""What every case page offers to those who may see a number in full."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from accounts.services.sensitive import FIELDS, may_reveal
from workflow.actors import Actor
from workflow.models import Case
from workflow.registry import Link, case_link


@case_link
def full_numbers(case: Case, actor: Actor) -> Iterator[Link]:
    if not may_reveal(case, actor):
        return
    for key, field in FIELDS.items():
        if field.is_given(case):
            yield Link(field.link, reverse("accounts:reveal", args=[case.pk, key]))
