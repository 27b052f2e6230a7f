"""What an X server was asked to do after its client's end does no harm to the end of a session; controls without us.

Those that fill the server are in test_another_x_server_comes.py: another one takes its place.
"""

import os
import pwd
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xinput

from tests import hostile_beyond
from tests.conftest import servers
from tests.hostile_left import left, settings
from tests.running import CITIZEN, LONG, RunningStation
from tests.station_processes import is_too_long

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SOURCE = Path(hostile_beyond.__file__).read_text(encoding="utf-8")
LIGHT = f"""{LONG}
[programs]
browser = "xterm -e sh -c 'sleep 900'"
"""
HERE = ("takes_the_cover_along", "grabs_each_device", "writes_what_tk_reads", "paints_for_the_next_one")
TK = "import tkinter; t = tkinter.Tk(); c = tkinter.Canvas(t); c.pack(fill='both', expand=True); t.mainloop()"


@contextmanager
def _alone(name: str, mark: str, display: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Without us, until it is killed."""
    command, env = [sys.executable, "-c", SOURCE, name, mark], {**os.environ, "DISPLAY": display}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"up\n"
            yield process
        finally:
            process.kill()


def _until(true: Callable[[], object]) -> None:
    began = time.monotonic()
    while not true():
        assert not is_too_long(time.monotonic() - began, 5.0)
        time.sleep(0.02)


def test_control_a_plain_locker_is_taken_out_of_the_overlay(xvfb: Callable[..., str]) -> None:
    display = Display(name := xvfb())
    above = hostile_beyond.overlay(display)
    locker = above.create_window(0, 0, 500, 500, 0, X.CopyFromParent)
    locker.map()
    display.sync()
    with _alone("takes_the_cover_along", "", name):
        assert locker.query_tree().parent.id == above.id
    _until(lambda: locker.query_tree().parent.id == display.screen().root.id)
    display.close()


def test_control_a_device_is_held(xvfb: Callable[..., str]) -> None:
    display = Display(name := xvfb())
    display.xinput_query_version()

    def grabbed() -> set[int]:
        root, found = display.screen().root, set()
        for device in display.xinput_query_device(xinput.AllDevices).devices:
            asked = (device.deviceid, X.CurrentTime, X.GrabModeAsync, X.GrabModeAsync, False, xinput.KeyPressMask)
            found.add(root.xinput_grab_device(*asked).status)
            display.xinput_ungrab_device(device.deviceid, X.CurrentTime)
        return found

    assert grabbed() == {X.GrabSuccess}
    with _alone("grabs_each_device", "", name):
        assert X.AlreadyGrabbed in grabbed()
    display.close()


def test_control_a_tk_that_starts_later_runs_what_was_written(xvfb: Callable[..., str], tmp_path: Path) -> None:
    keeper = Display(name := xvfb())
    with _alone("writes_what_tk_reads", str(tmp_path / "run"), name):
        pass
    with subprocess.Popen([sys.executable, "-c", TK], env={**os.environ, "DISPLAY": name}) as victim:
        _until(lambda: (tmp_path / "run").exists())
        victim.kill()
    keeper.close()


def test_control_what_was_asked_for_is_painted_when_its_program_is_gone(xvfb: Callable[..., str]) -> None:
    display = Display(name := xvfb())
    with _alone("paints_for_the_next_one", "", name):
        pass
    for _again in range(2):
        display.screen().root.clear_area()
        display.sync()
        _until(lambda: _in_the_corner(display) == hostile_beyond.COLOUR)
    display.close()


@pytest.mark.root
def test_a_session_ends_and_the_next_one_is_clean() -> None:
    with servers() as start, tempfile.TemporaryDirectory(prefix="kiosk-test-") as folder:
        Path(folder).chmod(0o755)
        os.mkdir(f"{folder}/open")
        os.chmod(f"{folder}/open", 0o777)
        with RunningStation(Path(folder, "home"), start(), LIGHT) as station:
            before, uid = settings(station.display), pwd.getpwnam(CITIZEN).pw_uid
            for name in HERE:
                station.sign_in()
                mark = f"{folder}/open/{secrets.token_hex(6)}"
                words = (sys.executable, "-c", SOURCE, name, mark)
                program = station.as_citizen(*words, stdout=subprocess.PIPE, room=True)
                assert program.stdout is not None
                with program.stdout as told:
                    assert told.readline() == b"up\n", name
                if name == "writes_what_tk_reads":
                    _another_bar(station)
                with station.watch() as watch:
                    asked = time.monotonic()
                    assert station.kiosk("session", "finish").returncode == 0
                    station.wait_state("free", 40)
                    station.wait(lambda: len(station.living("lock")) == 1, "the fresh lock alone")
                    station.wait(lambda: not left(station, uid, before), "nothing is left")
                covered = watch.covered_after(asked)
                assert covered is not None, name
                assert watch.longest_gap(asked + covered) == 0.0, name
                assert program.wait(10) == -9
                assert not os.path.exists(mark), f"{name}: code of the citizen's ran as somebody else"
                assert "NOT clean" not in station.log()
                if name == "paints_for_the_next_one":
                    station.sign_in()
                    station.wait(lambda: station.living("bar"), "the bar")
                    time.sleep(1.0)
                    display = Display(station.display)
                    _nothing_is_painted(display)
                    display.close()
                    assert station.kiosk("session", "finish").returncode == 0
                    station.wait_state("free", 40)
            station.sign_in()


def _in_the_corner(display: Display) -> int:
    screen = display.screen()
    inside = hostile_beyond.CORNER // 2
    x, y = screen.width_in_pixels - inside, screen.height_in_pixels - inside
    seen = screen.root.get_image(x, y, 1, 1, X.ZPixmap, 0xFFFFFF).data
    return int.from_bytes(seen[:3], "little")


def _nothing_is_painted(display: Display) -> None:
    """In the next session, without its other windows, where it is painted all the same: behind our ground."""

    def unmap(ground: bool) -> None:
        for one in display.screen().root.query_tree().children:
            if (one.get_wm_name() == "Kiosk-ground") == ground:
                one.unmap()
        display.sync()

    until = time.monotonic() + 2.0
    while time.monotonic() < until:
        unmap(ground=False)
        assert _in_the_corner(display) != hostile_beyond.COLOUR
        time.sleep(0.02)
    unmap(ground=True)
    _until(lambda: _in_the_corner(display) == hostile_beyond.COLOUR)
    _until(lambda: _in_the_corner(display) != hostile_beyond.COLOUR)


def _another_bar(station: RunningStation) -> None:
    """As any client of the display can have it: it is thrown out."""
    old = station.kill("bar")
    station.wait(lambda: station.living("bar") not in ([], [old]), "another bar")
    time.sleep(1.0)
