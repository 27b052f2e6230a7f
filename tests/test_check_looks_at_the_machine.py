"""`kiosk check` on memory and on the browser's language."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from store_support import ROOT

from kiosk.rules.policy import parse_policy
from kiosk.service.doctor import doctor
from kiosk.service.doctor import health as doctor_health
from kiosk.service.doctor import machine as machine
from kiosk.settings import Paths, Site


def words_of(policy: dict[str, object], site: Site) -> list[tuple[str, str]]:
    return [(one.name, one.state) for one in machine.browser_words(parse_policy(policy), site)]


def test_a_browser_without_vietnamese_is_found_where_the_site_is_vietnamese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.setattr(machine, "LOCALES", (tmp_path / "locales",))
    policy: dict[str, object] = {"programs": {"browser": str(browser)}}
    assert words_of(policy, Site()) == [], "nobody knows where this one keeps its words"
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "en-US.pak").touch()
    assert words_of(policy, Site()) == [("language", "warn")]
    assert words_of(policy, Site(language="en")) == []
    (tmp_path / "locales" / "vi.pak").touch()
    assert words_of(policy, Site()) == [("language", "good")]


def test_little_memory_is_a_warning(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    for free, state, said in ((399, "warn", "399 MB"), (401, "good", "0.4 GB")):
        monkeypatch.setattr(doctor_health, "memory", lambda free=free: (free, 2000))
        found = {one.name: one for one in doctor_health.health(Paths(home))}
        assert list(found) == ["disk", "memory", "software"], "what can be seen of a kiosk that does not run"
        assert found["memory"].state == state
        assert said in found["memory"].message and "2.0 GB" in found["memory"].message


def test_only_our_processes_of_this_home_are_added_up(home: Path) -> None:
    script = (
        "import sys; print('up', flush=True); big = bytearray(30_000_000); print('big', flush=True); sys.stdin.read()"
    )
    env = {**os.environ, "KIOSK_HOME": str(home)}
    assert machine.taken_by_kiosk(Paths(home)) == 0
    # `-c SCRIPT kiosk.service`: the same look in the table of processes as `-m kiosk.service`.
    command = [sys.executable, "-c", script, "kiosk.service"]
    with subprocess.Popen(command, env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdin
        assert [process.stdout.readline(), process.stdout.readline()] == [b"up\n", b"big\n"]
        assert 30_000_000 < machine.taken_by_kiosk(Paths(home)) < 90_000_000
        assert machine.taken_by_kiosk(Paths(home / "another")) == 0
        process.stdin.close()


def test_a_station_that_runs_needs_no_display_in_the_terminal_that_asks(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    paths = Paths(home)
    assert [one.state for one in doctor._display(paths)] == ["warn"]
    paths.socket.parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as service:
        service.bind(str(paths.socket))
        service.listen()
        assert [one.state for one in doctor._display(paths)] == ["good"]
