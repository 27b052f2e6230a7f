"""A whole station read aloud: from the space bar at START to the warnings of the bar, as the user of the screens."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ear import Ear, loudness
from tests.running import RunningStation
from tests.visits import POLICY

pytestmark = [pytest.mark.slow, pytest.mark.root]


def test_a_session_that_was_begun_by_ear_is_warned_by_ear(home: Path, xvfb: Callable[..., str]) -> None:
    ear = Ear(home.parent / "ear", speed=20)
    ear.folder.chmod(0o777)
    program = home.parent / "ear.py"  # where the user of the screens can read it
    program.write_bytes(Path(sys.modules[Ear.__module__].__file__ or "").read_bytes())
    whole = RunningStation(home, xvfb(), POLICY)
    whole.env["KIOSK_PLAYER"] = f"/usr/bin/python3 {program} {ear.folder} 20"
    with whole as station:
        station.wait_state("free")
        time.sleep(1)
        assert ear.sounds() == [], "control: nobody asked"
        station.key("space")
        station.wait(lambda: len(ear.sounds()) == 1, "START is read")
        station.sign_in()
        assert station.status()["prefs"]["voice"] is True
        read = len(ear.sounds())
        assert read >= 4, "START and each question"
        station.wait(lambda: station.status()["warning"] is not None, "a warning")
        station.wait(lambda: len(ear.sounds()) > read, "the warning is heard")
        station.wait_state("free", 40)
        station.wait(lambda: min(map(loudness, ear.sounds())) > 100, "all of it can be heard")
        station.wait(lambda: station.status()["end_reason"] is None, "the goodbye is over")
        assert station.status()["prefs"]["voice"] is False, "the next citizen begins without"
    assert not ear.heard_two()
