"""What services add to a tab of decided cases of a seat: buttons for its ticked rows, and a note within each row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow.registry import Text

if TYPE_CHECKING:
    from workflow.seats import Seat


@dataclass(frozen=True, slots=True)
class TabTool:
    """A further button below a tab of a queue: it posts the ticked rows to this URL; ``main`` is the one to press."""

    label: Text
    url_name: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class RowNote:
    """What stands beneath the first cell of a row, where another column would be a wrong one."""

    text: Text
    url: str = ""


# {case pk: its note}, with as many statements however many cases.
Notes = Callable[["Seat", Sequence[int]], Mapping[int, RowNote]]


@dataclass(frozen=True, slots=True)
class TabTools:
    """``hint``: what is to be done with the cases of the tab, above the list."""

    buttons: Sequence[TabTool]
    hint: Text = ""
    notes: Notes | None = None


tab_tools: dict[tuple[str, str, str], TabTools] = {}


def register_tab_tools(case_type: str, stage: str, tab: str, tools: TabTools) -> None:
    """For the seat at this stage, below that tab of decided cases (see ``workflow.queue.TABS``)."""
    tab_tools[case_type, stage, tab] = tools
