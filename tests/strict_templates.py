"""A variable that a page of ours misspells fails the test; pages of packages may be as loose as they like."""

import sys
from pathlib import Path
from types import FrameType

import pytest

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


class Undefined(str):
    """Stands as ``string_if_invalid``: "%s", into which the engine puts the name of the variable."""

    __slots__ = ()

    def __mod__(self, variable: object) -> str:
        template = _rendered_template(sys._getframe(1))
        if template is not None and template.is_relative_to(TEMPLATES):
            pytest.fail(f"{template.relative_to(TEMPLATES)} uses {variable}, which the page does not have")
        return ""


def _rendered_template(frame: FrameType | None) -> Path | None:
    """Climb to the innermost node that is being rendered: it knows the file it was written in."""
    while frame is not None:
        # The name first: to look into a frame copies all that it holds.
        if frame.f_code.co_name.startswith("render"):
            origin = getattr(frame.f_locals.get("self"), "origin", None)
            if origin is not None:
                return Path(str(origin))
        frame = frame.f_back
    return None
