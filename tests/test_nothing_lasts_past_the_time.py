"""Programs made to outlive their session, or to leave no room for its end: when time is up all are gone."""

import os
import pwd
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.supervisor import cgroup, marked
from tests.citizens_browser import of_user, words_of
from tests.conftest import servers
from tests.lasting import WAYS
from tests.lock_stage import until
from tests.running import CITIZEN, RunningStation
from tests.station_processes import slowness

pytestmark = [pytest.mark.slow, pytest.mark.root]

# Given whole to Python: a session has a /tmp of its own, and a checkout may lie in ours.
LASTING = ("-c", Path(__file__).with_name("lasting.py").read_text(encoding="utf-8"))
SIX_SECONDS = """
[session]
minutes = 0.25
warnings = []
visit_min_seconds = 0
home_mb = 256
"""
COVERED_WITHIN = 2.0


@pytest.fixture(scope="module")
def station() -> Iterator[RunningStation]:
    """One station for all: nothing of one session may be there in the next."""
    with servers() as start, tempfile.TemporaryDirectory(prefix="kiosk-test-") as folder:
        Path(folder).chmod(0o755)
        with RunningStation(Path(folder, "home"), start(), SIX_SECONDS) as running:
            yield running


def _outlives_an_ordinary_end(home: Path, way: str) -> bool:
    """What a shell does when its user leaves: hang up, then end its own process group, then what it can find, once."""
    citizen, mark = pwd.getpwnam(CITIZEN), f"lasting-{secrets.token_hex(6)}"
    group = cgroup.create(home, mark)
    assert group is not None

    def enter() -> None:
        for entry in cgroup.entries(group):
            entry.write_text("0")
        os.setgroups([])
        os.setgid(citizen.pw_gid)
        os.setuid(citizen.pw_uid)

    process = subprocess.Popen([sys.executable, *LASTING, way, mark], cwd="/", process_group=0, preexec_fn=enter)
    try:
        process.wait(20 * slowness())
        until(lambda: not _has_members(process.pid), "what it left behind has hidden itself")
        if way == "restless":
            for pid in marked.owned_by(citizen.pw_uid):
                _end(pid)
        time.sleep(0.2)
        return cgroup.populated(group)
    finally:
        assert cgroup.kill(group)
        cgroup.remove(group)


def _has_members(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("way", sorted(WAYS.keys() - {"bomb"}))
def test_control_an_ordinary_end_does_not_end_them(home: Path, way: str) -> None:
    # The restless one can be hit by chance, on a busy machine above all.
    assert any(_outlives_an_ordinary_end(home, way) for _try in range(5 if way == "restless" else 1))


def _end(pid: int) -> None:
    try:
        os.kill(pid, 9)
    except ProcessLookupError:
        return


@pytest.mark.timeout(120)
@pytest.mark.parametrize("ways", [sorted(WAYS.keys() - {"bomb"}), ["bomb"]], ids="+".join)
def test_time_up_ends_them_all(station: RunningStation, ways: list[str]) -> None:
    mark, uid = f"lasting-{secrets.token_hex(6)}", pwd.getpwnam(CITIZEN).pw_uid
    station.sign_in()
    over = time.monotonic() + station.status()["seconds_left"]
    with station.watch() as watch:
        for way in ways:
            station.as_citizen(sys.executable, *LASTING, way, mark, room=True).wait(10)
        station.wait(lambda: _stand(uid, mark, ways), "they stand", 12)
        assert station.status()["state"] == "open", "in time"
        most = len(of_user(uid))
        station.wait_state("free", 30)
        freed = time.monotonic() - over  # seconds that depend on how busy this machine is
        station.wait(lambda: len(station.living("lock")) == 1, "the fresh lock alone")
        time.sleep(0.3)
    covered = watch.covered_after(over - 1.0)
    assert covered is not None
    print(
        f"\n{'+'.join(ways)}: {most} processes; covered {covered - 1:.2f} s, free {freed:.2f} s after the time was up"
    )
    assert station.status()["end_reason"] == "time_up"
    assert watch.longest_gap(over + COVERED_WITHIN) == 0.0
    assert of_user(uid) == []
    assert [path for place in ("/tmp", "/var/tmp", "/dev/shm") for path in Path(place).glob(f"*{mark}*")] == []
    assert cgroup.leftovers(station.paths.home) == []
    station.begin()
    station.key("Escape")


def _stand(uid: int, mark: str, ways: list[str]) -> bool:
    there = of_user(uid)
    if ways == ["bomb"]:
        return len(there) > 200
    return sum(mark in words_of(pid) for pid in there) >= len(ways)
