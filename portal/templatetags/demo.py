"""The people of the demonstration, for the sign-in page."""

from django import template

from portal.demo.people import GROUPS, DemoGroup

register = template.Library()


@register.simple_tag
def demo_groups() -> tuple[DemoGroup, ...]:
    return GROUPS
