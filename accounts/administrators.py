"""三员分立: who keeps the system, who keeps the accounts and who reads the logs are three people (GB/T 22239-2019)."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from workflow.seeding import register_seed

SYSTEM, SECURITY, AUDIT = "系统管理员", "安全管理员", "审计管理员"
KEPT = ("view", "add", "change")
# {role: {model: what may be done with it}}; nothing else, and no model is changed by two of them.
RIGHTS: dict[str, dict[str, Collection[str]]] = {
    SYSTEM: {
        "workflow.region": KEPT,
        "workflow.organisation": KEPT,
        "workflow.duty": KEPT,
        "workflow.chainversion": (*KEPT, "delete"),
        "workflow.stage": (*KEPT, "delete"),
        "workflow.calendarday": (*KEPT, "delete"),
        "workflow.serviceitem": (*KEPT, "delete"),
        "workflow.job": ("view",),
        "workflow.outboxmessage": ("view",),
        "subsidies.programme": KEPT,
        "subsidies.intake": KEPT,
        "accounts.terms": (*KEPT, "delete"),
        "accounts.messagetemplate": ("view", "change"),
        "accounts.messagepolicy": ("view", "change"),
        "accounts.textmessage": ("view",),
        "accounts.mailmessage": ("view",),
        "accounts.user": ("view",),
    },
    SECURITY: {
        "accounts.user": KEPT,
        "workflow.duty": ("view",),
        "workflow.organisation": ("view",),
    },
    AUDIT: {
        "accounts.signin": ("view",),
        "accounts.sensitiveview": ("view",),
        "accounts.consent": ("view",),
        "accounts.user": ("view",),
        "admin.logentry": ("view",),
        "workflow.act": ("view",),
        "workflow.caseevent": ("view",),
        "workflow.erasure": ("view",),
        "workflow.seal": ("view",),
    },
}


def rights_of(role: str) -> set[str]:
    """{"app.action_model"} of a role."""
    wanted = set()
    for label, actions in RIGHTS[role].items():
        app, model = label.split(".")
        wanted |= {f"{app}.{action}_{model}" for action in actions}
    return wanted


@register_seed
@transaction.atomic
def seed_administrators() -> None:
    """Exactly these rights, whatever was ticked meanwhile."""
    known = {f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")}
    for role in RIGHTS:
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set([known[right] for right in rights_of(role)])


def holds_two(groups: Collection[str], *, is_superuser: bool) -> bool:
    """The account that sets up the first administrators (superuser) is no administrator of the three beside that."""
    held = set(groups) & set(RIGHTS)
    return len(held) + is_superuser > 1
