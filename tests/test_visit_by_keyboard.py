"""The whole main job, by keyboard: a citizen signs in, works, is warned, extends, is locked out, and is counted."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import CoverWatch, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]


def test_a_visit_from_start_to_the_bundle(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb()) as station:
        assert station.covered()
        station.sign_in()
        station.wait(lambda: len(station.pids("bar")) == 1, "the time bar")
        station.wait(lambda: station.status()["warning"] is not None, "the first warning", 40)
        granted = station.status()["granted"]
        assert station.kiosk("session", "extend", "--minutes", "0.2").returncode == 0
        assert station.status()["granted"] > granted
        with CoverWatch(station) as watch:
            station.wait_state("free", 90)
        assert watch.samples()[-1][1], "covered at the end"
        assert station.status()["visits_today"] == 1
        made = json.loads(station.kiosk("export", "run", "--day", _today(station), "--json").stdout)
        lines = gzip.decompress((station.paths.outbox / made[-1]["file"]).read_bytes()).splitlines()
        assert json.loads(lines[0])["site"] == "TH-012"


def _today(station: RunningStation) -> str:
    from kiosk.clock import Clock

    return Clock().read().day
