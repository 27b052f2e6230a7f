"""EIO: a disk that gives errors instead of bytes. The station stays covered and serves, says so, and loses no visit.

The disk is a file behind a loop device, below the store alone. Its file lies on a tmpfs that can be filled: then what
is written to the disk is lost with an error. Cut short, it cannot be read any more.
"""

import errno
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.service.panel.day import TROUBLES
from kiosk.supervisor import linux
from tests.fault_support import add_manager, codes, fill, panel_says, visit
from tests.running import LONG, CoverWatch, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.loop, pytest.mark.faults]


@dataclass
class Disk:
    """`image` is the disk's file, `under` the tmpfs it lies on, `store` where the disk is mounted."""

    under: Path
    store: Path

    @property
    def image(self) -> Path:
        return self.under / "disk.img"

    def forget_read(self) -> None:
        """What the kernel has read of the store's files is read anew."""
        for path in self.store.iterdir():
            if path.is_file():
                handle = os.open(path, os.O_RDONLY)
                os.fsync(handle)
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(handle)

    def mend(self, whole: bytes) -> None:
        """The disk gives again what it had; what is nothing but zeros takes no room."""
        with self.image.open("r+b") as file:
            file.truncate(len(whole))
            for at in range(0, len(whole), 4096):
                if any(whole[at : at + 4096]):
                    file.seek(at)
                    file.write(whole[at : at + 4096])


@pytest.fixture
def disk(home: Path) -> Iterator[Disk]:
    made = Disk(home.parent / "under", home / "store")
    made.under.mkdir()
    made.store.mkdir(mode=0o700)
    linux.mount_tmpfs(str(made.under), "size=24m,mode=0700")
    try:
        with made.image.open("wb") as file:
            file.truncate(64 << 20)
        subprocess.run(["/sbin/mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", made.image], check=True, timeout=30)
        subprocess.run(["mount", "-o", "loop", made.image, made.store], check=True, timeout=30)
        yield made
    finally:
        subprocess.run(["umount", "-l", made.store], check=False, timeout=30)
        linux.unmount(str(made.under))


def _readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError as error:
        assert error.errno == errno.EIO
        return False
    return True


@contextmanager
def _nothing_writes(station: RunningStation) -> Iterator[None]:
    """The service is killed, and its supervisor starts the next one only after this."""
    assert station.supervisor is not None
    station.supervisor.send_signal(signal.SIGSTOP)
    for pid in station.living("service"):
        os.kill(pid, signal.SIGKILL)
    station.wait(lambda: all(linux.is_zombie(pid) for pid in station.living("service")), "it is dead", 5)
    try:
        yield
    finally:
        station.supervisor.send_signal(signal.SIGCONT)


def test_a_disk_that_loses_what_is_written_is_told_and_nothing_counted_is_lost(
    home: Path, disk: Disk, xvfb: Callable[..., str]
) -> None:
    ballast = disk.under / "ballast"
    with RunningStation(home, xvfb(), LONG) as station:
        add_manager(station)
        visit(station)
        station.sign_in()
        fill(ballast)
        for _more in range(20):  # until the blocks that the file has already are used up
            station.kiosk("session", "extend", "--minutes", "1")
            if "not_written" in codes(station):
                break
        station.wait(lambda: "not_written" in codes(station), "the bad disk is told", 40)
        assert "not_written" in panel_says(station, TROUBLES["not_written"])
        assert station.status()["state"] == "open", "the session goes on"
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        station.wait(station.covered, "covered", 5)
        ballast.unlink()
        station.wait(lambda: "not_written" not in codes(station), "told no longer", 40)
        visit(station)
    print([line for line in station.log().splitlines() if "not written" in line])
    assert station.rows("SELECT count(*), sum(visit) FROM sessions") == [(3, 3)]
    assert station.rows("PRAGMA quick_check") == [("ok",)]


def test_a_disk_that_cannot_be_read_keeps_the_station_covered_until_it_can(
    home: Path, disk: Disk, xvfb: Callable[..., str]
) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        visit(station)
        token = station.token()
        with CoverWatch(station.display, lambda: token) as watch:
            with _nothing_writes(station):
                subprocess.run(["sync", "-f", disk.store], check=True, timeout=30)
                whole = disk.image.read_bytes()
                os.truncate(disk.image, 0)
                # One write behind a hole, and all before it would be read as zeros, without an error.
                fill(disk.under / "ballast")
                station.wait(lambda: disk.forget_read() or not _readable(station.paths.store), "the control: EIO", 5)
            station.wait(lambda: "disk reported an error" in station.log(), "said why", 15)
            time.sleep(2)
        assert watch.longest_gap() == 0.0
        with _nothing_writes(station):  # a service that starts in between would read what is not mended as zeros
            (disk.under / "ballast").unlink()
            disk.mend(whole)
            disk.forget_read()
        station.wait(lambda: station.status()["supervisor_here"], "it serves again by itself", 20)
        station.wait_state("free")
        station.wait(station.covered, "covered", 5)
        visit(station)
    assert station.rows("SELECT count(*), sum(visit) FROM sessions") == [(2, 2)]
