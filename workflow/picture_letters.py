"""Letters of picture codes that nobody takes for others: no O Q 0, I 1 L, S 5, Z 2, B 8; no two that look alike."""

from __future__ import annotations

import secrets

LETTERS = "ACDEFGHJKMNPRTUVWXY34679"
LENGTH = 4


def four_letters() -> tuple[str, str]:
    """(what the picture shows, what is right to type); capital or small letters count alike."""
    letters = "".join(secrets.choice(LETTERS) for _n in range(LENGTH))
    return letters, letters.lower()
