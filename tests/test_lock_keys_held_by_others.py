"""A program that holds keyboard, pointer or X server keeps no screen from being covered, nor the keys any longer."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.lock_stage import Stage, until
from tests.test_lock_under_keyboards import ENTER, RICE, begins, press

pytestmark = pytest.mark.slow

HOLDER = """
import sys, time
from Xlib import X
from Xlib.display import Display
d = Display(); s = d.screen()
w = s.root.create_window(0, 0, s.width_in_pixels, s.height_in_pixels, 0, s.root_depth, background_pixel=0xFF00FF,
                         override_redirect=True)
w.map(); d.sync()
if "keyboard" in sys.argv:
    w.grab_keyboard(False, X.GrabModeSync, X.GrabModeSync, X.CurrentTime)
if "pointer" in sys.argv:
    w.grab_pointer(False, 0, X.GrabModeSync, X.GrabModeSync, X.NONE, X.NONE, X.CurrentTime)
if "passive" in sys.argv:
    s.root.grab_key(X.AnyKey, X.AnyModifier, False, X.GrabModeSync, X.GrabModeSync)
    s.root.grab_button(X.AnyButton, X.AnyModifier, False, 0, X.GrabModeSync, X.GrabModeSync, X.NONE, X.NONE)
d.sync()
print("up", flush=True)
if "server" in sys.argv:
    time.sleep(2)
    d.grab_server(); d.sync()
    time.sleep(3)
    d.ungrab_server(); d.sync()
time.sleep(600)
"""


@pytest.mark.parametrize("what", ["keyboard", "pointer", "keyboard pointer", "passive", "server"])
def test_covered_while_another_holds_the_keys_and_heard_when_it_is_gone(
    xvfb: Callable[..., str], tmp_path_factory: pytest.TempPathFactory, what: str
) -> None:
    stage = Stage(xvfb("1366x768"), tmp_path_factory.mktemp("held"))
    try:
        env = {**os.environ, "DISPLAY": stage.display}
        holder = subprocess.Popen([sys.executable, "-c", HOLDER, *what.split()], env=env, stdout=subprocess.PIPE)
        stage.processes.append(holder)
        assert holder.stdout is not None and holder.stdout.readline() == b"up\n"
        holder.stdout.close()
        assert stage.pixel(683, 384) == 0xFF00FF, "control: it is in front"
        stage.start("lock")
        token = stage.service.wait("covered", 20)["marker"]
        until(lambda: stage.covered(token), "covered all the same", 12)
        if what in ("passive", "server"):
            until(lambda: stage.pixel(1021, 200) == RICE, "START drawn", 12)
        else:
            time.sleep(1)
            press(stage, ENTER)
            heard = [message["verb"] for message in stage.service.all_heard(0.1)]
            assert "begin" not in heard, "control: the keys are another's, or nobody's"
            assert stage.covered(token)
            holder.kill()
            holder.wait()
        begun = time.monotonic()
        until(lambda: begins(stage), "START is heard", 4)
        print(f"\n{what}: heard {time.monotonic() - begun:.2f} s after it let go")
        assert stage.covered(token)
    finally:
        stage.close()
