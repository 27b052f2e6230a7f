"""Keys that open, close, switch and print in a session do nothing at all while the station is locked.

All of the table against whoever listens: test_key_table_while_locked.py. Here a real browser's answers are the control.
"""

import pwd
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from Xlib.display import Display

from tests.citizens_browser import of_user, words_of
from tests.key_table import BROWSER
from tests.running import CITIZEN, LONG, RunningStation
from tests.watching import Eye

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(300)]


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
    for one in BROWSER:
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
            still = "the control: without a key nothing changes"
            station.wait(lambda: not desktop.changes(desktop.settle(), 2.0), still, 40)
            found = _effects(station, desktop)
            missing = [one.keys for one in BROWSER if one.keys not in found]
            print(f"\n{len(found)} of {len(BROWSER)} combinations have an effect in a session; none: {missing}")
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
