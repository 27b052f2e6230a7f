"""A PC that is switched on with a full disk: covered all the same, said why, and serving as soon as there is space."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.supervisor import linux
from tests.fault_support import fill, visit
from tests.running import LONG, CoverWatch, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults]


def test_covered_and_serving_when_there_is_space_again(home: Path, xvfb: Callable[..., str]) -> None:
    linux.mount_tmpfs(str(home), "size=16m,mode=0755")
    ballast, display = home / "ballast", xvfb()
    try:
        with RunningStation(home, display, LONG) as station:
            visit(station)
        fill(ballast)
        known: list[str] = []
        with CoverWatch(display, lambda: known[0] if known else None) as watch:
            station.start()
            station.wait(lambda: station.living("lock"), "the lock")
            time.sleep(4)
            still = time.monotonic()
            assert len(station.living("lock")) == 1 and station.living("supervisor")
            ballast.unlink()
            station.wait(lambda: station.token() is not None, "the service is there", 20)
            known.append(station.token() or "")
            time.sleep(0.2)
        first = next(moment for moment, covered in watch.samples() if covered)
        assert first < still - 2, "covered while the disk was full"
        assert watch.longest_gap(first) == 0.0
        station.wait_state("free")
        visit(station)
        station.stop()
        assert "Traceback" not in station.log(), station.log()[-3000:]
        assert station.rows("SELECT count(*), sum(visit) FROM sessions") == [(2, 2)]
    finally:
        station.stop()
        linux.unmount(str(home))
