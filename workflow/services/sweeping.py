"""Files that nothing names any more: left by a crash between the storage and the database."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

from django.core.files.storage import default_storage

from workflow import clock
from workflow.models import Job, Material, PublicNotice

# Which files the rows with these tokens name; a file is kept as folder/ab/ab…, after the token of its row.
Known = Callable[[Sequence[uuid.UUID]], Iterable[str]]

RESULTS, NOTICES = "jobs", "notices"
# zh-hans-0123456789abcdef.xlsx
SHEET = re.compile(r"([a-z-]+)-[0-9a-f]{16}\.xlsx")
# A younger file may belong to a transaction that is still open.
LEFT_ALONE = timedelta(days=1)
# The folders of a storage are looked through in turn, one share a day.
SHARES = 7

_stores: dict[str, Known] = {}
_swept_on: list[str] = []


def register_store(folder: str, known: Known) -> None:
    """A folder that is looked through as well; ``known`` answers names of files as their rows keep them."""
    _stores[folder] = known


def _known_materials(tokens: Sequence[uuid.UUID]) -> Iterable[str]:
    return Material.objects.filter(token__in=tokens).values_list("file", flat=True)


register_store("materials", _known_materials)


def sweep_files() -> int:
    """Once a day, delete old files without a row; answers how many."""
    today = clock.today()
    if _swept_on == [today.isoformat()]:
        return 0
    _swept_on[:] = [today.isoformat()]
    share = today.weekday() % SHARES
    swept = sum(_sweep(store, share, known) for store, known in _stores.items())
    return swept + _sweep_results() + _sweep_sheets(share)


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """(folders, files)"""
    return default_storage.listdir(folder) if default_storage.exists(folder) else ([], [])


def _sweep(store: str, share: int, known: Known) -> int:
    folders = [name for name in _listed(store)[0] if re.fullmatch("[0-9a-f]{2}", name)]
    return sum(_sweep_tokens(f"{store}/{name}", known) for name in folders if int(name, 16) % SHARES == share)


def _sweep_tokens(folder: str, known: Known) -> int:
    # A storage gives the second file of a name an ending of its own.
    names = {name for name in _listed(folder)[1] if re.match("[0-9a-f]{32}", name)}
    kept = set(known([uuid.UUID(name[:32]) for name in names]))
    return _delete_old(sorted({f"{folder}/{name}" for name in names} - kept))


def _sweep_results() -> int:
    """Files of tasks that died between the storage and the database; those that expire have a row until then."""
    names = {f"{RESULTS}/{name}" for name in _listed(RESULTS)[1]}
    return _delete_old(sorted(names - set(Job.objects.exclude(result="").values_list("result", flat=True))))


def _sweep_sheets(share: int) -> int:
    """Lists of notices are written anew for whoever asks: of each language the latest is enough."""
    keys = [int(name) for name in _listed(NOTICES)[0] if name.isdecimal() and int(name) % SHARES == share]
    standing = set(PublicNotice.objects.filter(pk__in=keys).values_list("pk", flat=True))
    return sum(_delete_old(_earlier_sheets(f"{NOTICES}/{key}", is_kept=key in standing)) for key in keys)


def _earlier_sheets(folder: str, *, is_kept: bool) -> Iterator[str]:
    latest: dict[str, str] = {}
    for name in sorted((f"{folder}/{name}" for name in _listed(folder)[1]), key=default_storage.get_modified_time):
        sheet = SHEET.fullmatch(name.rpartition("/")[2])
        if sheet is None or not is_kept:
            yield name
            continue
        if sheet[1] in latest:
            yield latest[sheet[1]]
        latest[sheet[1]] = name


def _delete_old(orphans: Iterable[str]) -> int:
    old = [name for name in orphans if default_storage.get_modified_time(name) < clock.machine_now() - LEFT_ALONE]
    for name in old:
        default_storage.delete(name)
    return len(old)
