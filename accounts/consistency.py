"""Who may act: administrators apart, offices for officers, and nobody on the case of the same person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.administrators import RIGHTS
from workflow.actors import STANDS_IN_FOR
from workflow.consistency.checks import sql_check

_ROLES = ", ".join(f"'{role}'" for role in RIGHTS)

sql_check(
    "account.administrators",
    _("Nobody is two of system, security and audit administrator, nor one of them beside the account above them"),
    f"""
    SELECT u.username, count(*) || ' ' || max(CASE WHEN u.is_superuser THEN 1 ELSE 0 END), '1 0'
    FROM accounts_user u
    JOIN accounts_user_groups m ON m.user_id = u.id
    JOIN auth_group g ON g.id = m.group_id
    WHERE g.name IN ({_ROLES})
    GROUP BY u.id, u.username
    HAVING count(*) + max(CASE WHEN u.is_superuser THEN 1 ELSE 0 END) > 1
    """,  # noqa: S608
)
sql_check(
    "account.office",
    _("Only officers have duties at offices"),
    """
    SELECT u.username, u.kind, o.name
    FROM workflow_duty d
    JOIN workflow_organisation o ON o.id = d.organisation_id
    JOIN accounts_user u ON u.id = d.user_id
    WHERE o.kind <> 'unit' AND u.kind <> 'officer'
    """,
)
sql_check(
    "hand.same_person",
    _("Nobody has decided, under one account, what they applied for under another"),
    f"""
    SELECT COALESCE(NULLIF(c.number, ''), '#' || c.id) || '/' || e.seq, u.username, c.subject
    FROM accounts_user u
    JOIN workflow_case c ON c.subject_key = u.identity_key
    JOIN workflow_caseevent e ON e.case_id = c.id
    WHERE u.identity_key <> '' AND e.organisation_id IS NOT NULL
      AND u.id IN (e.actor_id, CAST(e.payload ->> '{STANDS_IN_FOR}' AS bigint))
    """,  # noqa: S608
)
