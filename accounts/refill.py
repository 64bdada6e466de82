"""A page with a form, and what was typed into it before: the same page, filled in. Hidden fields stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from accounts.services.kept_forms import is_keepable

Attributes = dict[str, str | None]
Values = dict[str, list[str]]

TYPED = frozenset({
    "text", "email", "tel", "number", "date", "month", "time", "datetime-local", "search", "url", "week", "range",
    "color",
})  # fmt: skip
TICKED = frozenset({"checkbox", "radio"})


@dataclass(slots=True)
class _Form:
    """``targets``: where it may be sent; ``names``: everything that it has, hidden fields and buttons included."""

    id: str
    targets: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


class _Places(HTMLParser):
    """Walks a page: which form each tag belongs to, and from where to where it stands."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.page = page
        self.lines = [0]
        for line in page.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        # (start, end, tag, attributes, number of its form or -1)
        self.tags: list[tuple[int, int, str, Attributes, int]] = []
        self.ends: list[tuple[int, str]] = []
        self.forms: list[_Form] = []
        self.inside = -1
        self.feed(page)
        self.close()

    def place(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.forms.append(_Form(found.get("id") or ""))
            self.inside = len(self.forms) - 1
        start = self.place()
        self.tags.append((start, start + len(self.get_starttag_text() or ""), tag, found, self.inside))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.ends.append((self.place(), tag))
        if tag == "form":
            self.inside = -1

    def form_of(self, attrs: Attributes, inside: int) -> int:
        """A field may stand outside its form and name it."""
        if not attrs.get("form"):
            return inside
        return next((n for n, form in enumerate(self.forms) if form.id == attrs["form"]), -1)


@dataclass(frozen=True, slots=True)
class Refilled:
    """``start``: where a word about it may be put; ``left``: values that found no field of theirs."""

    page: str
    start: int
    left: list[str]


def refill(page: str, values: Values, *, path: str, address: str) -> Refilled:
    """``path``: the page's own address; ``address``: where the form was sent, by which it is known again."""
    places = _Places(page)
    number = _find(places, path, address)
    if number < 0:
        return Refilled(page, _beginning(places), [value for some in values.values() for value in some if value])
    edits = list(_edits(places, number, values))
    start = next(end for _start, end, tag, _attrs, inside in places.tags if tag == "form" and inside == number)
    names = places.forms[number].names
    left = [value for name, some in values.items() if name not in names for value in some if value]
    for begin, end, text in sorted(edits, reverse=True):
        page = page[:begin] + text + page[end:]
    return Refilled(page, start, left)


def _find(places: _Places, path: str, address: str) -> int:
    """Number of the form that is sent there by itself, by one of its buttons or by htmx; -1: there is none."""
    for _start, _end, tag, attrs, inside in places.tags:
        number = places.form_of(attrs, inside)
        if number < 0:
            continue
        form = places.forms[number]
        if tag == "form" and (attrs.get("method") or "").lower() == "post":
            form.targets.add(_path(path, attrs.get("action")))
        sent = [attrs.get("formaction"), attrs.get("hx-post")]
        form.targets.update(_path(path, target) for target in sent if target is not None)
        if attrs.get("name"):
            form.names.add(attrs["name"] or "")
    return next((n for n, form in enumerate(places.forms) if _path("", address) in form.targets), -1)


def _path(base: str, target: str | None) -> str:
    return urlsplit(urljoin(base, target or "")).path


def _beginning(places: _Places) -> int:
    return next((end for _start, end, tag, _attrs, _inside in places.tags if tag == "main"), 0)


def _edits(places: _Places, number: int, values: Values) -> Iterator[tuple[int, int, str]]:
    """(from, to, new text) of every field that somebody fills in."""
    waiting = {name: list(some) for name, some in values.items()}
    select = ""
    for start, end, tag, attrs, inside in places.tags:
        if tag == "option" and select:
            yield start, end, _with(tag, attrs, "selected", (attrs.get("value") or "") in values[select])
            continue
        if tag == "optgroup":
            continue
        name = attrs.get("name") or ""
        select = name if tag == "select" and name in values else ""
        if places.form_of(attrs, inside) != number or not name or {"disabled", "readonly"} & set(attrs):
            select = ""
            continue
        kind = (attrs.get("type") or "text").lower()
        if tag == "input" and kind in TICKED and is_keepable(name):
            yield start, end, _with(tag, attrs, "checked", (attrs.get("value") or "on") in values.get(name, []))
        elif tag == "input" and kind in TYPED and waiting.get(name):
            yield start, end, _tag(tag, attrs | {"value": waiting[name].pop(0)})
        elif tag == "textarea" and waiting.get(name):
            close = next(place for place, ended in places.ends if ended == tag and place >= end)
            yield end, close, "\n" + escape(waiting[name].pop(0))


def _with(tag: str, attrs: Attributes, flag: str, is_set: bool) -> str:
    kept = {name: value for name, value in attrs.items() if name != flag}
    return _tag(tag, kept | {flag: None} if is_set else kept)


def _tag(tag: str, attrs: Attributes) -> str:
    return "<" + " ".join([tag, *(k if v is None else f'{k}="{escape(v)}"' for k, v in attrs.items())]) + ">"
