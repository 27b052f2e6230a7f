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

from kiosk.supervisor.session.browser import PROFILE
from tests import canary
from tests.canary_eyes import Eyes
from tests.canary_outside import plan_from_within, planned
from tests.canary_site import Site, canary_site
from tests.citizens_browser import of_user, wait_for_menu
from tests.machine_cups import MachineCups, pdf
from tests.running import RunningStation
from tests.test_printing_in_a_session import PrintingStation, cups

__all__ = ["cups"]  # a fixture

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(600)]


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


def _browse(station: RunningStation, address: str) -> None:
    """In the browser that is there: a second one hands its address to it."""
    profile = f"--user-data-dir={station.paths.citizen_home}/{PROFILE}"
    assert station.as_citizen("chromium", profile, f"http://{address}", room=True).wait(40) == 0


def _plant_in_the_browser(station: RunningStation, site: Site) -> None:
    """A page of the web; then an address with it, of our own menu: our service hears it too, and must not keep it."""
    _browse(station, site.plants)
    load = station.paths.citizen_home / "Downloads" / f"{site.mark}.txt"
    station.wait(load.exists, "the download", 40)
    _browse(station, site.looks)
    station.wait(lambda: site.told, "the page's answer", 40)
    assert all(site.mark in held for held in site.told.pop().values()), "the control: the browser has it all"
    _browse(station, f"127.0.0.1:{station.menu}/{site.mark}")


def _fill(station: RunningStation) -> None:
    """A home that fills up is told to the bar, and that there is space again."""
    station.wait(lambda: station.status()["home"] and not station.status()["home"]["full"], "space in the home is told")
    place = f"{station.paths.citizen_home}/big"
    for script, full in ((f"head -c 9G /dev/zero > {place}", True), (f"rm {place}", False)):
        station.as_citizen("sh", "-c", script, room=True).wait(30)
        station.wait(lambda full=full: station.status()["home"]["full"] is full, f"full: {full}")  # type: ignore[misc]


def _look_from_the_next(station: RunningStation, mark: str, site: Site) -> None:
    """What the next citizen finds: in their room, in their programs, in their browser on the same page of the web."""
    station.sign_in()
    wait_for_menu(station, "vi")
    browser = station.pids("browser")[-1]
    eyes = Eyes(station, mark, Path(f"/proc/{browser}/root"))
    assert [place for place, there in eyes.look().items() if there and place != "shared memory"] == []
    assert eyes.anybody() == [], "no word and no environment of any process has it"
    _browse(station, site.looks)
    station.wait(lambda: site.told, "the page's answer", 40)
    assert site.told.pop() == {"cookie": "", "store": "", "base": "", "cache": ""}
    assert station.pids("browser")[-1] == browser, station.log()


def test_a_string_planted_in_every_place_is_in_none_after_the_session(
    home: Path, xvfb: Callable[..., str], cups: MachineCups
) -> None:
    mark = f"canary{secrets.token_hex(8)}"
    with PrintingStation(home, xvfb(), cups, 'mode = "staff"') as station, canary_site(mark) as site:
        station.sign_in()
        wait_for_menu(station, "vi")
        _plant_in_the_browser(station, site)
        station.ready()
        station.document = pdf(home.parent / "letter.pdf", 3, mark)
        station.print()
        station.document.unlink()
        source = Path(canary.__file__).read_text(encoding="utf-8")
        planter = station.as_citizen(sys.executable, "-c", source, mark, stdout=subprocess.PIPE, room=True)
        assert planter.stdout is not None
        assert json.loads(planter.stdout.readline()) == [], "planted everywhere"
        room = _room_of(planter.pid)
        assert room != _room_of(os.getpid()), "the session has a room of its own"
        assert plan_from_within(station, mark) == {"crontab": False, "at": False}
        eyes = Eyes(station, mark, Path(f"/proc/{planter.pid}/root"))
        try:
            with planned(mark):
                # The control: the same eyes find it in every place, and nowhere where we would have put it ourselves.
                for place in eyes.look():
                    station.wait(lambda place=place: eyes.look()[place], f"found in {place}", 40)  # type: ignore[misc]
                found = eyes.look()
                print(f"\nlooked in {len(found)} places: {', '.join(found)}")
                assert len(found) >= 20 and eyes.anywhere_else() == []
                assert station.kiosk("session", "finish").returncode == 0
                station.wait_state("free")
                planter.wait(5)  # not by us: its session ended
            after = Eyes(station, mark, None)
            assert [place for place, there in after.look().items() if there] == []
            assert after.anywhere_else() == [] == after.anybody()
            assert mark not in cups.remembered()
        finally:
            planter.stdout.close()
            planter.kill()
            planter.wait(20)
        assert of_user(eyes.uid) == []
        # The child that wipes lets go of the room last, and nobody waits for that.
        station.wait(lambda: _holders_of(room) == [], "the room goes with the last who holds it")
        _look_from_the_next(station, mark, site)
        _fill(station)
    assert mark not in station.log()
