"""A lock that gets no more memory ends, instead of going on by half: the supervisor starts one that covers anew."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lock_stage import Stage, until
from tests.station_processes import CODE

pytestmark = pytest.mark.slow

PAGES: tuple[dict[str, Any], ...] = ({"state": "asking"}, {"lang": "en"}, {"state": "free"}, {"lang": "vi"})
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


# Fontconfig without memory writes down that there are no fonts: as root not where the whole machine reads it.
FONTS = "<fontconfig><cachedir>{}</cachedir><include>/etc/fonts/fonts.conf</include></fontconfig>"


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    (tmp_path / "fonts.conf").write_text(FONTS.format(tmp_path / "cache"))
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    stage = Stage(xvfb("1366x768"), home)
    yield stage
    stage.close()


@pytest.mark.parametrize("limited", [False, True])
def test_where_no_more_is_to_be_had_it_ends(stage: Stage, limited: bool) -> None:
    lock = stage.start("lock")
    token = stage.service.wait("covered")["marker"]
    until(lambda: stage.covered(token), "covered")
    if limited:
        used = int(Path(f"/proc/{lock.pid}/statm").read_text().split()[0]) * resource.getpagesize()
        resource.prlimit(lock.pid, resource.RLIMIT_AS, (used, used))
    # Longer each time, in other letters: something is wanted that it does not have yet.
    for number in range(1, 30):
        stage.service.put(**PAGES[number % len(PAGES)], site=f"{number} Đồng Lúa " * 60 * number)
        time.sleep(0.1)
        if lock.poll() is not None:
            break
    if limited:
        assert lock.wait(10) != 0
    else:
        assert lock.poll() is None and stage.covered(token), "the control: with memory it draws page after page"


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
