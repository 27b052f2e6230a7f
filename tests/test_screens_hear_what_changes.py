"""The service's line to the screens: the whole state when something of it changed, else a sign of life."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kiosk.loop import Loop
from kiosk.messages import LineBuffer, decode, encode
from kiosk.service.peers import Peers
from kiosk.settings import Paths


class Screen:
    """The other end of a line, as a lock or a bar has it."""

    def __init__(self, path: Path) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(os.fspath(path))
        self._line.settimeout(5)
        self._line.sendall(encode("ready"))
        self._buffer = LineBuffer()
        self._lines: list[bytes] = []

    def next(self) -> dict[str, Any]:
        """The next message."""
        while not self._lines:
            self._lines += self._buffer.feed(self._line.recv(65536))
        return decode(self._lines.pop(0))

    def close(self) -> None:
        """Hang up."""
        self._line.close()


class Stand(NamedTuple):
    """`connect()`: a new screen that the service knows of; `show(**state)`: what the service tells all of them."""

    connect: Callable[[], Screen]
    show: Callable[..., None]


@pytest.fixture
def stand(home: Path) -> Iterator[Stand]:
    """The service's socket, at which this process is known as a lock."""
    paths = Paths(home)
    paths.socket.parent.mkdir(parents=True, exist_ok=True)
    loop = Loop()
    heard = threading.Event()
    made = Peers(paths, loop, lambda _role, _peer, _message: heard.set())
    made.name("lock", os.getpid(), os.getuid())
    thread = threading.Thread(target=loop.run, args=[lambda: None])
    thread.start()

    def connect() -> Screen:
        heard.clear()
        screen = Screen(paths.socket)
        assert heard.wait(5), "the service has not heard of the screen"
        return screen

    def show(**state: Any) -> None:
        loop.call_soon(lambda: made.show(state))

    yield Stand(connect, show)
    loop.call_soon(loop.stop)
    thread.join(5)
    made.close()
    loop.close()


def test_what_has_not_changed_is_not_said_again(stand: Stand) -> None:
    screen = stand.connect()
    for state in ("free", "free", "free", "asking", "free"):
        stand.show(state=state, questions=[{"id": "first"}])
    heard = [screen.next() for _number in range(5)]
    assert [message["verb"] for message in heard] == ["state", "same", "same", "state", "state"]
    assert [message.get("state") for message in heard] == ["free", None, None, "asking", "free"]
    assert heard[0]["questions"] == [{"id": "first"}]
    screen.close()


def test_who_comes_later_hears_everything_first(stand: Stand) -> None:
    first = stand.connect()
    stand.show(state="open")
    assert first.next() == {"verb": "state", "state": "open"}
    # Nothing is shown from here on: what there is to hear comes by itself, at once.
    second = stand.connect()
    assert second.next() == {"verb": "state", "state": "open"}
    stand.show(state="open")
    assert [first.next()["verb"], second.next()["verb"]] == ["same", "same"]
    first.close()
    second.close()
