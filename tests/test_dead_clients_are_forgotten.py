"""What asked the X server to outlive its program is ended by the sweep, whatever it is called by; else it says so."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from Xlib.display import Display

from kiosk.lockscreen.sweep import leftovers, orphans
from kiosk.supervisor import sweeping
from tests.station_processes import CODE

pytestmark = pytest.mark.slow

# python-xlib calls its first resource by the very name of the client, libX11 does not.
RETAINED = """
import sys
from Xlib import X
from Xlib.display import Display
display = Display()
root = display.screen().root
if sys.argv[1] != "a first window":
    for _name in range(77):
        display.display.allocate_resource_id()
match sys.argv[1]:
    case "a first window" | "a window":
        root.create_window(0, 0, 200, 200, 0, X.CopyFromParent, override_redirect=True).map()
    case "a picture":
        root.create_pixmap(200, 200, 24)
    case "a pen":
        root.create_gc()
    case "nothing that has a name":
        display.composite_query_version()
        root.composite_redirect_subwindows(1)
display.set_close_down_mode(X.RetainPermanent)
display.sync()
"""


def _sweep(role: str, home: Path, display: str) -> int:
    env = {**os.environ, "DISPLAY": display, "KIOSK_HOME": str(home), "PYTHONPATH": CODE}
    command = [sys.executable, "-P", "-m", "kiosk.lockscreen", role]
    return subprocess.run(command, env=env, cwd="/", timeout=60).returncode


def test_dead_clients_are_forgotten(tmp_path: Path, xvfb: Callable[..., str]) -> None:
    name = xvfb()
    (tmp_path / "run" / "screen").mkdir(parents=True)
    keeper = Display(name)
    try:
        assert _sweep("first", tmp_path, name) == 0
        for what in ("a first window", "a window", "a picture", "a pen", "nothing that has a name"):
            env = {**os.environ, "DISPLAY": name}
            subprocess.run([sys.executable, "-c", RETAINED, what], env=env, check=True, timeout=30)
            assert len(orphans.dead(keeper)) == 1, f"the control: {what} stays"
            gone = what != "nothing that has a name"
            assert _sweep("sweep", tmp_path, name) == (0 if gone else leftovers.STUCK), what
            assert len(orphans.dead(keeper)) == (0 if gone else 1), what
    finally:
        keeper.close()


def test_the_supervisor_knows_what_the_sweep_says() -> None:
    assert sweeping.STUCK == leftovers.STUCK
