"""The sweep of the display alone, on a real X server: what was there before the first session is there again."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from Xlib import Xatom
from Xlib.display import Display

from tests.litter import spoil_display
from tests.station_processes import CODE
from tests.test_nothing_is_left_after_a_session import _settings

pytestmark = pytest.mark.slow

MANY = 20_000


def _run(role: str, home: Path, display: str) -> int:
    env = {**os.environ, "DISPLAY": display, "KIOSK_HOME": str(home), "PYTHONPATH": CODE}
    command = [sys.executable, "-P", "-m", "kiosk.lockscreen", role]
    return subprocess.run(command, env=env, cwd="/", timeout=20).returncode


def test_the_sweep_puts_the_display_back(
    tmp_path: Path, xvfb: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = xvfb()
    monkeypatch.setenv("DISPLAY", name)
    (tmp_path / "run" / "screen").mkdir(parents=True)
    keeper = Display(name)  # an X server that nobody uses forgets everything by itself
    try:
        before = _settings(name)
        assert _run("first", tmp_path, name) == 0
        spoil_display(keeper, "canary")
        spoiled = _settings(name)
        assert [key for key in before if key != "modifiers" and before[key] == spoiled[key]] == []
        # A supervisor that starts again on the same X server takes nothing of the session for its own.
        assert _run("first", tmp_path, name) == 0
        assert _settings(name) == before
        spoil_display(keeper, "canary")
        assert _run("sweep", tmp_path, name) == 0
        assert _settings(name) == before
    finally:
        keeper.close()


def test_the_root_windows_properties_hold_nobody_up_and_none_stays(tmp_path: Path, xvfb: Callable[..., str]) -> None:
    name = xvfb()
    (tmp_path / "run" / "screen").mkdir(parents=True)
    keeper = Display(name)
    root = keeper.screen().root
    try:
        before = sorted(root.list_properties())
        assert _run("first", tmp_path, name) == 0
        for number in range(MANY):
            root.change_property(keeper.intern_atom(f"left-{number}"), Xatom.STRING, 8, b"a letter")
        for text in ("Nguyễn Văn Tý".encode(), b"\xff\xfe"):
            root.change_property(keeper.intern_atom(text), Xatom.STRING, 8, text * 10_000)
        display = keeper.get_pointer_mapping()
        assert keeper.set_pointer_mapping(list(reversed(display))) == 0
        assert len(root.list_properties()) >= MANY + 2, "the control"
        began = time.monotonic()
        assert _run("sweep", tmp_path, name) == 0
        print(f"\n{MANY} properties: swept in {time.monotonic() - began:.1f} s")
        assert sorted(root.list_properties()) == before
        assert keeper.get_pointer_mapping() == display
    finally:
        keeper.close()
