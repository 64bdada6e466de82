"""授权事项: what an account opened at a counter may do. Accounts that registered online are not limited."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.enums import CounterSubject
from accounts.models import Grant, User
from workflow import clock, registry
from workflow.actors import Actor
from workflow.chain_specs import StageSpec, chain_specs
from workflow.enums import OrganisationKind

# Addresses of the forms by which accounts keep themselves up; whoever has an account may do that.
OWN = "accounts:"


def grantable(subject: str) -> list[tuple[str, str]]:
    """(case type, its name): what persons apply for, or what employers take part in."""
    types = registry.case_types
    if subject == CounterSubject.PERSON:
        keys = [key for key, case_type in types.items() if not case_type.edit_url.startswith(OWN)]
    else:
        keys = [key for key in types if key in chain_specs and _involves_employers(chain_specs[key].stages)]
    return [(key, str(types[key].label)) for key in sorted(keys)]


def _involves_employers(stages: Iterable[StageSpec]) -> bool:
    return any(stage.actor_kind == OrganisationKind.UNIT for stage in stages)


def granted_items(user: User) -> list[str]:
    """The names of what this account may do, for pages and papers."""
    held = set(Grant.objects.filter(user=user).values_list("case_type", flat=True))
    return [str(registry.case_types[key].label) for key in sorted(held) if key in registry.case_types]


def granted_keys(user: User) -> list[str]:
    return sorted(Grant.objects.filter(user=user).values_list("case_type", flat=True))


def grant(user: User, case_types: Iterable[str]) -> None:
    at = clock.now()
    Grant.objects.bulk_create(Grant(user=user, case_type=key, granted_at=at) for key in sorted(set(case_types)))


def pass_on_grants(source: User, target: User) -> None:
    """Whom a limited account sets up may do no more than it may itself."""
    source = User.objects.get(pk=source.pk)
    if not source.is_limited:
        return
    User.objects.filter(pk=target.pk).update(is_limited=True, valid_until=source.valid_until)
    grant(target, Grant.objects.filter(user=source).values_list("case_type", flat=True))


def _is_upkeep(actor: Actor, case_type: str) -> bool:
    """One's own registration and its changes; what an employer decides about others is no upkeep of its own."""
    is_own = registry.case_types[case_type].edit_url.startswith(OWN)
    return is_own and (actor.is_person or case_type not in dict(grantable(CounterSubject.ENTERPRISE)))


@registry.limit
def ungranted(actor: Actor, case_type: str) -> str:
    """One look in the database for a limited account, none for any other."""
    user = actor.user
    if not getattr(user, "is_limited", False) or _is_upkeep(actor, case_type):
        return ""
    held: frozenset[str] | None = getattr(user, "granted", None)
    if held is None:
        held = frozenset(Grant.objects.filter(user=actor.user_id).values_list("case_type", flat=True))
        user.granted = held  # type: ignore[union-attr]
    if case_type in held:
        return ""
    label = registry.case_types[case_type].label
    return _(
        "This account was opened at a counter, and “%(item)s” is not among the items granted to it. "
        "Have it granted at the counter."
    ) % {"item": label}
