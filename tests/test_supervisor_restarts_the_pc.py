"""The PC is restarted by one fixed command, by root alone, and where it cannot be the answer says why."""

from pathlib import Path

import pytest

from kiosk.supervisor import power


def fake(folder: Path, status: int = 0) -> tuple[dict[str, str], Path]:
    """A command that only writes down what it was asked."""
    asked, program = folder / "asked", folder / "fake"
    program.write_text(f'#!/bin/sh\necho "$*" >> {asked}\nexit {status}\n')
    program.chmod(0o755)
    return {"KIOSK_POWER_COMMAND": str(program)}, asked


@pytest.mark.parametrize("action", ["restart", "power_off"])
def test_the_command_of_whoever_starts_the_supervisor_gets_the_action(action: str, tmp_path: Path) -> None:
    environ, asked = fake(tmp_path)
    assert power.order(action, environ, root=False) == ""
    assert asked.read_text() == f"{action}\n"


@pytest.mark.parametrize("action", ["", "halt", "restart; reboot", "../sh"])
def test_nothing_but_the_two_actions_is_known(action: str, tmp_path: Path) -> None:
    environ, asked = fake(tmp_path)
    assert power.order(action, environ, root=True) == "no_command"
    assert not asked.exists()


def test_without_systemd_nothing_is_done_and_it_says_so(tmp_path: Path) -> None:
    assert power.command("restart", {}, systemd=tmp_path / "nowhere") == []
    assert power.order("restart", {}, root=True, systemd=tmp_path / "nowhere") == "no_command"


def test_with_systemd_the_command_is_found_where_roots_commands_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(power, "SYSTEM_PATH", str(tmp_path))
    (tmp_path / "systemctl").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "systemctl").chmod(0o755)
    assert power.command("restart", {}, systemd=tmp_path) == [str(tmp_path / "systemctl"), "reboot"]
    assert power.command("power_off", {}, systemd=tmp_path) == [str(tmp_path / "systemctl"), "poweroff"]
    assert power.order("restart", {}, root=False, systemd=tmp_path) == "not_root"
    assert power.order("restart", {}, root=True, systemd=tmp_path) == "exit_1"


def test_a_command_that_fails_is_told(tmp_path: Path) -> None:
    environ, _asked = fake(tmp_path, status=5)
    assert power.order("restart", environ, root=True) == "exit_5"
    assert power.order("restart", {"KIOSK_POWER_COMMAND": str(tmp_path / "gone")}, root=True) == "FileNotFoundError"
