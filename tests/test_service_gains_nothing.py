"""The process that speaks to networks can never gain a privilege: not by any setuid program on the PC."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.station_processes import StationProcesses

pytestmark = [pytest.mark.slow, pytest.mark.root]


@pytest.fixture
def station(home: Path, xvfb: Callable[..., str]) -> Iterator[StationProcesses]:
    """A station that runs."""
    running = StationProcesses(home, xvfb())
    running.start()
    yield running
    running.stop()


def test_the_service_runs_shut_and_the_supervisor_does_not(station: StationProcesses) -> None:
    station.wait(lambda: station.living("service"), "the service runs")
    [service], [lock] = station.living("service"), station.living("lock")
    station.wait(lambda: b"kiosk.service" in Path(f"/proc/{service}/cmdline").read_bytes(), "it is the service by now")
    shut = {pid: "NoNewPrivs:\t1" in Path(f"/proc/{pid}/status").read_text() for pid in (service, lock)}
    assert shut == {service: True, lock: False}, "the control: nobody else was asked to"
    assert b"setpriv" not in Path(f"/proc/{service}/cmdline").read_bytes()
