"""The account that an officer has found, for the addresses of the pages that follow: nobody counts through accounts."""

from __future__ import annotations

from django.core import signing

from accounts.models import User
from accounts.services.counter_resets import why_out_of_reach
from workflow.actors import Actor

SALT = "accounts.counter_ref"
GOOD_FOR = 1800


def write_ref(user: User, actor: Actor) -> str:
    """Good for this officer at this counter, for half an hour."""
    return signing.dumps([user.pk, actor.user_id, actor.organisation_id], salt=SALT)


def account_of(ref: str, actor: Actor) -> User | None:
    try:
        user_id, officer_id, counter_id = signing.loads(ref, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if [officer_id, counter_id] != [actor.user_id, actor.organisation_id] or actor.organisation is None:
        return None
    user = User.objects.select_related("person").filter(pk=user_id).first()
    return None if user is None or why_out_of_reach(user, actor.organisation) else user
