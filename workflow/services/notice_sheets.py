"""公示名单 as a file: written once for each state of its notice, however often the public asks for it."""

from __future__ import annotations

import json
import tempfile
import threading
import zipfile
from pathlib import PurePosixPath

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import get_language

from workflow.digests import sha256_hex
from workflow.models import PublicNotice
from workflow.presentation.notices import notice_view, public_columns
from workflow.sheets import write_notice

# Of the threads of a process that miss the file at once, one writes it and the others read it.
_writing = threading.Lock()


def open_notice_sheet(notice: PublicNotice) -> File[bytes]:
    name = _name(notice)
    file = _open_whole(name)
    if file is None:
        with _writing:
            file = _open_whole(name)
            if file is None:
                _write(notice, name)
                file = default_storage.open(name)
    return file


def _open_whole(name: str) -> File[bytes] | None:
    """None where it is missing or half written: by a process that is at it, or by one that died over it."""
    try:
        file = default_storage.open(name)
    except FileNotFoundError:
        return None
    if zipfile.is_zipfile(file):
        file.seek(0)
        return file
    file.close()
    return None


def _name(notice: PublicNotice) -> str:
    """A name for what the list says, in the reader's language: another version of the notice has another name."""
    view = notice_view(notice)
    # The act of the publication is its own; keys of rows begin anew in another database.
    said = [
        str(notice.batch.act_id),
        notice.batch.version,
        view.title,
        view.office,
        view.period,
        view.phone,
        view.email,
    ]
    labels = [str(column.label) for column in public_columns(notice)]
    digest = sha256_hex(json.dumps([*said, *labels]).encode())
    return f"notices/{notice.pk}/{get_language()}-{digest[:16]}.xlsx"


def _write(notice: PublicNotice, name: str) -> None:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        write_notice(file.name, notice)
        # Half a file, if any: whoever reads or writes it keeps what is already open.
        default_storage.delete(name)
        saved = default_storage.save(name, File(file))
    if saved != name:
        # Another process was faster; its file says the same.
        default_storage.delete(saved)
    _drop_earlier(name)


def _drop_earlier(name: str) -> None:
    """What the same list said before, in the same language."""
    path = PurePosixPath(name)
    language = path.name.rpartition("-")[0]
    _folders, files = default_storage.listdir(str(path.parent))
    for file in files:
        if file != path.name and file.rpartition("-")[0] == language:
            default_storage.delete(f"{path.parent}/{file}")
