"""What the tests of joining share: a station's folder, what officers type, the states of a place's keys."""

import subprocess
import sys
from pathlib import Path

from kiosk.export.joining import Here
from kiosk.settings import Paths
from tests.collector_stage import ROOT, Collector


def state_of(province: Collector, site: str, station: str) -> list[str]:
    """The states of all keys that a place has had, in the order of the alphabet."""
    return sorted(key["state"] for key in province.order("station show", site=site, station=station)["keys"])


def station_home(path: Path) -> Paths:
    paths = Paths(path)
    paths.enrolment.mkdir(parents=True)
    return paths


HERE = Here("here", "01", True, "2026-11-20T00:00:00+00:00")


def kiosk(*words: str, lang: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    env = {"PATH": "/usr/bin:/bin", "LANG": lang, "PYTHONPATH": str(ROOT), "SUDO_USER": "lan"}
    return subprocess.run(
        [sys.executable, "-P", "-m", "kiosk", "province", *words], env=env, capture_output=True, text=True, timeout=60
    )
