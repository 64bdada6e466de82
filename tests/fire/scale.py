"""How far the tests under fire go: short in `make test`, long with TONGBAN_FIRE=long (`make chaos`)."""

import os

LONG = os.environ.get("TONGBAN_FIRE", "") == "long"


def examples(short: int, long: int) -> int:
    """How many examples to try; TONGBAN_FIRE_EXAMPLES=1000 asks for another length of the long form."""
    return int(os.environ.get("TONGBAN_FIRE_EXAMPLES", long)) if LONG else short
