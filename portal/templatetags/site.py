"""The site's identity for the pages that are rendered without a request: 500, 503, 400 and a failed CSRF check."""

from typing import Any

from django import template

from portal.context import identity

register = template.Library()


@register.simple_tag
def site_identity() -> dict[str, Any]:
    return identity()
