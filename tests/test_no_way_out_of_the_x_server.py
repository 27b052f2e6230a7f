"""Keys that end an X server or lead to a text console: the real Xorg, by its unit's start line, with our options.

No graphics card is needed. Where the kernel has text consoles the server stands on one of them, as on a PC.
"""

import fcntl
import os
import shlex
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.supervisor import display
from tests.real_x import quiet_number
from tests.thrown_root import DUMMY

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(300)]

UNITS = Path(__file__).resolve().parent.parent / "scripts" / "install" / "units"
OURS = (UNITS / "xorg.conf").read_text(encoding="utf-8")
# A driver that wants a console, for a card that is not there: the dummy alone does without one.
WITH_CONSOLE = """Section "Device"
    Identifier "no such card"
    Driver "modesetting"
    Option "kmsdev" "/nowhere"
EndSection
Section "Screen"
    Identifier "no screen"
    Device "no such card"
EndSection
Section "ServerLayout"
    Identifier "both"
    Screen "screen"
    Screen 1 "no screen" RightOf "screen"
EndSection
"""
# linux/vt.h
VT_OPENQRY, VT_GETSTATE, VT_ACTIVATE = 0x5600, 0x5603, 0x5606


def _console(request: int, argument: int | bytes) -> bytes | int:
    handle = os.open("/dev/tty0", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        return fcntl.ioctl(handle, request, argument)
    finally:
        os.close(handle)


def _shown() -> int:
    """The number of the console that is seen; 0 where the kernel has none."""
    try:
        state = _console(VT_GETSTATE, bytes(6))
    except OSError:
        return 0
    assert isinstance(state, bytes)
    return int(struct.unpack("HHH", state)[0])


def _free() -> int:
    number = _console(VT_OPENQRY, bytes(4))
    assert isinstance(number, bytes)
    return int(struct.unpack("i", number)[0])


class Xorg:
    """The server, on a console of its own where the kernel has such."""

    def __init__(self, process: "subprocess.Popen[bytes]", name: str, console: int) -> None:
        self.process, self.console = process, console
        self._env = dict(os.environ, DISPLAY=name)

    def press(self, keys: str) -> None:
        """As a keyboard would, also if the server does not outlive it."""
        subprocess.run(["xdotool", "key", keys], env=self._env, capture_output=True, timeout=30)

    def let_ctrl_alt_backspace_end_it(self) -> None:
        """As any program of a session may ask."""
        subprocess.run(["setxkbmap", "-option", "terminate:ctrl_alt_bksp"], env=self._env, check=True, timeout=30)


@contextmanager
def _xorg(folder: Path, options: str) -> Iterator[Xorg]:
    before, name = _shown(), f":{quiet_number()}"
    console = _free() if before else 7
    (folder / "10-dummy.conf").write_text(DUMMY + (WITH_CONSOLE if before else ""))
    (folder / "90-kiosk.conf").write_text(options)
    [line] = [one for one in (UNITS / "kiosk-x.service").read_text().splitlines() if one.startswith("ExecStart=")]
    words = shlex.split(line.partition("=")[2])
    ours = {":0": name, "vt7": f"vt{console}", "/run/kiosk-x/log": str(folder / "log")}
    command = [ours.get(word, word) for word in words if word not in ("-auth", "/run/kiosk-x/auth")]
    with open(folder / "said", "wb") as said:
        process = subprocess.Popen([*command, "-configdir", str(folder)], stdout=said, stderr=said)
    try:
        until = time.monotonic() + 60
        while not display.answers(name, 1.0):
            assert process.poll() is None and time.monotonic() < until, (folder / "said").read_text()
            time.sleep(0.1)
        yield Xorg(process, name, console)
    finally:
        process.terminate()
        process.wait(30)
        if before:
            _console(VT_ACTIVATE, before)


def _happens(what: Callable[[], bool], within: float) -> float | None:
    """After how many seconds; None when it does not."""
    begun = time.monotonic()
    while not what():
        if time.monotonic() - begun > within:
            return None
        time.sleep(0.05)
    return time.monotonic() - begun


def _tried(folder: Path, options: str, within: float) -> dict[str, float | None]:
    """What the keys lead to, and after how many seconds."""
    found = {}
    with _xorg(folder, options) as server:
        if _shown():
            another = 2 if server.console != 2 else 3
            assert _shown() == server.console
            server.press(f"ctrl+alt+F{another}")
            found["another console"] = _happens(lambda: _shown() == another, within)
        server.let_ctrl_alt_backspace_end_it()
        server.press("ctrl+alt+BackSpace")
        found["the end of the server"] = _happens(lambda: server.process.poll() is not None, within)
    return found


def test_no_keys_lead_to_a_text_console_or_end_the_server(tmp_path: Path) -> None:
    control = _tried(tmp_path, OURS.replace('"true"', '"false"'), 60)
    took = [seconds for seconds in control.values() if seconds is not None]
    assert len(took) == len(control), f"the control: {control}"
    print(f"\ntried: {control}")
    assert set(_tried(tmp_path, OURS, 1 + 10 * max(took)).values()) == {None}
