"""The rules of the house that no linter knows."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loaders.app_directories import get_app_template_dirs

from tests.house.tree import ROOT, TEMPLATES, dotted, modules, name_of, nodes, templates
from tools.messages import FLOORS

MAX_LINES = 300
MAX_TEST_LINES = 400
# Names that Django and its handlers look up by themselves.
LOOKED_UP_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
# The one place where business time is read from the machine's clock, and the one rule about the real date:
# nobody is born later than now, wherever the business clock stands.
REAL_TIME = {"workflow/clock.py", "workflow/identifiers.py"}
MACHINE_TIME = {"timezone.now", "date.today", "datetime.now", "datetime.utcnow", "datetime.today", "timezone.localdate"}
QUERIES = {"filter", "exclude", "annotate", "aggregate", "raw", "extra"}


def test_modules_stay_short() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in modules(*FLOORS, "tools")}

    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_test_modules_stay_short() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in modules("tests", "benchmarks")}

    assert {name: lines for name, lines in lengths.items() if lines > MAX_TEST_LINES} == {}


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "common", "helpers", "misc"}

    assert [
        name_of(path) for path in modules(*FLOORS, "tests", "tools") if drawers & set(path.with_suffix("").parts)
    ] == []


def test_workflow_modules_say_what_they_are() -> None:
    silent = [
        name_of(path)
        for path in modules("workflow")
        if path.read_text().strip()
        and path.name != "apps.py"
        and ast.get_docstring(ast.parse(path.read_text())) is None
    ]

    assert silent == []


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"(?:#|//|/\*|<!--)\s*(?:TODO|FIXME|XXX|HACK)\b|[Cc]oming soon")
    files = [*modules(*FLOORS, "tools"), *templates(), *(ROOT / "static").rglob("*.*")]

    assert [name_of(path) for path in files if marks.search(path.read_text())] == []


def test_views_contain_no_queries() -> None:
    views = [path for path in modules() if path.name == "views.py" or path.parent.name == "views"]
    found = [
        f"{name_of(path)}:{node.lineno} {dotted(node.func)}"
        for path in views
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr in QUERIES)
            or (isinstance(node.func, ast.Name) and node.func.id == "Q")
        )
    ]

    assert found == []


def test_business_time_comes_from_the_clock() -> None:
    found = [
        f"{name_of(path)}:{node.lineno} {dotted(node.func)}"
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.Call) and dotted(node.func) in MACHINE_TIME and name_of(path) not in REAL_TIME
    ]

    assert found == []


def test_only_perform_changes_the_state_of_a_case() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "update"
        and any(keyword.arg in {"state", "stage"} for keyword in node.keywords)
        and "Case" in ast.unparse(node.func)
    ]

    assert found == []


def test_no_generic_foreign_keys() -> None:
    assert [name_of(path) for path in modules() if "GenericForeignKey" in path.read_text()] == []


def _strings_of_python(path: Path) -> Iterator[str]:
    """Yield every string as a pattern; what an f-string fills in may be anything."""
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield "".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values)


def test_every_template_is_used() -> None:
    patterns = {pattern for path in modules() for pattern in _strings_of_python(path) if "\\." in pattern}
    patterns |= {
        re.escape(name)
        for path in templates()
        for name in re.findall(r"""["']([\w./-]+\.(?:html|txt|svg))["']""", path.read_text())
    }
    used = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    packages = [folder for folder in get_app_template_dirs("templates") if not folder.is_relative_to(ROOT / "portal")]
    unused = [
        name
        for name in (path.relative_to(TEMPLATES).as_posix() for path in templates())
        if name not in LOOKED_UP_BY_DJANGO
        and not used.fullmatch(name)
        and not any((folder / name).exists() for folder in packages)
    ]

    assert unused == []


def test_every_template_speaks_through_the_catalogue(subtests: pytest.Subtests) -> None:
    for path in templates():
        with subtests.test(path=name_of(path)):
            assert list(_untranslated(path.read_text())) == []


TRANSLATED_BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)
# A block whose text becomes a class of the page, not a word on it.
CLASS_BLOCK = re.compile(r"{%\s*block \w*class\w*\s*%}[\w -]*{%\s*endblock\s*%}")
STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)
CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
SPOKEN_ATTRIBUTE = re.compile(r"""\s(?:aria-label|title|alt|placeholder)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
TAG = re.compile(r"<[^>]*>", re.DOTALL)
# A letter or a Chinese character, outside of entities such as &nbsp;.
SPOKEN = re.compile(r"[A-Za-z\u3400-\u9fff]")
ENTITY = re.compile(r"&#?\w+;")


def _untranslated(source: str) -> Iterator[str]:
    for pattern in (COMMENT, TRANSLATED_BLOCK, CLASS_BLOCK, STYLE, CODE):
        source = pattern.sub("", source)
    spoken = [text for pair in SPOKEN_ATTRIBUTE.findall(source) for text in pair]
    spoken += TAG.sub("\n", source).splitlines()
    for text in (ENTITY.sub("", text).strip() for text in spoken):
        # The names of languages are written in themselves; the portal's name is a name.
        if SPOKEN.search(text) and text not in {"English", "中文"} and not text.isdigit():
            yield text


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=\s*[\"']", re.IGNORECASE)


def test_templates_bring_no_inline_code() -> None:
    """The Content-Security-Policy would silently drop it. Documents for print carry their style inside."""
    sources = {name_of(path): COMMENT.sub("", path.read_text()) for path in templates()}
    scripts = [name for name, source in sources.items() if INLINE.search(source)]
    styles = [name for name, source in sources.items() if INLINE_STYLE.search(source) and "/documents/" not in name]

    assert (scripts, styles) == ([], [])


def test_no_page_asks_another_server() -> None:
    outside = re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//""")

    assert [name_of(path) for path in templates() if outside.search(path.read_text())] == []


def test_locked_requirements_carry_no_addresses() -> None:
    locks = {path.name: path.read_text() for path in (ROOT / "requirements").glob("*.txt")}

    assert [name for name, text in locks.items() if "://" in text or "--index-url" in text] == []
    assert [name for name, text in locks.items() if "--hash=sha256:" not in text] == []


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    named = {re.match(r"[\w.-]+", requirement)[0].lower() for group in groups for requirement in group}
    table = (ROOT / "docs" / "dependencies.md").read_text().split("## Looked at")[0]
    reasons = set(re.findall(r"^\| ([\w.-]+) \|", table, re.MULTILINE)) - {"package"}

    assert named == reasons
