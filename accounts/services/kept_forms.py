"""What was typed into a form when the sign-in was over: kept until the same person is back in the same browser.

It stands encrypted in the session: where the session ends it ends too, and no other browser has it. Nothing kept is
ever sent for anybody: the form is shown again, filled in.
"""

from __future__ import annotations

import base64
import json
import re
import time
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest

from accounts.models import User
from accounts.services.codes import network_key
from accounts.services.known_browsers import known_names
from accounts.services.limits import take
from accounts.targets import own_address
from workflow.encryption import DecryptionError, default_cipher
from workflow.visitors import address_of

# Keys of the session: what is kept, and whose session has ended in this browser.
KEY, WAS = "kept_form", "was_signed_in"
# Fields of the request by which a page that is about to be left says where it stands.
PAGE, ADDRESS = "_page", "_address"
CONTEXT = "accounts.kept_form"
ANYBODY = 0
SECONDS = 30 * 60
MAX_CHARACTERS = 30_000
# From one network address: each of them makes a session.
TRIES, PERIOD = 60, 3600
# Passwords, codes, pictures, tokens; and what somebody agrees to is agreed to anew.
NEVER = re.compile(r"passw|captcha|csrf|token|secret|^_|(^|[-_])(agree|consent|pledge)")
EXACTLY = frozenset({"current", "code", "old_code", "new_code", "send_code", "revision", "next"})


@dataclass(frozen=True, slots=True)
class KeptForm:
    """``address``: where the form was sent; ``page``: where it stood. ``owner``: key of the account, or ANYBODY."""

    owner: int
    page: str
    address: str
    fields: dict[str, list[str]]
    has_files: bool
    at: float


def is_keepable(name: str) -> bool:
    return name not in EXACTLY and NEVER.search(name) is None


def keep_form(request: HttpRequest, *, owner: int | None) -> None:
    """Nothing is kept where nobody knows whose it is, where nothing was typed, and where it is too much."""
    fields = {name: [str(value) for value in values] for name, values in request.POST.lists() if is_keepable(name)}
    if owner is None or not any(value for values in fields.values() for value in values):
        return
    kept = KeptForm(owner, page_of(request), _address(request), fields, bool(request.FILES), time.time())
    text = json.dumps(asdict(kept), ensure_ascii=False)
    visitor = network_key(address_of(request))
    if kept.page and len(text) <= MAX_CHARACTERS and take("kept_form", visitor, tries=TRIES, seconds=PERIOD):
        request.session[KEY] = base64.b64encode(default_cipher().encrypt(text.encode(), CONTEXT)).decode()


def kept_form(request: HttpRequest, user: User) -> KeptForm | None:
    """What this account may see of it; nothing after half an hour."""
    if KEY not in request.session:
        return None
    try:
        text = default_cipher().decrypt(base64.b64decode(request.session[KEY]), CONTEXT)
    except DecryptionError:
        return None
    kept = KeptForm(**json.loads(text))
    is_theirs = kept.owner in (ANYBODY, user.pk)
    return kept if is_theirs and time.time() - kept.at < SECONDS else None


def settle(request: HttpRequest, user: User) -> None:
    """Somebody has signed in: what another person typed in this browser is gone."""
    request.session.pop(WAS, None)
    if kept_form(request, user) is None:
        request.session.pop(KEY, None)


def who_typed(request: HttpRequest) -> int | None:
    """Key of the account whose session has ended; ANYBODY where nobody ever signed in here; None: nobody knows."""
    if WAS in request.session:
        return int(request.session[WAS])
    names = known_names(request)
    if not names:
        return ANYBODY
    found = User.objects.filter(username=names[0]).first() if len(names) == 1 else None
    return found.pk if found is not None else None


def page_of(request: HttpRequest) -> str:
    """The page of ours on which the form stood; empty where the browser does not say it and nothing else does."""
    if PAGE in request.POST:
        return own_address(request, request.POST[PAGE])
    if request.method == "GET" and "HX-Request" not in request.headers:
        return own_address(request, request.get_full_path())
    told = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if told.netloc == request.get_host():
        return own_address(request, urlunsplit(("", "", told.path, told.query, "")))
    return own_address(request, request.get_full_path())


def _address(request: HttpRequest) -> str:
    return own_address(request, request.POST[ADDRESS]) if ADDRESS in request.POST else request.path
