"""What many tests share: a home of their own and an X server of their own."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Screen = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty KIOSK_HOME, also for the processes that the test starts."""
    path = tmp_path / "home"
    path.mkdir()
    monkeypatch.setenv("KIOSK_HOME", str(path))
    return path


@pytest.fixture
def xvfb() -> Iterator[Screen]:
    """Start X servers: `display = xvfb()` or `xvfb("1024x768")`; they end with the test."""
    servers: list[subprocess.Popen[bytes]] = []

    def start(size: str = "1366x768") -> str:
        reading, writing = os.pipe()
        # -displayfd lets the server choose a free number and say which; a guessed one collides with other runs.
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-noreset", "-nolisten", "tcp"]
        servers.append(subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL))
        os.close(writing)
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        assert number, "Xvfb did not start"
        return f":{number}"

    yield start
    for server in servers:
        server.terminate()
        server.wait(10)
