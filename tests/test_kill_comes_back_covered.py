"""kill -9 of each process, again and again: the cover returns, the session goes on, nothing counted is lost."""

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running import LONG, RunningStation
from tests.watching import CoverWatch

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(400)]

TIMES = 20
ROLES = ("lock", "service", "supervisor")


def _order(roles: tuple[str, ...]) -> list[str]:
    """Each role TIMES times, mixed: never the same one so fast that it counts as a program that cannot start."""
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"\nseed {seed}: {TIMES} times each of {', '.join(roles)}")
    mixed = random.Random(seed)
    return [role for _round in range(TIMES) for role in mixed.sample(roles, len(roles))]


def _kill(station: RunningStation, role: str) -> None:
    killed = station.kill(role)
    if role == "supervisor":
        station.start()  # as systemd does
    station.wait(lambda: [pid for pid in station.living(role) if pid != killed], f"another {role}")


def _whole(station: RunningStation, roles: tuple[str, ...]) -> bool:
    """One of each kind, and the supervisor's link to the service stands."""
    return all(len(station.living(role)) == 1 for role in roles) and station.status()["supervisor_here"]


def _tell(gaps: dict[str, list[float]]) -> None:
    for role, found in gaps.items():
        found.sort()
        print(f"{role}: {len(found)} times, median {found[len(found) // 2]:.3f} s, longest {found[-1]:.3f} s")


def test_while_locked_the_cover_returns_each_time(home: Path, xvfb: Callable[..., str]) -> None:
    gaps: dict[str, list[float]] = {role: [] for role in ROLES}
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        for role in _order(ROLES):
            with station.watch() as watch:
                _kill(station, role)
                station.wait(station.covered, f"the cover after the end of the {role}", 5)
                station.wait(lambda: _whole(station, ROLES), f"all three after the end of the {role}", 10)
            gaps[role].append(watch.longest_gap())
            assert watch.samples()[-1][1]
            assert station.status()["state"] == "free"
        station.begin()
        assert station.living("bar") == []
    _tell(gaps)
    assert max(max(found) for found in gaps.values()) <= 2.0
    # Without the service nobody tells a lock to open, and a lock does not ask the supervisor.
    assert max(gaps["service"] + gaps["supervisor"]) == 0.0
    assert station.rows("SELECT count(*), sum(visit) FROM sessions") == [(1, 1)]


def test_while_open_the_same_session_goes_on(home: Path, xvfb: Callable[..., str]) -> None:
    roles = (*ROLES, "bar")
    covers: dict[str, list[float]] = {role: [] for role in roles}
    lost: list[float] = []
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        station.wait(lambda: _whole(station, roles), "the session with its bar")
        session, browser = station.status()["session"], station.pids("browser")[-1]
        began, charged = time.monotonic(), _charged(station)
        for role in _order(roles):
            with station.watch() as watch:
                stale, killed = station.token() if role == "lock" else None, time.monotonic()
                _kill(station, role)
                station.wait(lambda: _whole(station, roles), f"all four after the end of the {role}", 10)
                station.wait(lambda: _desktop(station, stale), f"the desktop after the end of the {role}", 10)  # noqa: B023
            covers[role].append(_first_cover(watch, killed, role))
            state = station.status()
            assert (state["state"], state["session"]) == ("open", session)
            assert station.pids("browser") == [browser] and Path(f"/proc/{browser}/fd").is_dir()
            lost.append(time.monotonic() - began - (_charged(station) - charged))
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        station.wait(lambda: Counter(len(station.living(role)) for role in ROLES) == {1: 3}, "one of each")
        assert station.living("bar") == []
    _tell({role: covers[role] for role in ("service",)})
    print(f"minutes: at most {max(lost):.1f} s not charged, at most {-min(lost):.1f} s too much")
    assert max(covers["service"]) <= 2.0
    assert max(lost) <= 10.0 and min(lost) >= -2.0
    rows = station.rows("SELECT visit, reason FROM sessions")
    assert rows == [(1, "manager")]


def _desktop(station: RunningStation, stale: str | None) -> bool:
    """The lock has told the service its marker (a new lock a new one), and that marker is not on the screen."""
    return station.token() not in (None, stale) and not station.covered()


def _charged(station: RunningStation) -> float:
    state = station.status()
    return float(state["granted"] - state["seconds_left"])


def _first_cover(watch: CoverWatch, killed: float, role: str) -> float:
    """Seconds until the cover came; only a dead service must bring one."""
    found = watch.covered_after(killed)
    if role == "service":
        assert found is not None, "covered until the service is back"
    return found or 0.0
