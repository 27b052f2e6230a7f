"""The desktop around the programs: no menu of its own, a plain ground, the browser's page back when all is closed."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from Xlib import X, display

from tests.citizens_browser import wait_for_menu
from tests.running import LONG, RunningStation
from tests.typist import go_to, page_with_a_field, staff_opens, wait_title

pytestmark = [pytest.mark.slow, pytest.mark.root]

PAPER = (0xF4, 0xF7, 0xF3)
# What a second window manager would open on a touch of the desktop, as Debian ships openbox: the control.
DEBIANS_OWN = "/etc/xdg/openbox/rc.xml"


def colour(station: RunningStation, x: int, y: int) -> tuple[int, ...]:
    """The pixel that is seen there."""
    server = display.Display(station.display)
    try:
        raw = server.screen().root.get_image(x, y, 1, 1, X.ZPixmap, 0xFFFFFFFF).data
        return raw[2], raw[1], raw[0]
    finally:
        server.close()


def tabs(station: RunningStation) -> list[str]:
    """The titles of the windows that are seen."""
    return [one for one in station.titles() if one.endswith("Chromium")]


def windows_at_all(station: RunningStation) -> int:
    """Everything mapped on the screen, also what no window manager decorates: a menu is such a window."""
    command = ["xdotool", "search", "--onlyvisible", "--name", ""]
    found = subprocess.run(command, env=station.env, capture_output=True, text=True, timeout=10)
    return len(found.stdout.split())


def settled(station: RunningStation) -> int:
    """The number of windows once no late program adds to them any more."""
    seen: list[int] = []

    def same_for_a_second() -> bool:
        time.sleep(0.2)
        seen.append(windows_at_all(station))
        return len(seen) >= 5 and len(set(seen[-5:])) == 1

    station.wait(same_for_a_second, "the same windows for a second")
    return seen[-1]


def openbox_again(station: RunningStation) -> subprocess.Popen[bytes]:
    """Debian's own configuration in the place of ours."""
    return station.as_citizen("openbox", "--replace", "--config-file", DEBIANS_OWN)


def test_the_desktop_is_paper_and_answers_to_no_button(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb("1366x768"), LONG) as station:
        staff_opens(station)
        wait_for_menu(station, "vi")
        station.wait(lambda: station.status()["typing"], "all programs of the session are up")
        settled(station)
        station.key("super+d")
        station.wait(lambda: not tabs(station), "the windows are away")
        station.wait(lambda: colour(station, 700, 500) == PAPER, "the ground behind them")
        before = settled(station)
        for button in ("1", "2", "3", "4", "5"):
            subprocess.run(["xdotool", "mousemove", "700", "500", "click", button], env=station.env, check=True)
            time.sleep(0.3)
            assert windows_at_all(station) == before, f"button {button}"
            assert colour(station, 705, 505) == PAPER
        with openbox_again(station) as other:
            time.sleep(1.0)
            subprocess.run(["xdotool", "mousemove", "700", "500", "click", "3"], env=station.env, check=True)
            station.wait(lambda: windows_at_all(station) > before, "control: Debian's own menu")
            other.kill()


def test_who_closes_everything_gets_the_menu_back(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        staff_opens(station)
        wait_for_menu(station, "vi")
        station.key("alt+F4")
        station.wait(lambda: not tabs(station), "the browser is closed")
        wait_for_menu(station, "vi")
        # As it was the first time: nothing asks whether to restore what was open.
        assert len(tabs(station)) == 1


def test_the_bars_menu_comes_back_to_one_page_and_keeps_what_is_read(home: Path, xvfb: Callable[..., str]) -> None:
    """Each touch opens the menu in the running browser; an older menu that nobody used is closed by the page itself."""
    with page_with_a_field() as address, RunningStation(home, xvfb(), LONG) as station:
        staff_opens(station)
        wait_for_menu(station, "vi")
        for _ in range(3):
            station.key("super+1")
            time.sleep(1.5)
        wait_for_menu(station, "vi")
        # Only one tab: closing it closes the window, and the browser is started anew.
        first = station.pids("browser")
        station.key("ctrl+w")
        station.wait(lambda: station.pids("browser") not in ([], first), "the browser began anew")
        wait_for_menu(station, "vi")
        # What is read is kept: the menu comes beside it.
        time.sleep(0.5)
        go_to(station, address)
        station.key("super+1")
        wait_for_menu(station, "vi")
        station.key("ctrl+w")
        wait_title(station, "ready")


def test_a_file_of_the_citizen_opens_in_the_browser_that_runs(home: Path, xvfb: Callable[..., str]) -> None:
    """By xdg-open, as a browser does with a download: no second browser with another profile, no question."""
    with RunningStation(home, xvfb(), LONG) as station:
        staff_opens(station)
        wait_for_menu(station, "vi")
        picture = station.paths.citizen_home / "Documents" / "thư mời.svg"
        picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>', encoding="utf-8")
        owner = picture.parent.stat()
        os.chown(picture, owner.st_uid, owner.st_gid)
        running = station.pids("browser")
        with station.as_citizen("xdg-open", str(picture)):
            wait_title(station, picture.name)
        # A second browser would have a profile of its own, in the usual place.
        assert not (station.paths.citizen_home / ".config" / "chromium" / "Default").exists()
        assert station.pids("browser") == running
