"""What keeps a station from starting is a sentence with what to do, and the right exit code; never a traceback."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.supervisor import linux
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults]


def _run(station: RunningStation, **changed: str) -> subprocess.CompletedProcess[str]:
    """`kiosk run`, which must end by itself."""
    env = {name: value for name, value in {**station.env, **changed}.items() if value}
    command = [sys.executable, "-m", "kiosk", "run"]
    answer = subprocess.run(command, env=env, cwd="/", capture_output=True, text=True, timeout=30)
    assert "Traceback" not in answer.stdout + answer.stderr
    return answer


def test_bad_settings_are_refused_with_every_problem_of_both_files(home: Path) -> None:
    station = RunningStation(home, ":0", '[session]\nminutes = -5\nwarnings = ["soon"]\nhurry = true\n')
    (home / "site.toml").write_text('[site]\ncode = "th 1"\n[colour]\nwall = "blue"\n', encoding="utf-8")
    answer = _run(station)
    assert answer.returncode == 3
    for field in ("site.toml: site.code", "site.toml: colour", "session.minutes", "session.warnings", "session.hurry"):
        assert field in answer.stderr, answer.stderr
    assert not station.paths.socket.exists()


def test_toml_that_is_none_is_named_with_its_line(home: Path) -> None:
    station = RunningStation(home, ":0", "[session\nminutes = 5\n")
    answer = _run(station)
    assert answer.returncode == 3
    assert "policy.toml" in answer.stderr and "line 1" in answer.stderr


def test_without_a_display_it_says_what_to_do(home: Path) -> None:
    station = RunningStation(home, "")
    answer = _run(station)
    assert answer.returncode == 1
    assert "There is no display" in answer.stderr and "scripts/run" in answer.stderr


def test_a_second_run_is_refused_and_the_first_goes_on(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        before = {role: station.living(role) for role in ("supervisor", "service", "lock")}
        answer = _run(station)
        assert answer.returncode == 4
        assert f"kiosk is already running in {home}" in answer.stderr and "kiosk status" in answer.stderr
        assert {role: station.living(role) for role in before} == before
        assert station.covered() and station.status()["state"] == "free"


def test_a_home_that_cannot_be_written_is_named(home: Path) -> None:
    station = RunningStation(home, ":0", LONG)
    os.rename(home / "site.toml", home.parent / "site.toml")
    linux.mount_tmpfs(str(home), "size=1m,mode=0755")
    try:
        for name in ("site.toml", "policy.toml"):
            (home / name).write_text(station.site() if name == "site.toml" else LONG, encoding="utf-8")
        subprocess.run(["mount", "-o", "remount,ro", str(home)], check=True)
        answer = _run(station)
    finally:
        linux.unmount(str(home))
    assert answer.returncode == 1
    assert str(home) in answer.stderr and "cannot be written" in answer.stderr and "KIOSK_HOME" in answer.stderr


def test_a_home_that_others_cannot_enter_is_refused(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    station = RunningStation(closed / "home", ":0", LONG)
    answer = _run(station)
    assert answer.returncode == 4
    assert str(closed) in answer.stderr and "KIOSK_HOME" in answer.stderr
