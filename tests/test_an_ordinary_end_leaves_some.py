"""What time-up must end, a shell that ends its own leaves alive: the controls of programs made to outlive a session."""

import os
import pwd
import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kiosk.supervisor import cgroup, marked
from kiosk.supervisor.limits import Limits
from tests.lasting import WAYS
from tests.lock_stage import until
from tests.running import CITIZEN
from tests.station_processes import slowness

pytestmark = [pytest.mark.slow, pytest.mark.root]

# Given whole to Python: a session has a /tmp of its own, and a checkout may lie in ours.
LASTING = ("-c", Path(__file__).with_name("lasting.py").read_text(encoding="utf-8"))


def _outlives_an_ordinary_end(home: Path, way: str) -> bool:
    """What a shell does when its user leaves: hang up, then end its own process group, then what it can find, once."""
    citizen, mark = pwd.getpwnam(CITIZEN), f"lasting-{secrets.token_hex(6)}"
    group = cgroup.create(home, mark, Limits())
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
