"""A lock that gets no more memory ends, instead of going on by half: the supervisor starts one that covers anew."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lock_stage import Stage, until
from tests.station_processes import CODE

pytestmark = pytest.mark.slow

PAGES = ({"state": "asking"}, {"state": "free"})
RAISES = """
import sys
from kiosk.lockscreen.app import start_tk
from kiosk.lockscreen.x11 import X11
def fails():
    raise {"memory": MemoryError, "other": ValueError}[sys.argv[1]]
tk = start_tk("Kiosk-lock", X11())
tk.after(1, fails)
tk.after(300, tk.destroy)
tk.mainloop()
print("went on")
"""


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    yield stage
    stage.close()


def test_where_no_more_is_to_be_had_it_ends(stage: Stage) -> None:
    lock = stage.start("lock")
    token = stage.service.wait("covered")["marker"]
    until(lambda: stage.covered(token), "covered")
    changes = [0]

    def changes_and_lives() -> bool:
        changes[0] += 1
        stage.service.put(**PAGES[changes[0] % 2])
        return changes[0] >= 40 and lock.poll() is None

    until(changes_and_lives, "the control: with memory it draws page after page")
    used = int(Path(f"/proc/{lock.pid}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(lock.pid, resource.RLIMIT_AS, (used, used))
    until(lambda: not changes_and_lives(), "it has ended")
    assert lock.wait(10) != 0


def test_an_action_of_tk_that_finds_none_is_not_passed_over(xvfb: Callable[..., str]) -> None:
    env = {**os.environ, "DISPLAY": xvfb(), "PYTHONPATH": CODE}
    found = {
        kind: subprocess.run(
            [sys.executable, "-c", RAISES, kind], env=env, cwd="/", capture_output=True, text=True, timeout=60
        )
        for kind in ("other", "memory")
    }
    assert (found["other"].returncode, found["other"].stdout) == (0, "went on\n"), "the control"
    assert (found["memory"].returncode, found["memory"].stdout) == (1, "")
    assert "MemoryError" in found["memory"].stderr
