"""On a display that cannot tell idle seconds the bar watches by itself, and keeps nothing but a time."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

# The bar's own way to ask, in a process of its own, once for every line that it is sent.
ASK = """
import json, sys
from kiosk.lockscreen.bar.bar import Bar
from kiosk.lockscreen.x11 import X11
bar = object.__new__(Bar)
bar.x, bar._watch = X11(), None
for line in sys.stdin:
    seconds = bar.idle_seconds()
    kept = {name: repr(value) for name, value in vars(bar._watch).items()} if bar._watch else None
    print(json.dumps([seconds, bar.x.idle_seconds(), kept, "pynput" in sys.modules]), flush=True)
"""


class Asked:
    """That process."""

    def __init__(self, display: str) -> None:
        self.env = {**os.environ, "DISPLAY": display}
        command = [sys.executable, "-c", ASK]
        self.process = subprocess.Popen(
            command, env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def ask(self) -> list[object]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("?\n")
        self.process.stdin.flush()
        answer: list[object] = json.loads(self.process.stdout.readline())
        return answer

    def end(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


def extensions(display: str) -> str:
    return subprocess.run(["xdpyinfo", "-display", display], capture_output=True, text=True, timeout=20).stdout


def test_the_bar_sees_keys_and_pointer_itself_and_keeps_only_when(xvfb: Callable[..., str]) -> None:
    display = xvfb(without="MIT-SCREEN-SAVER")
    said = extensions(display)
    assert "MIT-SCREEN-SAVER" not in said and "RECORD" in said
    asked = Asked(display)
    try:
        seconds, by_the_server, kept, loaded = asked.ask()
        assert (by_the_server, loaded) == (None, True)
        assert isinstance(kept, dict) and set(kept) == {"_listens", "_touched"}
        for hand in (["key", "a"], ["mousemove", "100", "100"], ["click", "1"]):
            time.sleep(1.2)
            idle = asked.ask()[0]
            assert isinstance(idle, float) and idle > 1.0
            before = time.monotonic()
            subprocess.run(["xdotool", *hand], env=asked.env, check=True, timeout=10)
            time.sleep(0.2)
            idle, _server, kept, _loaded = asked.ask()
            assert isinstance(idle, float) and idle < time.monotonic() - before, hand
            # A time and a yes: nothing in which a key or a place on the screen could stand.
            assert isinstance(kept, dict) and kept.pop("_listens") == "True"
            assert list(kept) == ["_touched"] and before <= float(kept["_touched"]) <= time.monotonic()
    finally:
        asked.end()


def test_where_the_server_can_tell_nothing_else_is_loaded(xvfb: Callable[..., str]) -> None:
    display = xvfb()
    assert "MIT-SCREEN-SAVER" in extensions(display)
    asked = Asked(display)
    try:
        seconds, by_the_server, kept, loaded = asked.ask()
        assert isinstance(seconds, float) and isinstance(by_the_server, float)
        assert (kept, loaded) == (None, False)
    finally:
        asked.end()
