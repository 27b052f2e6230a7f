"""Every combination of the table, pressed at a locked station on whose display a hostile client listens for each.

That client outlives the citizens: it runs past all their bounds, before the station and after it. What it hears then is
the control: each combination, by openbox bound to every one, by grabs at the root window, by a window with the focus.
"""

import os
import pwd
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from Xlib import X
from Xlib.display import Display

from tests.citizens_browser import of_user
from tests.key_listeners import Hands, openbox_rc
from tests.key_table import NOTHING, OURS, TABLE, Combination
from tests.running import CITIZEN, LONG, RunningStation
from tests.staff_turn import add_manager
from tests.station_processes import slowness

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(400)]

ROOT = Path(__file__).parent.parent
HEARD_WITHIN = 10.0


class Marks:
    """What a listener wrote down."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def names(self) -> list[str]:
        """Whose marks are there, since they were last taken away."""
        return self.path.read_text(encoding="utf-8").split()

    def forget(self) -> None:
        """Take them away."""
        os.truncate(self.path, 0)


class Screen:
    """All that a key could change: each pixel, the windows, the focus, the processes."""

    def __init__(self, station: RunningStation) -> None:
        self._station, self._display = station, Display(station.display)
        self._root = self._display.screen().root
        self._uid = pwd.getpwnam(CITIZEN).pw_uid

    def __enter__(self) -> "Screen":
        return self

    def __exit__(self, *error: object) -> None:
        self._display.close()

    def picture(self) -> bytes:
        """Every pixel."""
        size = self._root.get_geometry()
        data = self._root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF).data
        return data if isinstance(data, bytes) else bytes(data.encode("latin-1"))

    def rest(self) -> tuple[object, ...]:
        """Windows, the focus, the citizen's processes, and the lock's own token."""
        focus = self._display.get_input_focus().focus
        windows = frozenset(one.id for one in self._root.query_tree().children)
        return windows, getattr(focus, "id", focus), tuple(of_user(self._uid)), self._station.token()

    def ours(self) -> list[str]:
        """What runs of the station: all that was told where its home is. A fork at work is its parent once more."""
        mark, found = f"KIOSK_HOME={self._station.home}".encode(), set()
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.add((entry / "cmdline").read_text(encoding="utf-8", errors="replace"))
            except OSError:
                continue
        return sorted(found)


@contextmanager
def _openbox(display: str, folder: Path) -> Iterator[list[Marks]]:
    marks, rc = Marks(folder / "openbox-heard"), folder / "rc.xml"
    rc.write_text(openbox_rc(marks.path), encoding="utf-8")
    env = {**os.environ, "DISPLAY": display, "HOME": str(folder)}
    with subprocess.Popen(["openbox", "--config-file", str(rc)], env=env, stderr=subprocess.DEVNULL) as manager:
        try:
            _managed(display)
            yield [marks]
        finally:
            assert manager.poll() is None, "it was there to the end"
            manager.kill()


def _managed(name: str) -> None:
    """Until a window manager says that it is there, which it does when it has bound its keys."""
    display, deadline = Display(name), time.monotonic() + HEARD_WITHIN * slowness()
    said = display.get_atom("_NET_SUPPORTING_WM_CHECK")
    while display.screen().root.get_full_property(said, X.AnyPropertyType) is None:
        assert time.monotonic() < deadline, "no window manager"
        time.sleep(0.05)
    display.close()
    time.sleep(0.5)


@contextmanager
def _clients(display: str, folder: Path, *kinds: str) -> Iterator[list[Marks]]:
    env = {**os.environ, "DISPLAY": display, "PYTHONPATH": str(ROOT)}
    found, running = [Marks(folder / f"{kind}-heard") for kind in kinds], []
    try:
        for kind, marks in zip(kinds, found, strict=True):
            command = [sys.executable, "-m", "tests.key_listeners", kind, str(marks.path)]
            running.append(subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True))
            assert running[-1].stdout is not None and running[-1].stdout.readline() == "up\n"
        yield found
        assert [one.poll() for one in running] == [None] * len(running), "they were there to the end"
    finally:
        for one in running:
            one.kill()
            one.communicate()


def _each_is_heard(hands: Hands, marks: Marks) -> None:
    """The control: every combination of the table leaves its mark."""
    marks.forget()
    missing, deadline = list(TABLE), time.monotonic() + HEARD_WITHIN * slowness()
    while missing and time.monotonic() < deadline:  # a program that openbox starts may not get through on a busy PC
        for keys in missing:
            hands.press(keys)
            time.sleep(0.01)
        time.sleep(1.0)
        missing = [keys for keys in TABLE if keys not in marks.names()]
    assert missing == [], marks.path.name
    time.sleep(0.2)
    marks.forget()


def _server_leaves_them(display: str) -> None:
    """No key is the X server's own any more: what it keeps to itself (consoles, modes) no listener could hear of."""
    command = ["setxkbmap", "-compat", "basic+iso9995+misc+ledcaps"]
    subprocess.run(command, env={**os.environ, "DISPLAY": display}, check=True, timeout=20)


@pytest.mark.parametrize("manager", ["openbox", "no window manager"])
def test_no_key_reaches_anybody_while_locked(home: Path, xvfb: Callable[..., str], manager: str) -> None:
    assert len(set(TABLE)) == len(TABLE) >= 80
    display, folder = xvfb(), home.parent
    _server_leaves_them(display)
    if manager == "openbox":
        intruder = _openbox(display, folder)
    else:
        with Hands(display) as hands, _clients(display, folder, "window") as (marks,):
            _each_is_heard(hands, marks)
        intruder = _clients(display, folder, "window", "grabs")
    with Hands(display) as hands, intruder as listeners:
        _each_is_heard(hands, listeners[-1])
        with RunningStation(home, display, LONG) as station:
            station.wait(lambda: len(station.living("lock")) == 1, "one lock")
            _nothing_at_all(station, hands, listeners)
        _each_is_heard(hands, listeners[-1])


def _nothing_at_all(station: RunningStation, hands: Hands, listeners: list[Marks]) -> None:
    add_manager(station)  # else the staff's own keys would lead to the panel, which asks for its first manager
    time.sleep(2.0)  # START is painted, and whoever helps at the beginning has ended
    with Screen(station) as screen:
        before, ours = (screen.picture(), screen.rest()), screen.ours()
        with station.watch() as watch:
            for keys in NOTHING:
                hands.press(keys)
                time.sleep(0.03)
                assert screen.rest() == before[1], keys
                assert screen.picture() == before[0], f"{keys}: START is not as it was"
            for one in OURS:
                _ours(station, hands, screen, one, before[0])
                assert screen.rest() == before[1], one.keys
            time.sleep(1.0)
        assert station.status()["state"] == "free" and (screen.picture(), screen.rest()) == before
        station.wait(lambda: screen.ours() == ours, "no new program")
    assert [(marks.path.name, marks.names()) for marks in listeners if marks.names()] == []
    looks = watch.samples()
    assert [moment for moment, covered in looks if not covered] == []
    pauses = sorted(after[0] - one[0] for one, after in zip(looks, looks[1:], strict=False))
    middle = pauses[len(pauses) // 2]
    print(f"\n{len(TABLE)} combinations, {len(looks)} looks, half of them within {middle * 1000:.1f} ms of the last")
    assert middle <= 0.010 * slowness()


def _ours(station: RunningStation, hands: Hands, screen: Screen, one: Combination, start: bytes) -> None:
    """What START answers, and START as it was."""
    pressed = time.monotonic()
    hands.press(one.keys)
    time.sleep(0.3)
    for keys in one.after:
        hands.press(keys)

    def back() -> bool:
        nonlocal pressed
        if screen.picture() == start:
            return True
        if time.monotonic() > pressed + 2.0:  # the screen was not ready for it yet
            pressed = time.monotonic()
            hands.press("Escape")
        return False

    station.wait(back, f"START as it was after {one.keys}")
