"""Modes, monitors, zoom, panning, properties and lamps that a session left are gone, on Xvfb and on Debian's Xorg."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from Xlib import X, Xatom, error
from Xlib.display import Display

from kiosk.lockscreen.sweep import display_memory, display_outputs
from tests.real_xorg import real_xorg
from tests.station_processes import CODE

pytestmark = [pytest.mark.slow, pytest.mark.root]

ODD = "31.5 640 656 752 800 480 490 492 525"
# Each alone; {output}: the monitor that there is.
SPOILT = {
    "a mode of its own": (f"xrandr --newmode odd {ODD}", "xrandr --addmode {output} odd"),
    "in force": (f"xrandr --newmode odd {ODD}", "xrandr --addmode {output} odd", "xrandr --output {output} --mode odd"),
    "a monitor that is none": ("xrandr --setmonitor wall 100/100x100/100+0+0 none",),
    "a monitor's property": ("property {output}",),
    "lamps": ("xset led 3", "xset led 1"),
    "a key that does not repeat": ("xset -r 38",),
    "capitals for ever": ("xdotool key Caps_Lock",),
    "the screen dark": ("xrandr --output {output} --gamma 0.2:0.2:0.2",),
}
ON_XVFB = {"a first among monitors": ("xrandr --output {output} --primary",)}
ON_XORG = {
    "no first among monitors": ("xrandr --noprimary",),
    "another size": ("xrandr --output {output} --mode 1600x1200",),
    "panned": ("xrandr --output {output} --panning 2000x2000",),
    "switched off": ("xrandr --output {output} --off",),
}


class Screen:
    """One X server, looked at with its own tools."""

    def __init__(self, name: str, home: Path) -> None:
        self.name, self.home = name, home
        self.env = {**os.environ, "DISPLAY": name, "KIOSK_HOME": str(home), "PYTHONPATH": CODE}
        (home / "run" / "screen").mkdir(parents=True)
        self.output = next(line.split()[0] for line in self.tell("xrandr").splitlines() if " connected" in line)

    def tell(self, *command: str) -> str:
        """What a tool says."""
        return subprocess.run(command, env=self.env, check=True, capture_output=True, text=True, timeout=20).stdout

    def spoil(self, command: str) -> None:
        """As any client may."""
        words = command.format(output=self.output).split()
        if words[0] == "property":
            return self.own_property()
        self.tell(*words)

    def own_property(self) -> None:
        """A text that the monitor keeps."""
        display = Display(self.name)
        held = display.screen().root.xrandr_get_screen_resources_current()
        text = display.get_atom("LETTER"), Xatom.STRING, X.PropModeReplace, (8, b"of the last citizen")
        display.xrandr_change_output_property(held.outputs[0], *text)
        display.sync()
        display.close()

    def seen(self) -> str:
        """Everything of it, but the moments of changes and the numbers that the server gives anew."""
        told = self.tell("xrandr", "--verbose", "--properties") + self.tell("xrandr", "--listmonitors")
        told += self.tell("xset", "q")
        return "\n".join(line for line in told.splitlines() if not re.search(r"Timestamp|Timeout:|DPMS is", line))

    def sweep(self, role: str) -> int:
        """As after a session."""
        command = [sys.executable, "-P", "-m", "kiosk.lockscreen", role]
        return subprocess.run(command, env=self.env, cwd="/", timeout=20).returncode


@contextmanager
def _on(kind: str, home: Path, xvfb: Callable[..., str]) -> Iterator[Screen]:
    if kind == "Xvfb":
        name = xvfb()
        keeper = Display(name)
        yield Screen(name, home)
        keeper.close()
    else:
        with real_xorg(home) as name:
            yield Screen(name, home)


@pytest.mark.parametrize("kind", ["Xvfb", "Xorg"])
def test_whatever_was_done_to_them(kind: str, tmp_path: Path, xvfb: Callable[..., str]) -> None:
    spoilt = SPOILT | (ON_XVFB if kind == "Xvfb" else ON_XORG)
    with _on(kind, tmp_path, xvfb) as screen:
        before = screen.seen()
        assert screen.sweep("first") == 0
        for what, commands in {**spoilt, "all of it": tuple(dict.fromkeys(sum(spoilt.values(), ())))}.items():
            for command in commands:
                screen.spoil(command)
            assert screen.seen() != before, f"the control: {what}, and it stays"
            assert screen.sweep("sweep") == 0
            assert screen.seen() == before, what


def test_a_value_that_the_server_refuses_is_told_and_the_rest_is_put_back(
    xvfb: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """python-xlib takes this error (BadValue) for one of RandR's, and falls over it."""
    name = xvfb()
    monkeypatch.setenv("DISPLAY", name)
    display = Display(name)
    try:
        kept = display_memory.remember(display)
        kept["saver"][0] = -5
        with pytest.raises(AttributeError):
            display_memory.restore(display, kept)
    finally:
        display.close()
    display = Display(name)
    try:
        display_memory.hear_errors(display)
        assert display_memory.restore(display, kept) == ["_put_settings: BadValue"]
        # No server here zooms; but this one understands what it is asked for: it is no BadLength.
        crtc = display.screen().root.xrandr_get_screen_resources_current().crtcs[0]
        assert display_outputs.transform(display, crtc) == display_outputs.PLAIN
        heard = error.CatchError()
        display.set_error_handler(heard)
        display_outputs.set_transform(display, crtc, [2 * place for place in display_outputs.PLAIN])
        display.sync()
        assert type(heard.get_error()) is error.BadValue
    finally:
        display.close()
