"""systemd hears of a station that it started, and feeds on the store's word alone."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.service.pulse import ASK_EVERY, GOOD_FOR, Pulse
from kiosk.store import Store
from kiosk.supervisor.notify import FEED_EVERY, Notifier


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket at which systemd listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def heard(listening: socket.socket) -> list[str]:
    """The first lines of what has come."""
    found = []
    while True:
        try:
            found.append(listening.recv(4096).decode().splitlines()[0])
        except BlockingIOError:
            return found


def told(listening: socket.socket, **more: str) -> dict[str, str]:
    """The environment that systemd gives a unit of Type=notify with a watchdog."""
    return {"NOTIFY_SOCKET": listening.getsockname(), "WATCHDOG_USEC": "90000000", **more}


def test_it_says_when_it_has_started_and_when_it_stops(systemd: socket.socket) -> None:
    environ = told(systemd, WATCHDOG_PID=str(os.getpid()), HOME="/")
    notifier = Notifier(environ)
    assert environ == {"HOME": "/"}, "our children would speak for us"
    notifier.started()
    notifier.stopping()
    assert heard(systemd) == ["READY=1", "STOPPING=1"]


def test_only_a_store_that_answers_feeds_the_watchdog(systemd: socket.socket) -> None:
    now = [100.0]
    notifier = Notifier(told(systemd), lambda: now[0])
    notifier.beat(store=False)
    assert heard(systemd) == []
    notifier.beat(store=True)
    notifier.beat(store=True)
    now[0] += FEED_EVERY
    notifier.beat(store=True)
    assert heard(systemd) == ["WATCHDOG=1", "WATCHDOG=1"]


@pytest.mark.parametrize("environ", [{}, {"NOTIFY_SOCKET": "/nowhere/at/all", "WATCHDOG_USEC": "1"}])
def test_without_a_systemd_that_listens_nothing_happens(environ: dict[str, str]) -> None:
    notifier = Notifier(environ)
    notifier.started()
    notifier.beat(store=True)


def test_another_process_s_watchdog_is_not_ours_to_feed(systemd: socket.socket) -> None:
    notifier = Notifier(told(systemd, WATCHDOG_PID="1"))
    notifier.beat(store=True)
    assert heard(systemd) == []


def test_the_pulse_is_felt_while_the_store_answers_and_no_longer(tmp_path: Path) -> None:
    with Store(tmp_path / "kiosk.db") as store:
        pulse = Pulse(store)
        assert not pulse.felt(0.0), "nobody has answered yet"
        store.run(lambda _db: None)
        assert pulse.felt(1.0)
        hang = threading.Event()
        store.submit(lambda _db: hang.wait(20))
        try:
            asked = 1.0 + ASK_EVERY
            assert pulse.felt(asked), "one answer may take a while"
            assert not pulse.felt(asked + GOOD_FOR), "the store hangs"
        finally:
            hang.set()
        store.run(lambda _db: None)
        assert pulse.felt(asked + GOOD_FOR + 1)
