"""Started by an ordinary user, on a desktop with a compositor: what is theirs lives on and stays as it was."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lock_stage import ENDING, OPEN, Stage, until

pytestmark = pytest.mark.slow

# What GNOME's, KDE's and others have in common: the selection, and a window in the overlay that shows all the others.
COMPOSITOR = """
import time
from Xlib import X, display
d = display.Display(); s = d.screen()
w = s.root.create_window(0, 0, s.width_in_pixels, s.height_in_pixels, 0, s.root_depth, override_redirect=True)
w.set_selection_owner(d.intern_atom("_NET_WM_CM_S0"), X.CurrentTime)
d.composite_query_version()
w.reparent(s.root.composite_get_overlay_window().overlay_window, 0, 0)
w.map(); d.sync(); print("up", flush=True)
while True:
    d.next_event()
"""


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    yield stage
    stage.close()


@pytest.mark.parametrize("own", [False, True])
def test_a_compositor_lives_through_a_session(stage: Stage, own: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if own:
        monkeypatch.setenv("KIOSK_OWN_DESKTOP", "1")
    stage.service.put(**OPEN)
    env = {**os.environ, "DISPLAY": stage.display}
    theirs = subprocess.Popen([sys.executable, "-c", COMPOSITOR], env=env, stdout=subprocess.PIPE)
    stage.processes.append(theirs)
    assert theirs.stdout is not None
    with theirs.stdout as told:
        assert told.readline() == b"up\n"
    lock = stage.start("lock")
    stage.service.wait("uncovered")
    overlay = stage.root.composite_get_overlay_window().overlay_window
    found = len(overlay.query_tree().children)
    stage.service.put(**ENDING)
    stage.service.wait("covered")
    if own:
        assert found == 1 and theirs.poll() is None, "none of ours beside it"
    else:
        assert found == 2, "the control: a lock of a public PC stands there too, alone"
        until(lambda: theirs.poll() is not None, "and throws out whoever waited there")
    assert lock.poll() is None
