"""Whether any font of this machine has a character: what none has is printed as an empty box.

Asks fontconfig, as pango does when it looks for a font that has what the named ones lack.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import threading
import unicodedata
from functools import cache
from typing import Any

# Drawn as nothing, or not drawn at all: spaces, line ends, joiners and marks of direction.
UNDRAWN = {"Zs", "Zl", "Zp", "Cc", "Cf"}

# fontconfig is safe in several threads only from its version 2.10 on; and we ask seldom.
_lock = threading.Lock()
_known: set[str] = set()


class _FontSet(ctypes.Structure):
    _fields_ = [("count", ctypes.c_int), ("room", ctypes.c_int), ("fonts", ctypes.c_void_p)]


@cache
def _fontconfig() -> Any:
    """None where it is not installed: there nothing is printed at all."""
    name = ctypes.util.find_library("fontconfig") or "libfontconfig.so.1"
    try:
        library = ctypes.CDLL(name)
    except OSError:
        return None
    library.FcNameParse.restype = library.FcObjectSetCreate.restype = ctypes.c_void_p
    library.FcNameParse.argtypes = [ctypes.c_char_p]
    library.FcFontList.restype = ctypes.POINTER(_FontSet)
    library.FcFontList.argtypes = [ctypes.c_void_p] * 3
    for function in (library.FcPatternDestroy, library.FcObjectSetDestroy):
        function.argtypes = [ctypes.c_void_p]
    library.FcFontSetDestroy.argtypes = [ctypes.POINTER(_FontSet)]
    return library


def missing_from_fonts(text: str) -> str:
    """The characters that no font has, each once, in their order; "" where nobody can tell."""
    with _lock:
        return "".join(character for character in dict.fromkeys(text) if not _is_drawn(character))


def _is_drawn(character: str) -> bool:
    if character in _known or character.isascii() or unicodedata.category(character) in UNDRAWN:
        return True
    library = _fontconfig()
    if library is None:
        return True
    found = _has_font(library, character)
    if not found:
        # A font may have come since this process began.
        library.FcInitBringUptoDate()
        found = _has_font(library, character)
    if found:
        _known.add(character)
    return found


def _has_font(library: Any, character: str) -> bool:
    pattern = library.FcNameParse(f":charset={ord(character):x}".encode())
    wanted = library.FcObjectSetCreate()
    fonts = library.FcFontList(None, pattern, wanted)
    try:
        return bool(fonts) and fonts.contents.count > 0
    finally:
        if fonts:
            library.FcFontSetDestroy(fonts)
        library.FcObjectSetDestroy(wanted)
        library.FcPatternDestroy(pattern)
