"""三员分立: who keeps the system, who keeps the accounts and who reads the logs are three people (GB/T 22239-2019)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from workflow.seeding import register_seed
from workflow.triggers import add_rule

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
        "workflow.retentionrule": ("view", "change"),
        "workflow.purge": ("view",),
        "subsidies.programme": KEPT,
        "subsidies.programmelevel": KEPT,
        "subsidies.programmepaper": KEPT,
        "subsidies.intake": KEPT,
        "talent.cardscheme": KEPT,
        "talent.cardcategory": KEPT,
        "talent.cardpaper": KEPT,
        "talent.cardservice": KEPT,
        "talent.signingkey": ("view",),
        "accounts.terms": (*KEPT, "delete"),
        "accounts.messagetemplate": ("view", "change"),
        "accounts.messagepolicy": ("view", "change"),
        "accounts.textmessage": ("view",),
        "accounts.mailmessage": ("view",),
        "accounts.user": ("view",),
    },
    SECURITY: {
        "accounts.user": KEPT,
        "accounts.datarequest": ("view", "change"),
        "workflow.duty": ("view",),
        "workflow.organisation": ("view",),
    },
    AUDIT: {
        "accounts.signin": ("view",),
        "accounts.sensitiveview": ("view",),
        "accounts.consent": ("view",),
        "accounts.dataerasure": ("view",),
        "accounts.user": ("view",),
        "admin.logentry": ("view",),
        "talent.specialistchange": ("view",),
        "workflow.act": ("view",),
        "workflow.caseevent": ("view",),
        "workflow.erasure": ("view",),
        "workflow.paperlook": ("view",),
        "workflow.purge": ("view",),
        "workflow.retentionrule": ("view",),
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


def _held(account: str) -> str:
    """How many administrators this account is, as SQL over the rows that were just written."""
    roles = ", ".join(f"'{role}'" for role in RIGHTS)
    return f"""(
        (SELECT count(*) FROM accounts_user_groups m JOIN auth_group g ON g.id = m.group_id
         WHERE m.user_id = {account} AND g.name IN ({roles}))
        + (SELECT count(*) FROM accounts_user u WHERE u.id = {account} AND u.is_superuser)
    )"""  # noqa: S608


# {table: (what is watched, whose account it is)}
_WATCHED = {
    "accounts_user_groups": ("INSERT OR UPDATE", "NEW.user_id"),
    "accounts_user": ("UPDATE OF is_superuser", "NEW.id"),
}


def _three_people(vendor: str) -> list[str]:
    """What ``holds_two`` says, for whoever does not come through the form."""
    return list(_on_postgresql() if vendor == "postgresql" else _on_sqlite())


def _on_sqlite() -> Iterator[str]:
    for table, (events, account) in _WATCHED.items():
        for event in events.split(" OR "):
            yield (
                f"CREATE TRIGGER tongban_{table}_{event.split()[0].lower()}_three_people AFTER {event} ON {table} "
                f"WHEN {_held(account)} > 1 BEGIN SELECT RAISE(ABORT, 'three people'); END"
            )


def _on_postgresql() -> Iterator[str]:
    for table, (events, account) in _WATCHED.items():
        # Two roles given at once wait for one another.
        lock = f"PERFORM 1 FROM accounts_user WHERE id = {account} FOR NO KEY UPDATE; "
        yield (
            f"CREATE OR REPLACE FUNCTION tongban_{table}_three_people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{lock}IF {_held(account)} > 1 THEN RAISE EXCEPTION 'three people' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$"
        )
        yield (
            f"CREATE TRIGGER tongban_{table}_three_people AFTER {events} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION tongban_{table}_three_people()"
        )


add_rule(tuple(_WATCHED), _three_people)
