"""One string, planted during a session in every place we could think of, is in none of them after it.

Each place is looked at by the same eyes before the end, as the control, and after it.
"""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import canary
from tests.canary_eyes import Eyes
from tests.citizens_browser import of_user, wait_for_menu
from tests.running import CITIZEN, LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]


def _room_of(pid: int) -> str:
    return os.readlink(f"/proc/{pid}/ns/mnt")


def _holders_of(room: str) -> list[str]:
    """Processes that are in a room of mounts or keep it by a descriptor."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        for link in (entry / "ns/mnt", *(entry / "fd").glob("*")):
            try:
                if os.readlink(link) == room:
                    found.append(entry.name)
            except OSError:
                continue
    return found


def _browse(station: RunningStation, mark: str) -> None:
    """An address with the string, of our own menu: our service hears it too, and must not keep it."""
    station.key("ctrl+l")
    subprocess.run(
        ["xdotool", "type", f"127.0.0.1:{station.menu}/{mark}\n"], env=station.env, check=True, timeout=20
    )  # fmt: skip


def _plant_cron(uid: int) -> Callable[[], None]:
    """What a `crontab` that is setuid would make; how to take away the folder if there is no cron here."""
    folder = Path("/var/spool/cron/crontabs")
    made = [path for path in (folder.parent, folder) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CITIZEN).write_text("* * * * * true\n", encoding="utf-8")
    os.chown(folder / CITIZEN, uid, -1)

    def remove() -> None:
        (folder / CITIZEN).unlink(missing_ok=True)
        for path in reversed(made):
            path.rmdir()

    return remove


def _fill(station: RunningStation) -> None:
    """A home that fills up is told to the bar, and that there is space again."""
    station.wait(lambda: station.status()["home"] and not station.status()["home"]["full"], "space in the home is told")
    place = f"{station.paths.citizen_home}/big"
    for script, full in ((f"head -c 9G /dev/zero > {place}", True), (f"rm {place}", False)):
        station.as_citizen("sh", "-c", script, room=True).wait(30)
        station.wait(lambda full=full: station.status()["home"]["full"] is full, f"full: {full}")  # type: ignore[misc]


def test_a_string_planted_in_every_place_is_in_none_after_the_session(home: Path, xvfb: Callable[..., str]) -> None:
    mark = f"canary{secrets.token_hex(8)}"
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        wait_for_menu(station, "vi")
        _browse(station, mark)
        source = Path(canary.__file__).read_text(encoding="utf-8")
        planter = station.as_citizen(sys.executable, "-c", source, mark, stdout=subprocess.PIPE, room=True)
        assert planter.stdout is not None
        assert json.loads(planter.stdout.readline()) == [], "planted everywhere"
        room = _room_of(planter.pid)
        assert room != _room_of(os.getpid()), "the session has a room of its own"
        eyes = Eyes(station, mark, Path(f"/proc/{planter.pid}/root"))
        remove_cron = _plant_cron(eyes.uid)
        try:
            # The control: the same eyes find it in every place, and nowhere where we would have put it ourselves.
            for place in eyes.look():
                station.wait(lambda place=place: eyes.look()[place], f"found in {place}", 40)  # type: ignore[misc]
            found = eyes.look()
            print(f"\nlooked in {len(found)} places: {', '.join(found)}")
            assert len(found) >= 12 and eyes.anywhere_else() == []
            assert station.kiosk("session", "finish").returncode == 0
            station.wait_state("free")
            planter.wait(5)  # not by us: its session ended
            after = Eyes(station, mark, None)
            assert [place for place, there in after.look().items() if there] == []
            assert after.anywhere_else() == []
        finally:
            remove_cron()
            planter.stdout.close()
            planter.kill()
            planter.wait(20)
        assert of_user(eyes.uid) == []
        # The child that wipes lets go of the room last, and nobody waits for that.
        station.wait(lambda: _holders_of(room) == [], "the room goes with the last who holds it")
        # The next citizen finds nothing either, from within.
        station.sign_in()
        station.wait(lambda: any("Chromium" in title for title in station.titles()), "the next browser's window")
        browser = station.pids("browser")[-1]
        next_eyes = Eyes(station, mark, Path(f"/proc/{browser}/root"))
        assert [place for place, there in next_eyes.look().items() if there and place != "shared memory"] == []
        assert station.pids("browser")[-1] == browser, station.log()
        _fill(station)
    assert mark not in station.log()
