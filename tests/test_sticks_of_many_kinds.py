"""Sticks as shops sell them: FAT, exFAT and NTFS, by the kernel or by a helper, with the same bounds as any other."""

import os
import time
from pathlib import Path

import pytest

from kiosk.supervisor.sticks import mounting
from tests import stick_stage
from tests.station_processes import slowness
from tests.test_sticks_of_citizens import CANARY, Desk

pytestmark = [pytest.mark.root, pytest.mark.slow]

# scripts/test installs the helpers; FAT has none, and every kernel of Debian knows it.
KINDS = [kind for kind in ("vfat", "exfat", "ntfs") if kind in mounting.HELPERS or stick_stage.known(kind)]


def _helpers(desk: Desk) -> list[int]:
    """Processes that hold a stick of this desk for the kernel."""
    found, mark = [], f"{desk.paths.sticks}/".encode()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = Path(f"/proc/{name}/cmdline").read_bytes()
        except OSError:
            continue
        if mark in words and os.path.basename(words.split(b"\0")[0]).decode() in mounting.HELPERS.values():
            found.append(int(name))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_opened_within_bounds_saved_to_and_made_safe(home: Path, kind: str) -> None:
    desk = Desk(home)
    path = stick_stage.image(home.parent / "stick.img", (0, 0), 24, kind)
    with stick_stage.plugged(path, desk.slots / "a") as device:
        session = desk.begin()
        desk.write("Documents/đơn xin.odt")
        desk.until(lambda: desk.state() == "ready")
        assert desk.told[0]["label"] == f"USB {stick_stage.LABEL}" and desk.told[0]["detail"] == ""
        seen = desk.in_the_room("cat /proc/self/mounts; cd '/media/USB HOA SEN' && cp /bin/true . && ./true")
        assert seen.returncode == 126, f"no program runs from it: {seen}"
        line = next(one for one in seen.stdout.splitlines() if "HOA" in one and " /media" in one)
        assert {"nosuid", "nodev", "noexec"} <= set(line.split()[3].split(",")), line
        desk.sticks.save(session, desk.told[0]["id"])
        desk.until(lambda: desk.state() == "saved")
        # Pulled out now, without a word to anybody, it must all be there: what is said to be saved lies on it.
        kept = home.parent / "pulled.img"
        kept.write_bytes(Path(device).read_bytes())
        desk.sticks.eject(session, desk.told[0]["id"])
        desk.until(lambda: desk.state() == "ejected")
        end = time.monotonic() + 10
        while _helpers(desk):
            assert time.monotonic() < end, "the helper ends with the mount"
            desk.for_a_while(0.1)
        for image in (kept, path):
            again = desk.slots / image.name
            with stick_stage.plugged(image, again):
                desk.until(lambda: any(one["state"] == "ready" for one in desk.told))
                found = desk.in_the_room("cat /media/*/My*/Documents/*.odt").stdout
                assert found == CANARY.decode(), f"{image.name}: {found}"
            desk.until(lambda: all(one["state"] != "ready" for one in desk.told))
        desk.end()


@pytest.mark.parametrize("kind", KINDS)
def test_one_that_is_left_in_goes_with_the_session(home: Path, kind: str) -> None:
    desk = Desk(home)
    with stick_stage.plugged(stick_stage.image(home.parent / "stick.img", (0, 0), 24, kind), desk.slots / "a"):
        desk.begin()
        desk.until(lambda: desk.state() == "ready")
        assert desk.in_the_room("printf kept > '/media/USB HOA SEN/mine'").returncode == 0
        assert desk.has_mounts(), "the control"
        took = desk.end()
        print(f"\nsynced and unmounted in {took * 1000:.0f} ms")
        assert took < 2.5 * slowness() and not desk.has_mounts()
        end = time.monotonic() + 10
        while _helpers(desk):
            assert time.monotonic() < end, "the helper ends with the mount"
            desk.for_a_while(0.1)
        desk.begin()
        desk.for_a_while()
        assert desk.told == []
        desk.end()
