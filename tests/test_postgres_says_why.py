"""A database that nobody answers for is named in one sentence: where it was looked for, and what came of it."""

import pytest

from kiosk.errors import KioskError
from kiosk.province.indicators.postgres import connected


def test_the_reason_names_the_place_and_asks_nothing_back() -> None:
    with pytest.raises(KioskError) as told, connected("postgresql://lan:bi-mat@127.0.0.1:1/kiosk"):
        pass
    message = told.value.message
    assert "127.0.0.1" in message and "port 1 failed" in message and message.endswith("refused.")
    assert "?" not in message and "bi-mat" not in message
    assert told.value.hint
