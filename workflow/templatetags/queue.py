"""The rows of a queue."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from workflow.presentation.rows import print_rows
from workflow.queue import QueuePage

register = template.Library()


@register.simple_tag
def queue_rows(page: QueuePage, has_amount: bool) -> SafeString:
    return print_rows(page, has_amount)
