"""What tests of accounts share."""

from collections.abc import Callable

import pytest

from tests.accounts.stating import Interrupted

AskInstead = Callable[[Callable[[], object]], None]


@pytest.fixture
def ask_instead(monkeypatch: pytest.MonkeyPatch) -> AskInstead:
    """In the place of the register: something happens to the account while it is asked, and it agrees."""

    def put(happening: Callable[[], object]) -> None:
        monkeypatch.setattr("accounts.services.verifying.verifier", lambda: Interrupted(happening))

    return put
