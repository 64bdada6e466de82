"""How the garbage collector is set up in every process that serves: web, worker and benchmark alike."""

import gc

# A decision over ten thousand cases makes some sixty thousand objects at once and frees them by reference count; with
# Python's own threshold of 700 the collector looked through them again and again, a third of the decision's time.
YOUNG_OBJECTS = 50_000


def settle() -> None:
    """To be called when all is loaded: what is there stays, and is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
