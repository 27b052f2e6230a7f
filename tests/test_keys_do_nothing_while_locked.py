"""Keys that open, close, switch and print in a session do nothing at all while the station is locked."""

import pwd
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from Xlib.display import Display

from tests.citizens_browser import of_user, words_of
from tests.running import CITIZEN, LONG, RunningStation
from tests.watching import Eye

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(300)]


class Combination(NamedTuple):
    """A combination, what must be pressed before it, and what puts the desktop back afterwards."""

    keys: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


COMBINATIONS = (
    Combination("alt+Left"),
    Combination("alt+Right"),
    Combination("ctrl+t", after=("ctrl+w",)),
    Combination("ctrl+n", after=("ctrl+w",)),
    Combination("ctrl+shift+n", after=("ctrl+w",)),
    Combination("ctrl+l", after=("Escape", "Escape")),
    Combination("alt+d", after=("Escape", "Escape")),
    Combination("ctrl+o", after=("Escape",)),
    Combination("ctrl+s", after=("Escape",)),
    Combination("ctrl+p", after=("Escape",)),
    Combination("ctrl+h", after=("ctrl+w",)),
    Combination("ctrl+j", after=("ctrl+w",)),
    Combination("ctrl+f", after=("Escape",)),
    Combination("ctrl+plus", after=("ctrl+0",)),
    Combination("ctrl+minus", after=("ctrl+0",)),
    Combination("ctrl+a", after=("ctrl+l", "Escape", "Escape")),
    Combination("F11", after=("F11",)),
    Combination("ctrl+shift+i", after=("ctrl+shift+i",)),
    Combination("F12", after=("F12",)),
    Combination("ctrl+u", after=("ctrl+w",)),
    Combination("ctrl+shift+b", after=("ctrl+shift+b",)),
    Combination("ctrl+shift+o", after=("ctrl+w",)),
    Combination("ctrl+Tab", before=("ctrl+t",), after=("ctrl+2", "ctrl+w")),
    Combination("ctrl+w", before=("ctrl+t",)),
    Combination("ctrl+shift+t", after=("ctrl+w",)),
    Combination("shift+Escape", after=("alt+F4",)),
    Combination("alt+f", after=("Escape",)),
    Combination("shift+F10", after=("Escape",)),
    Combination("super+d", after=("super+d",)),
    Combination("alt+Tab", before=("ctrl+n",), after=("ctrl+w",)),
    Combination("alt+F4", before=("ctrl+n",)),
    Combination("F5"),
)


class Desktop:
    """What can change when a key has an effect: windows, their titles, the active one, and every pixel."""

    def __init__(self, station: RunningStation) -> None:
        self._station, self._eye = station, Eye(station.display)
        self._display = Display(station.display)

    def close(self) -> None:
        """Hang up."""
        self._eye.__exit__()
        self._display.close()

    def look(self) -> tuple[object, ...]:
        """Titles, the active window, the screen below the time bar (which counts by itself)."""
        atom = self._display.get_atom("_NET_ACTIVE_WINDOW")
        active = self._display.screen().root.get_full_property(atom, 0)
        return tuple(self._station.titles()), active and active.value[0], self.picture()

    def picture(self) -> tuple[int, ...]:
        """Every eighth line of the screen below the time bar."""
        lines = range(100, self._eye.height, 8)
        return tuple(pixel for y in lines for pixel in self._eye.pixels(0, y, self._eye.width, 1))

    def windows(self) -> set[int]:
        """Windows of the root, seen or not."""
        return {window.id for window in self._display.screen().root.query_tree().children}

    def settle(self, seconds: float = 8.0) -> tuple[object, ...]:
        """The look once it has not changed for half a second."""
        deadline, since, seen = time.monotonic() + seconds, time.monotonic(), self.look()
        while time.monotonic() - since < 0.5 and time.monotonic() < deadline:
            time.sleep(0.1)
            now = self.look()
            if now != seen:
                since, seen = time.monotonic(), now
        return seen

    def changes(self, was: tuple[object, ...], seconds: float = 3.0) -> bool:
        """Whether the look becomes another one within that time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.look() != was:
                return True
            time.sleep(0.05)
        return False


def _press(station: RunningStation, keys: str) -> None:
    subprocess.run(["xdotool", "key", "--clearmodifiers", keys], env=station.env, check=True, timeout=10)


def _effects(station: RunningStation, desktop: Desktop) -> list[str]:
    """The combinations that have an effect in this session."""
    found = []
    for one in COMBINATIONS:
        for keys in one.before:
            _press(station, keys)
            time.sleep(0.4)
        was = desktop.settle()
        _press(station, one.keys)
        if desktop.changes(was):
            found.append(one.keys)
        for keys in one.after:
            time.sleep(0.4)
            _press(station, keys)
    return found


def test_what_works_in_a_session_does_nothing_while_locked(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        station.wait(lambda: any("Chromium" in title for title in station.titles()), "the browser's window")
        desktop = Desktop(station)
        try:
            _visit_two_pages(station)
            assert not desktop.changes(desktop.settle(), 2.0), "the control: without a key nothing changes"
            found = _effects(station, desktop)
            missing = [one.keys for one in COMBINATIONS if one.keys not in found]
            print(f"\n{len(found)} of {len(COMBINATIONS)} combinations have an effect in a session; none: {missing}")
            assert len(found) >= 20
            assert station.kiosk("session", "finish").returncode == 0
            station.wait_state("free")
            station.wait(lambda: station.status()["end_reason"] is None, "START after the goodbye")
            _nothing_happens(station, desktop, found)
        finally:
            desktop.close()
        station.begin()  # the keys that are meant for it still work


def _visit_two_pages(station: RunningStation) -> None:
    for page in ("healthz", "search?q=a"):
        _press(station, "ctrl+l")
        time.sleep(0.3)
        words = ["xdotool", "type", f"127.0.0.1:{station.menu}/{page}\n"]
        subprocess.run(words, env=station.env, check=True, timeout=20)
        time.sleep(1)


def _programs(station: RunningStation) -> list[str]:
    """The citizen's, and those of this station's own users; another test may have a station beside it."""
    own, theirs = [pwd.getpwnam(user).pw_uid for user in ("kiosk", "kiosk-screen")], pwd.getpwnam(CITIZEN).pw_uid
    mark = f"KIOSK_HOME={station.home}".encode()
    found = [words_of(pid) for uid in own for pid in of_user(uid) if mark in Path(f"/proc/{pid}/environ").read_bytes()]
    assert found, "the control: some are always there"
    return sorted(found + [words_of(pid) for pid in of_user(theirs)])


def _nothing_happens(station: RunningStation, desktop: Desktop, combinations: list[str]) -> None:
    desktop.settle()
    before = desktop.picture(), desktop.windows(), station.status()["state"], station.token()
    programs = _programs(station)
    with station.watch() as watch:
        for keys in combinations:
            _press(station, keys)
            time.sleep(0.1)
        time.sleep(1)
    after = desktop.picture(), desktop.windows(), station.status()["state"], station.token()
    assert before[2:] == after[2:] == ("free", before[3])
    assert before[0] == after[0], "every pixel of START is as it was"
    assert before[1] == after[1], "no new window"
    assert _programs(station) == programs, "no new program"
    assert not [moment for moment, covered in watch.samples() if not covered]
