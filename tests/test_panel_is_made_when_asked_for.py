"""The panel takes megabytes and most PCs are never asked for theirs: it is made for the first who asks, once."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.test import Client

from kiosk.web.late import LateApp


def said(word: str) -> Any:
    def app(_environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [word.encode()]

    return app


@pytest.mark.slow
def test_a_service_that_nobody_asked_has_not_loaded_it() -> None:
    loaded = "import sys, kiosk.service.__main__; print(*(f'kiosk.service.{one}' in sys.modules for one in ONES))"
    loaded = loaded.replace("ONES", "('menu', 'panel')")
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["True", "False"]


def test_many_who_ask_at_once_wait_for_the_same_one() -> None:
    made: list[int] = []

    def make() -> Any:
        time.sleep(0.05)
        made.append(1)
        return said("here")

    app, answers = LateApp(make), []
    asking = [threading.Thread(target=lambda: answers.append(Client(app).get("/").text)) for _ in range(8)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert answers == ["here"] * 8 and made == [1]


def test_what_fails_once_is_tried_again_for_the_next() -> None:
    tries = iter([OSError("no room"), said("here")])

    def make() -> Any:
        if isinstance(now := next(tries), OSError):
            raise now
        return now

    app = LateApp(make)
    with pytest.raises(OSError, match="no room"):
        Client(app).get("/")
    assert Client(app).get("/").text == "here"
