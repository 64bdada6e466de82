"""Who gets in at the addresses of a counter, as the table of all doors (tests/doors.py) wants it told."""

from collections.abc import Callable
from typing import Any

from accounts.counter_refs import write_ref
from accounts.models import CounterOpening, CounterReset, CounterScan, CounterSheet
from tests.accounts.counters import actor_of

AT_COUNTER = {"counter", "other_counter"}


def one(args: Callable[[], list[Any]], *, others: int = 404, **options: Any) -> dict[str, Any]:
    """Of one counter; ``others``: what the officers of another one get."""
    return {"admits": {"counter"}, "args": lambda land: args(), "also": {"other_counter": others}, **options}


_refs: dict[tuple[int, int], str] = {}


def found_account() -> list[Any]:
    """The same address all the time: a signature carries its second."""
    reset = CounterReset.objects.get()
    key = reset.user_id, reset.officer_id
    if key not in _refs:
        _refs[key] = write_ref(reset.user, actor_of(reset.officer))
    return [_refs[key]]


def reset() -> list[Any]:
    return [CounterReset.objects.get().token]


COUNTER_DOORS: dict[str, dict[str, Any]] = {
    "accounts:counter_openings": {"admits": AT_COUNTER},
    "accounts:counter_open": {"admits": AT_COUNTER},
    "accounts:counter_agreement": {"admits": AT_COUNTER, "post": {}},
    "accounts:counter_opening": one(lambda: [CounterOpening.objects.get().token]),
    "accounts:counter_sheet": one(lambda: [CounterSheet.objects.get().token], post={}),
    "accounts:counter_scan": one(lambda: [CounterScan.objects.get(reset=None).token, 0]),
    "accounts:counter_resets": {"admits": AT_COUNTER},
    "accounts:counter_reset_find": {"admits": AT_COUNTER},
    # Found by one officer, the account is open to nobody else: they search for it.
    "accounts:counter_reset_new": one(found_account, others=302),
    "accounts:counter_reset_form": one(found_account, others=302, post={}),
    "accounts:counter_reset": one(reset),
    # Whoever accepted it is led back to the page, which says why.
    "accounts:counter_reset_confirm": one(reset, post={}, ok=302),
    "accounts:counter_reset_end": one(reset, post={}, ok=422),
}
