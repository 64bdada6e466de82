"""What a service gives to the pages on which a person applies for it; the pages are the same for all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import Model, QuerySet
from django.urls import reverse

from talent.forms.drafts import DraftForm, SubmitForm
from workflow.actors import Actor
from workflow.findings import Check
from workflow.models import Act, Region
from workflow.presentation.remarks import Remark
from workflow.registry import Text
from workflow.sections import Section


class Assessment(Protocol):
    """All rules over one application. ``gaps``: fields that are empty or cannot be read; ``reasons``: why not yet."""

    @property
    def checks(self) -> list[Check]: ...

    @property
    def failed(self) -> list[Check]: ...

    @property
    def gaps(self) -> list[str]: ...

    @property
    def reasons(self) -> list[str]: ...


# The service's own row, one to one with its case, and what its rules say of one.
A = TypeVar("A", bound=Model)
S = TypeVar("S", bound=Assessment)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One application on the person's list; ``facts``: what tells it from the others, as (label, text)."""

    pk: int
    number: str
    facts: list[tuple[str, str]]
    status: str
    kind: str
    next_label: str
    next_url: str
    case_url: str
    may_copy: bool


@dataclass(frozen=True, slots=True)
class Mending(Generic[A]):
    """Where an applicant mends what an office has marked.

    ``fields_of``: names in the form, none where the remark is about something else; ``elsewhere``: its address then.
    ``together``: {field: those that open with it}.
    """

    fields_of: Callable[[DraftForm, Remark], Sequence[str]]
    elsewhere: Callable[[A, Remark], str]
    together: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ApplicationService(Generic[A, S]):
    """``pages``: what the names of its addresses begin with; ``folder``: of its own templates.

    Its folder holds ``start.html`` and ``edit.html``, and the partials ``_sum.html`` (what comes of the application),
    ``_bar.html`` (the same in short) and ``_note.html`` (what every page must say; it may be empty).
    """

    case_type: str
    pages: str
    folder: str
    title: Text
    # {card of the form: its fields}
    cards: Mapping[str, Sequence[str]]
    # Sections of the filing that the form does not ask for, and those that the last look leaves out.
    given: Collection[str]
    unseen: Collection[str]
    mine: Callable[[Actor], QuerySet[Any]]
    guide: Callable[[Region | None], object | None]
    facts: Callable[[A], list[tuple[str, str]]]
    assess: Callable[[A], S]
    sections: Callable[[A, S], list[Section]]
    summary: Callable[[A, S], object]
    form: Callable[..., DraftForm]
    pledge: type[SubmitForm]
    start: Callable[..., A]
    save: Callable[..., A]
    copy: Callable[..., A]
    submit: Callable[..., Act]
    mending: Mending[A]
    copied: Text
    # Whether a person has one application under way at most.
    is_single: bool = False
    # What a return says of the way back, where more is to be said than that the case goes straight back.
    way_back: Text = ""

    @property
    def urls(self) -> dict[str, str]:
        """{page: name of its address}, for templates."""
        names = ("start", "create", "list", "edit", "autosave", "materials", "check", "submitted", "copy")
        return {name: f"{self.pages}_{name}" for name in names}

    @property
    def parts(self) -> dict[str, str]:
        return {name: self.template(f"_{name}") for name in ("sum", "bar", "note")}

    def url(self, page: str, *args: object) -> str:
        return reverse(f"{self.pages}_{page}", args=args)

    def template(self, name: str) -> str:
        return f"{self.folder}/{name}.html"
