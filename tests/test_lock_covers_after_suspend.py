"""Whoever wakes the PC finds it covered: the lock counts its silence through a suspend, and covers before it hears."""

import socket
import tkinter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.lockscreen import connection
from kiosk.lockscreen.connection import Connection
from kiosk.messages import encode


class Tk:
    """What Connection needs of Tk: timers are kept, file handlers are called by the test."""

    def __init__(self) -> None:
        self.tk = self
        self.handler: Callable[[Any, int], None] | None = None

    def after(self, _ms: int, _action: Callable[[], None]) -> None: ...

    def createfilehandler(self, _file: Any, _mask: int, handler: Callable[[Any, int], None]) -> None:
        self.handler = handler

    def deletefilehandler(self, _file: Any) -> None:
        self.handler = None


class Lock:
    """One end is a Connection as the lock has it, the other end is ours; `did` is what the lock was told, in order."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr(connection, "seconds", lambda: self.now)
        self.did: list[str] = []
        self.tk = Tk()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen()
        self.line = Connection(
            cast(tkinter.Misc, self.tk), path, lambda state: self.did.append(state["state"]),
            lambda: self.did.append("cover"), lambda: None,
        )  # fmt: skip
        self.line.connect()
        self.service, _address = self._listener.accept()

    def hears(self, *states: str) -> None:
        """The service pushes states, and Tk sees that the line is readable."""
        self.service.sendall(b"".join(encode("state", state=state) for state in states))
        assert self.tk.handler is not None
        self.tk.handler(self.line._socket, 0)

    def close(self) -> None:
        self.service.close()
        self._listener.close()
        if self.line._socket is not None:
            self.line._socket.close()


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lock]:
    made = Lock(tmp_path / "s", monkeypatch)
    yield made
    made.close()


def test_a_steady_line_never_covers(lock: Lock) -> None:
    for _ in range(10):
        lock.now += 1.1
        lock.hears("open")
    assert "cover" not in lock.did and lock.line.up


def test_the_first_state_after_a_suspend_comes_after_the_cover(lock: Lock) -> None:
    lock.hears("open")
    lock.now += 60
    assert not lock.line.up, "whoever looks first covers"
    lock.hears("open", "open")
    assert lock.did == ["open", "cover", "open", "open"]
    assert lock.line.up


def test_the_first_state_ever_is_heard_without_a_cover_order(lock: Lock) -> None:
    lock.now += 60  # it covers since its start
    lock.hears("open")
    assert lock.did == ["open"]


def test_silence_is_counted_by_the_clock_that_goes_on_in_a_suspend(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def clock_gettime(clock: int) -> float:
        asked.append(clock)
        return 5.0

    monkeypatch.setattr(connection.time, "clock_gettime", clock_gettime)
    assert connection.seconds() == 5.0 and asked == [connection.time.CLOCK_BOOTTIME]
