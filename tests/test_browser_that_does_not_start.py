"""Where the browser cannot start the session opens at once all the same, and the citizen is told instead of waiting."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.service import client
from kiosk.service.opening import LONGEST_WAIT
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]


@pytest.mark.parametrize("browser", ["/no/such/browser", "/bin/false"], ids=["missing", "crashing"])
def test_the_desktop_comes_early_and_says_so(home: Path, xvfb: Callable[..., str], browser: str) -> None:
    with RunningStation(home, xvfb(), LONG + f'[programs]\nbrowser = "{browser}"\n') as station:
        client.ask(station.paths, "session", action="start", who="staff", timeout=5.0)
        station.wait(lambda: station.run_file()["session"], "the programs are started")
        begun = time.monotonic()
        station.wait_open()
        took = time.monotonic() - begun
        print(f"\nopen after {took:.1f} s")
        assert took < LONGEST_WAIT - 3
        assert station.status()["browser"] is False
        codes = {one["code"] for one in station.status()["troubles"]}
        assert codes & {"browser_not_started", "browser_keeps_ending"}, "staff are told too"
