"""A wipe that really fails: a file that nobody can remove, a folder that never answers. Nobody gets past it.

Whoever is restarted, the PC opens only when the cause is gone: by itself, by Repaired on the panel, or by a restart.
"""

import json
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.errors import KioskError
from kiosk.rules.left_words import left_words
from kiosk.service import client
from kiosk.supervisor import leftovers, linux
from tests.fault_support import add_manager, panel, repaired
from tests.fuse_disk import fuse_disk
from tests.running import CITIZEN, LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.loop, pytest.mark.fuse]

UID = pwd.getpwnam(CITIZEN).pw_uid if os.geteuid() == 0 else -1
PLACE = Path(f"/run/user/{UID}")  # swept for this citizen alone: other stations' ends do not meet what lies here


@contextmanager
def _place(image: Path) -> Iterator[None]:
    """The citizen's run directory on a file system that knows files which cannot be changed."""
    with image.open("wb") as file:
        file.truncate(8 << 20)
    subprocess.run(["/sbin/mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", image], check=True, timeout=30)
    PLACE.mkdir(parents=True)
    try:
        subprocess.run(["mount", "-o", "loop", image, PLACE], check=True, timeout=30)
        PLACE.chmod(0o700)
        yield
    finally:
        while linux.unmount(str(PLACE)):
            pass
        PLACE.rmdir()


def _plant() -> Path:
    kept = PLACE / "letter"
    kept.write_text("of the last citizen")
    os.chown(kept, UID, -1)
    return kept


def _immutable(path: Path, yes: bool) -> None:
    subprocess.run(["chattr", "+i" if yes else "-i", path], check=True, timeout=10)


def _order(station: RunningStation, action: str) -> None:
    client.ask(station.paths, "session", action=action, who="Lan")


def _is_shut(station: RunningStation, left: str) -> None:
    """Out of order with its reason, covered, and neither citizen nor staff can begin."""
    station.wait_state("out_of_order", 40)
    station.wait(station.covered, "the lock covers")
    assert station.status()["reason"] == left_words(left)
    station.key("Return")
    with pytest.raises(KioskError):
        _order(station, "start")
    assert station.status()["state"] == "out_of_order"


def _kill(station: RunningStation, *roles: str) -> None:
    """By SIGKILL, and those that systemd would start are started again."""
    pids = [pid for role in roles for pid in station.living(role)]
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    if "supervisor" in roles:
        assert station.supervisor is not None
        station.supervisor.wait(10)
        station.start()
    station.wait(lambda: all(set(station.living(one)) - set(pids) for one in roles), f"{roles} are back", 40)
    station.wait(lambda: station.status()["supervisor_here"], "both speak again", 40)


def test_a_file_that_nobody_can_remove(home: Path, xvfb: Callable[..., str]) -> None:
    left = f"files {PLACE}"
    with _place(home.parent / "image"), RunningStation(home, xvfb(), LONG) as station:
        plain = _plant()
        station.sign_in()
        _order(station, "finish")
        station.wait_state("free")
        assert not plain.exists(), "the control: what can be removed there is, and the next may begin"
        station.sign_in()
        kept = _plant()
        _immutable(kept, True)
        _order(station, "finish")
        _is_shut(station, left)
        for roles in (("service",), ("supervisor",), ("service", "supervisor")):
            _kill(station, *roles)
            _is_shut(station, left)
        add_manager(station)
        assert left_words(left).in_language("vi") in panel(station)
        checked = {one["name"]: one for one in json.loads(station.kiosk("check", "--json").stdout)}
        assert checked["pc"]["message"] == left_words(left)
        marker = station.status()["marker"]
        repaired(station)
        station.wait(lambda: station.status()["marker"] != marker, "Repaired ends it once more, with a fresh lock", 40)
        _is_shut(station, left)
        # The PC starts anew: nothing but the disk remembers anything.
        station.stop()
        station.start()
        _is_shut(station, left)
        assert kept.exists()
        # The technician's way back: away with the cause, and Repaired.
        _immutable(kept, False)
        repaired(station)
        station.wait_state("free", 40)
        assert not kept.exists() and station.status()["reason"] is None
        # Or a restart alone.
        station.sign_in()
        _immutable(_plant(), True)
        _order(station, "finish")
        _is_shut(station, left)
        _immutable(kept, False)
        _kill(station, "supervisor")
        station.wait_state("free", 40)
        assert not kept.exists()
        station.sign_in()


def test_a_folder_that_never_answers_and_later_does(home: Path, xvfb: Callable[..., str]) -> None:
    with _place(home.parent / "image"), RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        with fuse_disk(PLACE / "hangs") as disk:
            os.kill(disk.process.pid, signal.SIGSTOP)
            try:
                begun = time.monotonic()
                _order(station, "finish")
                _is_shut(station, "hangs")
                assert time.monotonic() - begun >= leftovers.WIPE_WITHIN, "the control: it did hang"
                station.stop()
                said = len(station.log())
                station.start()
                station.wait(lambda: station.living("lock"), "a lock covers before anything is wiped", 40)
                # The supervisor waits for nothing in its loop: a lock that ends meanwhile is there again.
                first = station.living("lock")
                os.kill(first[0], signal.SIGKILL)
                station.wait(lambda: set(station.living("lock")) - set(first), "another one", 40)
                assert "wipe takes too long" not in station.log()[said:], "the control: it hangs still"
                _is_shut(station, "hangs")
            finally:
                os.kill(disk.process.pid, signal.SIGCONT)
            # Nobody presses anything.
            station.wait_state("free", 60)
        station.sign_in()
