"""我的信息, 保存期限 and key rotation of this floor: importing this registers what they consist of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import counter_records, own_data, retention
from accounts.own_data import has_own_data
from accounts.services import data_export, secrets_at_rest
from workflow.actors import Actor
from workflow.navigation import register_page

__all__ = ["counter_records", "data_export", "own_data", "retention", "secrets_at_rest"]


def _has_own_data(actor: Actor) -> bool:
    return has_own_data(actor.user) and getattr(actor.user, "is_approved", False)


def _is_unit(actor: Actor) -> bool:
    return actor.is_unit and _has_own_data(actor)


def _is_person(actor: Actor) -> bool:
    return actor.is_person and _has_own_data(actor)


# Each beside the other pages of its own heading.
register_page(_("Information maintenance"), _("My data"), "accounts:my_data", visible=_is_person, order=330)
register_page(_("Information upkeep"), _("My data"), "accounts:my_data", visible=_is_unit, order=330)
