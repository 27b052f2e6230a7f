"""Keys that elsewhere open menus, runners, terminals and other desktops: in a session they end and open nothing.

With our openbox, and with no window manager at all; the control is openbox as it comes with the system.
"""

import os
import pwd
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.citizens_browser import of_user
from tests.key_table import DESKTOPS, SERVER
from tests.running import CITIZEN, LONG, RunningStation
from tests.watching import Eye

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(180)]

# With nothing of ours: windows, or places of openbox's, that these bring up or change.
IN_STOCK = ("alt+space", "super+F2", "super+F3", "super+F4", "ctrl+alt+Right", "ctrl+alt+Left", "super+d", "alt+Escape")
NO_MANAGER = '\n[programs]\nwindow_manager = "sleep 3600"\n'


def _press(env: dict[str, str], *keys: str) -> None:
    subprocess.run(["xdotool", "key", "--clearmodifiers", "--delay", "60", *keys], env=env, check=True, timeout=30)


def _desktop(env: dict[str, str], display: str) -> tuple[str, frozenset[int]]:
    """Which desktop is shown, and which windows can be seen."""
    number = subprocess.run(["xdotool", "get_desktop"], env=env, capture_output=True, text=True, timeout=10).stdout
    with Eye(display) as eye:
        return number.strip(), frozenset(eye.windows())


def test_control_openbox_as_it_comes_answers_to_them(xvfb: Callable[..., str], home: Path) -> None:
    display = xvfb()
    env = {**os.environ, "DISPLAY": display, "HOME": str(home)}
    found = []
    with subprocess.Popen(["openbox"], env=env, stderr=subprocess.DEVNULL) as manager:
        with subprocess.Popen(["xev"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
            there = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "Event Tester"]
            subprocess.run(there, env=env, check=True, timeout=20, stdout=subprocess.DEVNULL)
            for keys in IN_STOCK:
                before = _desktop(env, display)
                _press(env, keys)
                if _desktop(env, display) != before:
                    found.append(keys)
                _press(env, "Escape", "super+F1")
            program.kill()
        manager.kill()
    print(f"\nopenbox as it comes: {', '.join(found)}")
    assert len(found) >= 4


@pytest.mark.parametrize("policy", [LONG, LONG + NO_MANAGER], ids=["openbox", "no window manager"])
def test_they_end_and_open_nothing(home: Path, xvfb: Callable[..., str], policy: str) -> None:
    uid = pwd.getpwnam(CITIZEN).pw_uid
    with RunningStation(home, xvfb(), policy) as station:
        station.sign_in()
        station.wait(lambda: any("Chromium" in title for title in station.titles()), "the browser's window")
        ours = {role: station.living(role) for role in ("supervisor", "service", "lock", "bar")}
        programs, seen = _programs(uid), _desktop(station.env, station.display)
        bar = _bar(station)
        for keys in (*DESKTOPS, *SERVER):
            _press(station.env, keys)
            assert station.status()["state"] == "open" and not station.covered(), keys
            assert _desktop(station.env, station.display)[0] == seen[0], f"{keys}: another desktop"
            assert _bar(station) == bar, f"{keys}: the bar"
            _press(station.env, "Escape")
        assert {role: station.living(role) for role in ours} == ours
        assert _programs(uid) == programs, "no new program"
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")


def _programs(uid: int) -> set[str]:
    return {Path(f"/proc/{pid}/comm").read_text(encoding="utf-8") for pid in of_user(uid)}


def _bar(station: RunningStation) -> list[int]:
    """Pixels of the bar's left end, where nothing but its ground is."""
    with Eye(station.display) as eye:
        return eye.pixels(0, 2, 40, 1)
