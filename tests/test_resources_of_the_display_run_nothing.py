"""Tcl in the display's resources runs in every Tk that starts; not in the lock and the bar. A control is attacked."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from Xlib import Xatom
from Xlib.display import Display

from kiosk.lockscreen.sweep import display_memory
from tests.lock_stage import OPEN, Stage, until

pytestmark = pytest.mark.slow

# As a lock draws: on a canvas, which tells its scroll bar of it, where it has one.
VICTIM = "import tkinter; t = tkinter.Tk(); c = tkinter.Canvas(t); c.pack(fill='both', expand=True); t.mainloop()"
WORDS = ("Canvas.yScrollCommand", "yScrollCommand", "Kiosk-lock.canvas.yScrollCommand", "Canvas.xScrollCommand")
FLOOD = """
import time
from Xlib import X, Xatom
from Xlib.display import Display
display = Display()
root = display.screen().root
while True:
    for text in (WORDS.encode(), b""):
        root.change_property(Xatom.RESOURCE_MANAGER, Xatom.STRING, 8, text)
        display.sync()
        time.sleep(0.0005)
"""


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1024x768"), home)
    yield stage
    stage.close()


def _resources(run: Path) -> str:
    return "".join(f"*{word}: exec touch {run} ;#\n" for word in WORDS)


@contextmanager
def _root(stage: Stage) -> Iterator[Display]:
    display = Display(stage.display)
    try:
        yield display
    finally:
        display.close()


def _write(stage: Stage, text: str) -> None:
    with _root(stage) as display:
        display.screen().root.change_property(Xatom.RESOURCE_MANAGER, Xatom.STRING, 8, text.encode())
        display.sync()


def _read(stage: Stage) -> str:
    with _root(stage) as display:
        held = display.screen().root.get_property(Xatom.RESOURCE_MANAGER, Xatom.STRING, 0, 100_000)
        value = held.value if held is not None else ""
        return value if isinstance(value, str) else bytes(value).decode()


def _show(stage: Stage, role: str) -> None:
    """Until it draws."""
    if role == "bar":
        stage.service.put(**OPEN)
    stage.start(role)
    if role == "lock":
        stage.service.wait("covered")
    else:
        until(lambda: stage.pixel(2, 2) == 0x073630, "the bar")
    time.sleep(0.5)


def test_control_a_plain_tk_program_runs_them(stage: Stage, tmp_path: Path) -> None:
    _write(stage, _resources(tmp_path / "run"))
    stage.spawn(VICTIM)
    until(lambda: (tmp_path / "run").exists(), "control: the attack works", 20)


@pytest.mark.parametrize("role", ["lock", "bar"])
def test_lock_and_bar_run_nothing(stage: Stage, role: str, tmp_path: Path) -> None:
    _write(stage, f"Xft.dpi: 120\n{_resources(tmp_path / 'run')}*visual: none\n*use: 0x12\n*menu: .x\n")
    _show(stage, role)
    assert not (tmp_path / "run").exists()
    assert _read(stage) == "Xft.dpi: 120\n"  # which other programs draw their letters by


@contextmanager
def _flood(stage: Stage, run: Path) -> Iterator[None]:
    """They change a thousand times a second, between what runs and nothing."""
    flood = stage.spawn(FLOOD.replace("WORDS", repr(_resources(run))))
    until(lambda: "touch" in _read(stage), "they are written")
    try:
        yield
        assert flood.poll() is None
    finally:
        flood.kill()
        flood.wait()


def _starts(stage: Stage, start: Callable[[], "subprocess.Popen[bytes]"], run: Path) -> bool:
    """Whether one of eight that start draws what it should not."""
    for _start in range(8):
        process = start()
        with suppress(subprocess.TimeoutExpired):
            process.wait(1.0)
        process.kill()
        process.wait()
        if run.exists():
            return True
    return False


def test_control_a_plain_tk_program_takes_them_in_the_middle_of_a_change(stage: Stage, tmp_path: Path) -> None:
    with _flood(stage, tmp_path / "run"):
        assert _starts(stage, lambda: stage.spawn(VICTIM), tmp_path / "run")


def test_a_lock_does_not_start_in_the_middle_of_a_change(stage: Stage, tmp_path: Path) -> None:
    with _flood(stage, tmp_path / "run"):
        assert not _starts(stage, lambda: stage.start("lock"), tmp_path / "run")
    _show(stage, "lock")


def test_after_a_session_they_are_as_before(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", stage.display)
    with _root(stage) as display:
        for before in ("Xft.dpi: 120\n", "", "Xft.dpi: 96\nXcursor.size: 48\n"):
            _write(stage, before)
            kept = display_memory.remember(display)
            for spoilt in ("*use: 0x12\n", "Xft.dpi: 700\n", before + "*a: b\n", "Xft.dpi: 120\n" * 20000):
                _write(stage, spoilt)
                assert display_memory.restore(display, kept) == []
                assert _read(stage) == before
