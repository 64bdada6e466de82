"""The project's own files, as the tests of the house read them."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.messages import FLOORS

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "templates"


def modules(*folders: str) -> Iterator[Path]:
    """Our Python files in these folders (default: the floors), migrations left out."""
    for folder in folders or FLOORS:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def templates() -> Iterator[Path]:
    yield from (path for path in sorted(TEMPLATES.rglob("*")) if path.is_file())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    yield from ast.walk(ast.parse(path.read_text(), filename=str(path)))


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute; whatever else stands at its left becomes an empty part."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
