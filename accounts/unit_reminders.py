"""What the short form of 单位注册 leaves open: the employer is reminded until 单位信息维护 says it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import UnitProfile
from accounts.unit_people import may_keep
from workflow.actors import Actor
from workflow.navigation import Todo, register_home_todos


@register_home_todos
def kind_of_employer(actor: Actor) -> Iterator[Todo]:
    """Without it nobody's rent subsidy can be judged, and statistics count the employer nowhere."""
    if may_keep(actor) and UnitProfile.objects.filter(organisation=actor.organisation, unit_kind="").exists():
        text = _("Complete the employer's details: the type of employer is missing")
        yield Todo(text, reverse("accounts:unit_info"), 1, 0)
