"""What accounts keep encrypted without a column of its own: second factors, and what waits in sessions."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from accounts.forms.security import SECRET
from accounts.second_factor import CONTEXT
from accounts.services.kept_forms import CONTEXT as FORM_CONTEXT
from accounts.services.kept_forms import KEY as KEPT_FORM
from accounts.session_store import SessionStore
from workflow.services.rotation import Hidden, Renew, register_hidden

# What allauth writes through the adapter's ``encrypt``.
SINGLE, LISTED = ("secret", "seed"), "migrated_codes"
# {key of the session: context}
IN_SESSIONS = {SECRET: CONTEXT, KEPT_FORM: FORM_CONTEXT}


def _find(data: dict[str, Any]) -> Iterator[tuple[bytes, str]]:
    for letters in [*(data[key] for key in SINGLE if key in data), *data.get(LISTED, ())]:
        yield base64.b64decode(letters), CONTEXT


def _replace(data: dict[str, Any], renew: Renew) -> dict[str, Any]:
    def fresh(letters: str) -> str:
        return base64.b64encode(renew(base64.b64decode(letters), CONTEXT)).decode()

    data = data | {key: fresh(data[key]) for key in SINGLE if key in data}
    return data | {LISTED: [fresh(code) for code in data[LISTED]]} if LISTED in data else data


def _find_in_session(text: str) -> Iterator[tuple[bytes, str]]:
    session = SessionStore().decode(text)
    for key, context in IN_SESSIONS.items():
        if key in session:
            yield base64.b64decode(session[key]), context


def _replace_in_session(text: str, renew: Renew) -> str:
    store = SessionStore()
    session = store.decode(text)
    for key, context in IN_SESSIONS.items():
        if key in session:
            session[key] = base64.b64encode(renew(base64.b64decode(session[key]), context)).decode()
    return str(store.encode(session))


register_hidden(Hidden("mfa.authenticator (data)", Authenticator, "data", _find, _replace))
register_hidden(Hidden("sessions.session", Session, "session_data", _find_in_session, _replace_in_session))
