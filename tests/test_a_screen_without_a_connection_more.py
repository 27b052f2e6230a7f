"""An X server serves so many programs and no more: who comes too late says so, at each of its connections."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

# Little-endian, protocol 11.0, no authorization: the server's answer begins with 1 where it takes the client.
HELLO, WELCOME = b"l\0\x0b\0" + bytes(8), b"\1"


@contextmanager
def all_but(free: int, display: str) -> Iterator[None]:
    """Hold every connection that the server has, but so many."""
    with ExitStack() as held:
        taken: list[socket.socket] = []
        while True:
            one = held.enter_context(socket.socket(socket.AF_UNIX))
            one.connect(f"/tmp/.X11-unix/X{display.removeprefix(':')}")
            one.sendall(HELLO)
            if one.recv(1) != WELCOME:
                break
            taken.append(one)
        assert 8 < len(taken) < 4096, "the control: it refuses one more"
        for one in taken[:free]:
            one.close()
        yield


@pytest.mark.parametrize(("role", "free"), (("lock", 0), ("lock", 1), ("lock", 2), ("bar", 0), ("bar", 1)))
def test_who_finds_too_few_connections_says_so_and_ends(
    xvfb: Callable[..., str], home: Path, role: str, free: int
) -> None:
    display = xvfb()
    command = [sys.executable, "-m", "kiosk.lockscreen", role]
    env = {**os.environ, "DISPLAY": display, "KIOSK_HOME": str(home)}
    with all_but(free, display):
        ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=20)
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("no screen to draw on"), ended.stderr
