"""Which of a machine's programs are shut in a session, by its desktop entries and what the policy offers."""

from pathlib import Path

import pytest

from kiosk.supervisor.session import known

NAMES = ("xterm", "odd-terminal", "game", "painter", "player", "set-up", "own")
OWN = """#!/bin/sh
# A player is not wanted here, nor is xterm.
if [ -x "$(command -v odd-terminal)" ] || [ "$TERM" = xterm ]; then :; fi
set-up --quiet
exec painter "$@"
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine's programs and their entries."""
    programs, entries = tmp_path / "bin", tmp_path / "applications"
    programs.mkdir()
    entries.mkdir()
    kinds = {"odd-terminal": "System;TerminalEmulator;", "set-up": "Settings;"}
    for name in NAMES:
        (programs / name).write_text(OWN if name == "own" else "\x7fELF", encoding="utf-8")
        (programs / name).chmod(0o755)
        entry = f"[Desktop Entry]\nType=Application\nExec={name} %U\nCategories={kinds.get(name, 'Utility;')}\n"
        (entries / f"{name}.desktop").write_text(entry, encoding="utf-8")
    monkeypatch.setattr(known, "MACHINES", (str(entries),))
    monkeypatch.setattr(known, "SESSION_PATH", str(programs))
    return programs


@pytest.mark.parametrize(
    ("offered", "open_to"),
    [
        ("", set()),
        ("game", {"game"}),
        ("own", {"own", "painter", "set-up"}),
        ("xterm -e own", {"xterm", "own"}),
        ("sh -c 'set-up; odd-terminal'", {"set-up", "odd-terminal"}),
    ],
)
def test_a_script_opens_its_programs_but_a_terminal_only_the_policy_itself(
    machine: Path, offered: str, open_to: set[str]
) -> None:
    shut = known.shut([["chromium"]], [offered.split()] if offered else [])
    assert shut == sorted(str(machine / name) for name in set(NAMES) - open_to)


def test_it_is_said_what_stays_shut_though_a_script_names_it(machine: Path, capfd: pytest.CaptureFixture[str]) -> None:
    known.shut([], [["own"]])
    said = capfd.readouterr().err
    assert f"{machine}/odd-terminal stays shut" in said and "painter" not in said and "player" not in said
