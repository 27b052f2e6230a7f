"""kill -9 of the X server at random moments of visits, which comes back as its unit brings it back.

Whoever sat there is gone as by a fault, nothing of theirs is left, nothing counted is lost or counted twice, and what
the new server shows first is the cover. KIOSK_TEST_X_KILLS says how many; the seed is printed, KIOSK_TEST_SEED repeats
it.
"""

import os
import pwd
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.errors import KioskError
from kiosk.service import client
from tests.citizens_browser import of_user
from tests.kill_storm import kept
from tests.real_x import Server, quiet_number
from tests.running import ANSWERED, CITIZEN, LAST_KEY, RunningStation
from tests.screen_watch import AWAY, COVER, OTHER, Sample, ScreenWatch, pauses
from tests.station_processes import slowness

KILLS = int(os.environ.get("KIOSK_TEST_X_KILLS", "4"))
SEED = int(os.environ.get("KIOSK_TEST_SEED", random.SystemRandom().randrange(1 << 32)))
pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults, pytest.mark.timeout(120 + KILLS * 30)]

POLICY = "[session]\nminutes = 60\nvisit_min_seconds = 0\n"
# As the unit waits before it starts the server again, and somewhat less and more.
AGAIN = (0.2, 1.0, 1.5)
# From the first look at the new server to the cover on it: seconds. Locks that found none are tried again each second.
COVERED_WITHIN = 3.0


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    cookie = home.parent / "auth"
    monkeypatch.setenv("XAUTHORITY", str(cookie))
    found = Server(f":{quiet_number()}", cookie)
    found.start()
    yield found
    found.kill()


class Visits:
    """Visits during which the screen dies. `stood`: what the station's state was, and what the kill made of it."""

    def __init__(self, station: RunningStation, server: Server, mixed: random.Random) -> None:
        self.station, self.server, self.mixed = station, server, mixed
        self.kept = kept(station.paths.store)
        self.stood: Counter[str] = Counter()

    def once(self, moment: str) -> None:
        """Bring the station there, kill its X server, start another, and see what came of it."""
        getattr(self, moment)()
        state = str(self.station.status()["state"])
        self.server.kill()
        time.sleep(self.mixed.choice(AGAIN))
        self.server.start()
        self.station.wait(self._free, f"START after a kill while {moment}", 20)
        self._nothing_is_left()
        now = kept(self.station.paths.store)
        came, gone = now.rows - self.kept.rows, self.kept.rows - now.rows
        self.kept = now
        assert not gone and now.running is None
        reasons = [row[1] for row in came.elements()]
        wanted = {"locked": [[]], "asking": [[]], "open": [["fault"]], "ending": [["manager"], ["time_up"], ["fault"]]}
        assert reasons in wanted[moment], f"{moment}: {reasons}"
        self.stood[f"{moment} ({state}): {', '.join(reasons) or 'no session'}"] += 1

    def _free(self) -> bool:
        state = self.station.status()
        if state["state"] == "asking" and self.station.covered():
            self.station.key("Escape")  # the questions stand again for whoever was asked them
        one = len(self.station.living("lock")) == 1 and not self.station.living("bar")
        return state["state"] == "free" and one and bool(state["supervisor_here"]) and self.station.covered()

    def _nothing_is_left(self) -> None:
        assert of_user(pwd.getpwnam(CITIZEN).pw_uid) == []
        home = self.station.paths.citizen_home
        assert not home.exists() or list(home.iterdir()) == []

    # -- where it is killed

    def locked(self) -> None:
        """Nobody is there."""
        time.sleep(self.mixed.uniform(0.0, 0.2))

    def asking(self) -> None:
        """Somebody reads the first questions."""
        self.station.begin()
        self.station.key(*ANSWERED[: self.mixed.randint(0, 2)])

    def open(self) -> None:
        """Somebody is at work, or has only just been let in; at times with a file of theirs."""
        if self.mixed.random() < 0.3:
            self.station.begin()
            self.station.key(*ANSWERED, LAST_KEY)
        else:
            self._order("start")
        self.station.wait_state("open")
        if self.mixed.random() < 0.7:
            self.station.wait(lambda: not self.station.covered(), "the desktop")
            (self.station.paths.citizen_home / "letter").write_text("x", encoding="utf-8")
        time.sleep(self.mixed.uniform(0.0, 0.3))

    def ending(self) -> None:
        """A session is being covered, killed and wiped."""
        self._order("start")
        self.station.wait_open()
        if not self._order("finish"):
            raise AssertionError("not ended")
        time.sleep(self.mixed.uniform(0.0, 0.12))

    def _order(self, action: str) -> bool:
        try:
            client.ask(self.station.paths, "session", timeout=20.0, action=action)
        except (KioskError, OSError):
            return False
        return True


def test_the_cover_is_the_first_thing_that_a_new_server_shows(home: Path, server: Server) -> None:
    print(f"\nseed {SEED}, {KILLS} kills of the X server")
    with RunningStation(home, server.name, POLICY) as station, ScreenWatch(server.name, home.parent / "seen") as watch:
        mixed = random.Random(SEED)
        visits = Visits(station, server, mixed)
        moments = [("open", "ending", "asking", "locked")[turn % 4] for turn in range(KILLS)]
        for moment in mixed.sample(moments, len(moments)):
            visits.once(moment)
        station.sign_in()
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
    print(f"killed {visits.stood.total()}: {dict(visits.stood)}")
    assert visits.stood.total() == KILLS
    _first_seen(watch.samples, KILLS)
    rows = visits.kept.rows.total()
    ((stored,),) = station.rows("SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM undated_sessions)")
    assert stored == rows + 1 and station.rows("SELECT count(*) FROM live") == [(0,)]


def _first_seen(samples: list[Sample], kills: int) -> None:
    """Nothing but dark ground stands on a new server before its first cover, and that comes soon."""
    middle, _most = pauses(samples)
    pairs = list(enumerate(zip(samples, samples[1:], strict=False)))
    begins = [at + 1 for at, (last, one) in pairs if last[1] == AWAY and one[1] != AWAY]
    took = []
    for begin in begins:
        seen = next(one for one in samples[begin:] if one[1] in (COVER, OTHER, AWAY))
        assert seen[1] != OTHER, f"something stood there before the cover, {seen[0]:.3f}"
        if seen[1] == COVER:
            took.append(seen[0] - samples[begin][0])
    took.sort()
    print(
        f"looked each {middle * 1000:.1f} ms; {len(took)} new servers were seen, and covered "
        f"{took[len(took) // 2] * 1000:.0f} ms later in the middle, {took[-1] * 1000:.0f} ms at most"
    )
    assert len(took) == kills and took[-1] <= COVERED_WITHIN * slowness()
