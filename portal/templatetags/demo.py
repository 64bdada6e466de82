"""The people of the demonstration, for the sign-in page."""

from django import template

from portal.demo.people import PEOPLE, DemoPerson

register = template.Library()


@register.simple_tag
def demo_people() -> tuple[DemoPerson, ...]:
    return PEOPLE
