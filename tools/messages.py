"""The interface's strings: one catalogue per floor, extracted and compiled by Babel (no system gettext needed).

python -m tools.messages update   adds new strings to the catalogues; nothing is ever removed
python -m tools.messages prune    removes strings that nothing uses any more
python -m tools.messages check    names every string that is missing, empty, doubtful, unused or contradicted
python -m tools.messages compile  makes the .mo files
"""

import io
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("portal", "subsidies", "talent", "accounts", "workflow")
LOCALE = "zh_Hans"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
Key = tuple[str | None, str]
Text = str | tuple[str, ...] | list[str]


def catalogue_path(floor: str) -> Path:
    return ROOT / "locale" / floor / LOCALE / "LC_MESSAGES" / "django.po"


def floor_of_template(path: Path) -> str:
    folder = path.relative_to(ROOT / "templates").parts[0]
    return folder if folder in FLOORS else "portal"


def sources(floor: str) -> Iterator[tuple[Path, str]]:
    """Yield (path, Python text): modules as they are, templates turned into calls of gettext."""
    for path in sorted((ROOT / floor).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_text()
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt", ".svg"} and floor_of_template(path) == floor:
            python = templatize(path.read_text(), origin=str(path.relative_to(ROOT)))
            # What is left of the mark-up is not Python: its indentation must not matter.
            yield path, "\n".join(line.lstrip() for line in python.splitlines())


def extract_floor(floor: str) -> Catalog:
    found = Catalog(locale=LOCALE)
    for path, python in sources(floor):
        for line, message, _comments, context in extract(
            "python", io.BytesIO(python.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            found.add(message, locations=[(str(path.relative_to(ROOT)), line)], context=context)
    return found


def read_catalogue(floor: str) -> Catalog:
    path = catalogue_path(floor)
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale=LOCALE)
    return Catalog(locale=LOCALE, project="Tongban", fuzzy=False)


def write_catalogue(floor: str, catalogue: Catalog) -> None:
    path = catalogue_path(floor)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.fuzzy = False
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, no_location=True, sort_output=True, ignore_obsolete=True)


def key_of(message: Message) -> Key:
    singular = message.id if isinstance(message.id, str) else message.id[0]
    return (message.context, singular)


def messages_of(catalogue: Catalog) -> dict[Key, Message]:
    return {key_of(message): message for message in catalogue if message.id}


def is_translated(message: Message) -> bool:
    strings: Text = message.string or ""
    return bool(strings) and all([strings] if isinstance(strings, str) else strings)


def place_of(message: Message) -> str:
    return ":".join(str(part) for part in message.locations[0]) if message.locations else ""


def update() -> int:
    for floor in FLOORS:
        catalogue = read_catalogue(floor)
        known = messages_of(catalogue)
        new = [message for key, message in messages_of(extract_floor(floor)).items() if key not in known]
        for message in new:
            catalogue.add(message.id, context=message.context, flags=message.flags)
        if new:
            write_catalogue(floor, catalogue)
        empty = sum(not is_translated(message) for message in messages_of(catalogue).values())
        print(f"{floor}: {len(new)} new, {empty} without Chinese")
    return 0


def prune() -> int:
    for floor in FLOORS:
        catalogue = read_catalogue(floor)
        used = messages_of(extract_floor(floor))
        unused = [message for key, message in messages_of(catalogue).items() if key not in used]
        for message in unused:
            catalogue.delete(message.id, context=message.context)
        if unused:
            write_catalogue(floor, catalogue)
        print(f"{floor}: {len(unused)} removed")
    return 0


def find_faults(floor: str) -> Iterator[str]:
    catalogue = read_catalogue(floor)
    known = messages_of(catalogue)
    used = messages_of(extract_floor(floor))
    for key, message in used.items():
        if key not in known:
            yield f"{floor}: not in the catalogue: {key[1]!r} ({place_of(message)})"
    for key, message in known.items():
        if key not in used:
            yield f"{floor}: nothing uses {key[1]!r}"
        elif not is_translated(message):
            yield f"{floor}: no Chinese for {key[1]!r} ({place_of(used[key])})"
        elif message.fuzzy:
            yield f"{floor}: marked fuzzy: {key[1]!r}"
        else:
            for error in message.check(catalogue):
                yield f"{floor}: {key[1]!r}: {error}"


def find_contradictions() -> Iterator[str]:
    """Django merges all catalogues into one: the same English must have the same Chinese on every floor."""
    translations: dict[Key, dict[str, str]] = defaultdict(dict)
    for floor in FLOORS:
        for key, message in messages_of(read_catalogue(floor)).items():
            if is_translated(message):
                translations[key][floor] = str(message.string)
    for key, by_floor in translations.items():
        if len(set(by_floor.values())) > 1:
            said = ", ".join(f"{floor} {text}" for floor, text in by_floor.items())
            yield f"contradiction: {key[1]!r} is {said}; give one of them a context"


def check() -> int:
    faults = [fault for floor in FLOORS for fault in find_faults(floor)] + list(find_contradictions())
    for fault in faults:
        print(fault)
    count = sum(len(messages_of(read_catalogue(floor))) for floor in FLOORS)
    print(f"{count} strings, {len(faults)} faults")
    return 1 if faults else 0


def compile_catalogues() -> int:
    for floor in FLOORS:
        source = catalogue_path(floor)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        # Written aside and renamed: a server that starts at this moment reads a whole file.
        part = target.with_suffix(".mo.part")
        with part.open("wb") as file:
            write_mo(file, read_catalogue(floor), use_fuzzy=False)
        part.replace(target)
    return 0


COMMANDS = {"update": update, "prune": prune, "check": check, "compile": compile_catalogues}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(__doc__)
        return 2
    if not settings.configured:
        # Turning templates into Python needs Django's template engine, but nothing of the project.
        settings.configure(USE_I18N=True)
        django.setup()
    return COMMANDS[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
