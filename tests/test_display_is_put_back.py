"""The sweep of the display alone, on a real X server: what was there before the first session is there again."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from Xlib.display import Display

from tests.litter import spoil_display
from tests.station_processes import CODE
from tests.test_nothing_is_left_after_a_session import _settings

pytestmark = pytest.mark.slow


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
