"""Uploaded files: accepted by what they contain, not by what their name says."""

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow.images import TooManyPixelsError, UnreadableImageError, verify_image
from workflow.pdfs import LockedPdfError, UnreadablePdfError, count_pages

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "ofd": "application/ofd",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KINDS = tuple(CONTENT_TYPES)
# Scans, photos and documents: what a certificate or a contract may be. A workbook is none.
PAPERS = ("pdf", "jpg", "png", "ofd", "doc", "docx")
PICTURES = frozenset({"jpg", "png"})
SAME_KIND = {"jpeg": "jpg"}

NAME_BYTES = 200
UNPACKED_BYTES = 100 * 1024 * 1024
PACKED_FILES = 5_000
OLE_START = bytes.fromhex("d0cf11e0a1b11ae1")
OLE_SECTOR = 512
WORD_IDENT = b"\xec\xa5"
EXCEL_BOF = bytes.fromhex("0908100000060500")
EXCEL_FILEPASS = b"\x2f\x00"

DAMAGED = _("The selected file cannot be opened. Save or scan it again, then select it.")
LOCKED = _("The selected file is protected with a password. Remove the password, then select it again.")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """``name`` is safe to store and show; ``kind`` is a key of CONTENT_TYPES; ``size`` in bytes."""

    name: str
    kind: str
    size: int

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.kind]


def check_upload(file: "File[bytes]", kinds: Sequence[str] = KINDS) -> CheckedFile:
    """Judge an upload; raise ValidationError with a message that names what would mend it."""
    name = sanitise_name(file.name or "")
    extension = name.rpartition(".")[2].lower()
    expected = SAME_KIND.get(extension, extension)
    if expected not in kinds:
        raise ValidationError(_("The selected file must be %(types)s"), "type", {"types": list_kinds(kinds)})
    check_size(file.size)
    file.seek(0)
    content = file.read()
    file.seek(0)
    found = detect_kind(content)
    if found != expected:
        raise _disagreement(found, extension, kinds)
    check_content(found, content)
    return CheckedFile(name, found, len(content))


def check_size(size: int) -> None:
    if not size:
        raise ValidationError(_("The selected file is empty"), "empty")
    if size > settings.UPLOAD_MAX_MB * 1024 * 1024:
        message = _("The selected file must be smaller than %(size)sMB")
        raise ValidationError(message, "size", {"size": settings.UPLOAD_MAX_MB})


def _disagreement(found: str, extension: str, kinds: Sequence[str]) -> ValidationError:
    if not found:
        message = _(
            "The name of the selected file ends in .%(extension)s, but its content cannot be read as that. "
            "Save it as %(types)s in the program that made it, then select it."
        )
        return ValidationError(message, "type", {"extension": extension, "types": list_kinds(kinds)})
    if found not in kinds:
        return ValidationError(_("The selected file must be %(types)s"), "type", {"types": list_kinds(kinds)})
    message = _(
        "The name of the selected file ends in .%(extension)s, but its content is %(kind)s. "
        "Save it again in the program that made it, then select it."
    )
    return ValidationError(message, "disagreement", {"extension": extension, "kind": found.upper()})


def accepted(kinds: Sequence[str] = KINDS) -> str:
    """For the "accept" of a file input."""
    return ",".join([*(f".{kind}" for kind in kinds), *([".jpeg"] if "jpg" in kinds else [])])


def list_kinds(kinds: Sequence[str]) -> str:
    """PDF, JPG or PNG."""
    *most, last = [kind.upper() for kind in kinds]
    if not most:
        return last
    return gettext("%(most)s or %(last)s") % {"most": gettext(", ").join(most), "last": last}


def sanitise_name(name: str) -> str:
    """The last part of a path without control or direction characters, short enough for every storage."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    # Cc and Cf: control characters, and the marks that make "gpj.exe" look like "exe.jpg"; Cs and Co: no characters.
    name = "".join(character for character in name if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"})
    name = "".join("_" if character in '<>:"|?*' else character for character in name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not stem or not stem.strip(" .") or len(extension) > 10:
        raise ValidationError(
            _("The name of the selected file cannot be used. Rename it, for example to “contract.pdf”, and select it."),
            "name",
        )
    room = NAME_BYTES - len(f".{extension}".encode())
    return stem.encode()[:room].decode(errors="ignore").strip(" .") + dot + extension


def detect_kind(content: bytes) -> str:
    """A key of CONTENT_TYPES, or "" for anything else."""
    if content.startswith(OLE_START):
        return _detect_ole(content)
    if content.startswith(b"PK\x03\x04"):
        return _detect_zip(content)
    guess: str = filetype.guess_extension(content[:8192]) or ""
    return guess if guess in PICTURES | {"pdf"} else ""


def _detect_zip(content: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ValidationError(DAMAGED, "damaged") from error
    if any(name.endswith("vbaProject.bin") for name in names):
        return ""
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" not in names:
        return ""
    return next((kind for folder, kind in (("word/", "docx"), ("xl/", "xlsx")) if _has_folder(names, folder)), "")


def _has_folder(names: Sequence[str], folder: str) -> bool:
    return any(name.startswith(folder) for name in names)


def _detect_ole(content: bytes) -> str:
    """Old Office formats are told apart by the names of their streams, stored in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise ValidationError(LOCKED, "password")
    if "WordDocument".encode("utf-16-le") in content:
        return "doc"
    return "xls" if "Workbook".encode("utf-16-le") in content else ""


def check_content(kind: str, content: bytes) -> None:
    """Raise ValidationError for what is locked, damaged, or would unfold into something huge."""
    try:
        if kind == "pdf":
            count_pages(content)
        elif kind in PICTURES:
            verify_image(content)
        elif kind in {"doc", "xls"}:
            _check_ole(content)
        else:
            _check_zip(content)
    except LockedPdfError as error:
        raise ValidationError(LOCKED, "password") from error
    except (UnreadablePdfError, UnreadableImageError) as error:
        raise ValidationError(DAMAGED, "damaged") from error
    except TooManyPixelsError as error:
        message = _(
            "The selected picture has too many pixels. Make it smaller, for example 4000 × 3000, then select it."
        )
        raise ValidationError(message, "pixels") from error


def _check_zip(content: bytes) -> None:
    entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise ValidationError(LOCKED, "password")
    if len(entries) > PACKED_FILES or sum(entry.file_size for entry in entries) > UNPACKED_BYTES:
        message = _(
            "The selected file is too large once unpacked. Take out large pictures or split it, then select it."
        )
        raise ValidationError(message, "unpacked")


def _check_ole(content: bytes) -> None:
    """The flag fEncrypted of Word's file header, or Excel's FILEPASS record right after the first BOF."""
    is_word_locked = content[OLE_SECTOR : OLE_SECTOR + 2] == WORD_IDENT and bool(content[OLE_SECTOR + 11] & 1)
    start = content.find(EXCEL_BOF)
    is_excel_locked = start >= 0 and content[start + 20 : start + 22] == EXCEL_FILEPASS
    if is_word_locked or is_excel_locked:
        raise ValidationError(LOCKED, "password")
