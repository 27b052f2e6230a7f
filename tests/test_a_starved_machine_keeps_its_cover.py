"""A machine without memory, as a small control group around a whole station: who goes, and who stays."""

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.supervisor import cgroup
from kiosk.supervisor.limits import Limits
from kiosk.supervisor.processes import FIRST_TO_GO, LAST_TO_GO
from tests.citizens_browser import of_user, words_of
from tests.conftest import servers
from tests.running import CITIZEN, LONG, RunningStation
from tests.test_programs_run_in_a_session import touch

pytestmark = [pytest.mark.root, pytest.mark.slow]

MEMORY_MB = 800
ROLES = ("supervisor", "service", "lock", "bar")
# Many small programs: each is less than any of ours, and what the kernel takes first is the largest. One is made anew
# for each that is taken. The one that makes them is as large, and so as likely to go, and is two.
SMALL = """
import os, sys, time
os.fork()
while True:
    if os.fork() == 0:
        held = [os.urandom(1 << 16) * 64 for _ in range(3)]
        time.sleep(600)
    time.sleep(0.002)
"""
LARGE = (
    "import os, time; held = [os.urandom(1 << 16) * 128 for _ in range(12)]; print('here', flush=True); time.sleep(600)"
)


@contextmanager
def _starved() -> Iterator[tuple[list[Path], str]]:
    """A group for whole machines of MEMORY_MB, in each hierarchy; and a shell's words for getting into it, to whom it

    is all that there is: the groups that a station makes lie in it.
    """
    limits = Limits(20_000, MEMORY_MB)
    group = cgroup.create(Path("/starved"), os.urandom(4).hex(), limits)
    assert group is not None and "memory" in cgroup.counts(group, limits)
    folders = [entry.parent for entry in cgroup.entries(group)]
    for folder in folders:
        (folder / "inner").mkdir()
    words = "".join(f"echo $$ > {folder}/inner/cgroup.procs && " for folder in folders)
    words += "".join(f"mount --bind {folder} {folder.parent} && " for folder in folders)
    try:
        yield folders, words
    finally:
        cgroup.kill(group)
        for folder in folders:
            for inner in (*folder.glob("kiosk-*"), folder / "inner"):
                inner.rmdir()
        cgroup.remove(group)


def _killed_for_memory(folders: list[Path]) -> int:
    """How many the kernel has ended there so far, also those further in."""
    found = 0
    for folder in folders:
        for name in ("memory.events", "memory.oom_control"):
            for path in folder.rglob(name):
                lines = path.read_text(encoding="ascii").splitlines()
                counted = [int(line.split()[1]) for line in lines if line.startswith("oom_kill ")]
                # v2 counts what is further in by itself.
                found += sum(counted) if name == "memory.oom_control" or path.parent == folder else 0
    return found


def test_control_the_largest_goes_whoever_it_is() -> None:
    with _starved() as (folders, words):
        start = ["unshare", "--mount", "sh", "-c", words + 'exec "$@"', "sh"]
        ours = subprocess.Popen([*start, sys.executable, "-c", LARGE], stdout=subprocess.PIPE)
        assert ours.stdout is not None and ours.stdout.readline() == b"here\n"
        theirs = subprocess.Popen(
            [*start, "setpriv", "--reuid", CITIZEN, "--clear-groups", sys.executable, "-c", SMALL]
        )
        try:
            assert ours.wait(60) == -signal.SIGKILL
            assert _killed_for_memory(folders) > 0
        finally:
            ours.kill()
            theirs.kill()
            ours.stdout.close()
            ours.wait()
            theirs.wait()


def test_a_hungry_session_loses_its_own_and_the_cover_returns() -> None:
    with _starved() as (folders, words), servers() as start, tempfile.TemporaryDirectory(prefix="kiosk-test-") as name:
        Path(name).chmod(0o755)
        home = Path(name, "home")
        small = home / "small.py"
        program = f'[[program]]\nname = {{ vi = "Nhỏ", en = "Small" }}\ncommand = "{sys.executable} {small}"\n'
        station = RunningStation(home, start(), LONG + program)
        small.write_text(SMALL, encoding="utf-8")
        small.chmod(0o644)
        station.within = ["unshare", "--mount", "sh", "-c", words + 'exec "$@"', "sh"]
        with station:
            station.sign_in()
            before = {role: station.living(role) for role in ROLES}
            assert all(before.values())
            touch(station, 0)
            station.wait(lambda: _killed_for_memory(folders) > 10, "memory ran out, again and again", 60)
            assert {role: station.living(role) for role in ROLES} == before
            _scores(before, small)
            # In the middle of it the time is up.
            begun = time.monotonic()
            station.kiosk("session", "finish")
            station.wait(station.covered, "the cover is back", 20)
            print(f"\ncovered {time.monotonic() - begun:.1f} s after, {_killed_for_memory(folders)} ended for memory")
            station.wait_state("free", 30)
            assert {role: station.living(role) for role in ("supervisor", "service")} == {
                role: before[role] for role in ("supervisor", "service")
            }
            station.sign_in()
        assert station.rows("SELECT reason FROM sessions")[0] == ("manager",)


def _scores(ours: dict[str, list[int]], program: Path) -> None:
    """Ours go last, where whoever starts a station may say so (CAP_SYS_RESOURCE); a citizen's first in any case."""
    may = int(Path("/proc/self/status").read_text().split("CapEff:\t")[1].split()[0], 16) >> 24 & 1
    wanted = LAST_TO_GO if may else int(Path("/proc/self/oom_score_adj").read_text())
    assert {_score(pid) for pids in ours.values() for pid in pids} == {wanted}
    theirs = [pid for pid in of_user(pwd.getpwnam(CITIZEN).pw_uid) if str(program) in _words(pid)]
    assert theirs and min(map(_score, theirs)) == FIRST_TO_GO


def _words(pid: int) -> str:
    try:
        return words_of(pid)
    except OSError:
        return ""  # it has ended meanwhile


def _score(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/oom_score_adj").read_text())
    except OSError:
        return FIRST_TO_GO
