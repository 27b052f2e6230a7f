"""Staff at the PC itself, for tests: in by gesture and PIN, and what must be true when they are out again."""

import os
import pwd
import subprocess
from pathlib import Path

from kiosk.supervisor.session import staff_browser
from tests.citizens_browser import of_user
from tests.running import Eye, RunningStation
from tests.station_processes import STAFF

NAME, PIN = "Chị Hoa", "274916"
PAPER = 0xF4F7F3
TITLE = "Bưu điện – Văn hóa xã Đồng Lúa - Chromium"


def uid_of_staff() -> int:
    """The user that staff are on this machine."""
    return pwd.getpwnam(STAFF).pw_uid


def add_manager(station: RunningStation) -> None:
    """One who may sign in."""
    added = station.kiosk("manager", "add", NAME, stdin=f"{PIN}\n")
    assert added.returncode == 0, added.stderr


def call(station: RunningStation) -> None:
    """The gesture by keyboard, again if the screen was not ready for keys yet, until the page of staff is seen."""

    def called() -> bool:
        if not light(station):
            station.key("ctrl+alt+q")
        return light(station)

    station.wait(called, "the page of staff")


def light(station: RunningStation) -> bool:
    """Whether the page in front is a light one: that of staff is, those on which it is called are dark."""
    with Eye(station.display) as eye:
        return eye.pixels(eye.width // 2, 4, 1, 1) == [PAPER]


def type_pin(station: RunningStation, pin: str = PIN) -> None:
    """As fast as a person types."""
    station.key(*pin, "Return")


def come_in(station: RunningStation) -> None:
    """Until the panel is seen."""
    station.wait_state("free")
    station.wait(station.covered, "the lock covers")
    station.wait(lambda: not station.status()["end_reason"], "START")
    call(station)
    type_pin(station)
    station.wait(lambda: station.status()["staff"] == "open", "the panel opens", 40)
    station.wait(lambda: any(title.endswith(TITLE) for title in station.titles()), "the panel is seen", 40)
    assert not station.covered()


def browse(station: RunningStation, address: str) -> None:
    """Have the browser that runs open an address, as nobody at the keyboard could: the strongest try."""
    command = ["chromium", f"--user-data-dir={station.paths.staff_home / '.browser'}", address]
    station.as_citizen(*command, room=True, user=STAFF).wait(30)


def out(station: RunningStation) -> None:
    """They are out: covered, free, nothing of theirs lives or lies anywhere."""
    station.wait(lambda: station.status()["staff"] is None, "staff are out", 30)
    station.wait(station.covered, "the lock covers")
    state = station.status()
    assert (state["state"], state["cover"], state["start_refused"]) == ("free", True, None), state
    assert [pid for pid in of_user(uid_of_staff())] == []
    home = station.paths.staff_home
    assert not os.path.ismount(home) and not list(home.glob("*")), "an empty folder"
    assert not Path(staff_browser.POLICIES, staff_browser.POLICY_FILE).exists(), "nor are the machine's policies ours"


def hold_emblem(station: RunningStation, seconds: float) -> None:
    """With the mouse."""
    words = ["mousemove", "73", "52", "mousedown", "1", "sleep", str(seconds), "mouseup", "1"]
    subprocess.run(["xdotool", *words], env=station.env, check=True, timeout=30)
