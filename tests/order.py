"""Which test runs when: what takes long begins early, so that no worker is left alone with it in the end."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def arrange(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """xdist gives each worker one stretch of the list; whoever is through takes from the end of another's.

    Each stretch begins with what takes long: the first one with all that stands under fire (one set of servers is
    enough) and the walks through all addresses, the others with the browser, journeys before single pages.
    """
    walks = [item for item in items if item.path.parent == TESTS or item.path.is_relative_to(TESTS / "fire")]
    walks.sort(key=lambda item: item.path.parent == TESTS)
    pages = [item for item in items if item.get_closest_marker("browser")]
    pages.sort(key=lambda item: not item.path.is_relative_to(TESTS / "journeys"))
    long = {*walks, *pages}
    short = [item for item in items if item not in long]
    heads = [walks, *(pages[n :: workers - 1] for n in range(workers - 1))] if workers > 1 else [walks + pages]
    arranged: list[pytest.Item] = []
    for number, head in enumerate(heads):
        share = (len(items) - len(arranged)) // (workers - number)
        rest = max(share - len(head), 0)
        arranged += [*head, *short[:rest]]
        del short[:rest]
    return arranged + short
