"""Files that nothing names any more: left by a crash between the storage and the database."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.core.files.storage import default_storage

from workflow import clock
from workflow.models import Job, Material

FOLDER, RESULTS = "materials", "jobs"
# A younger file may belong to a transaction that is still open.
LEFT_ALONE = timedelta(days=1)
# The folders of a storage are looked through in turn, one share a day.
SHARES = 7

_swept_on: list[str] = []


def sweep_files() -> int:
    """Once a day, delete old files without a row; answers how many."""
    today = clock.today()
    if _swept_on == [today.isoformat()]:
        return 0
    _swept_on[:] = [today.isoformat()]
    of_today = [folder for folder in _folders() if int(folder, 16) % SHARES == today.weekday()]
    return _sweep_results() + sum(_sweep(folder) for folder in of_today)


def _folders() -> list[str]:
    if not default_storage.exists(FOLDER):
        return []
    return [name for name in default_storage.listdir(FOLDER)[0] if len(name) == 2]


def _sweep(folder: str) -> int:
    names = {name for name in default_storage.listdir(f"{FOLDER}/{folder}")[1] if len(name) == 32}
    tokens = [uuid.UUID(name) for name in names]
    known = {token.hex for token in Material.objects.filter(token__in=tokens).values_list("token", flat=True)}
    return _delete_old(f"{FOLDER}/{folder}/{name}" for name in sorted(names - known))


def _sweep_results() -> int:
    """Files of tasks that died between the storage and the database; those that expire have a row until then."""
    if not default_storage.exists(RESULTS):
        return 0
    names = {f"{RESULTS}/{name}" for name in default_storage.listdir(RESULTS)[1]}
    return _delete_old(sorted(names - set(Job.objects.exclude(result="").values_list("result", flat=True))))


def _delete_old(orphans: Iterable[str]) -> int:
    old = [name for name in orphans if default_storage.get_modified_time(name) < clock.machine_now() - LEFT_ALONE]
    for name in old:
        default_storage.delete(name)
    return len(old)
