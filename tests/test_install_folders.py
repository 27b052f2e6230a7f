"""What a session's room needs on a PC that kiosk is installed on is written down where the uninstaller reads it."""

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.supervisor.session import places

INSTALL = Path(__file__).resolve().parent.parent / "scripts" / "install"
REMOVE = f"""
import sys
sys.path.insert(0, {str(INSTALL)!r})
from pathlib import Path
import files, record
record.FOLDER = Path(sys.argv[1])
files.remove_folders()
"""


def _remove(record: Path) -> None:
    subprocess.run([sys.executable, "-B", "-c", REMOVE, record], check=True, timeout=60)


def test_the_installer_and_the_room_speak_of_one_place() -> None:
    said = f"import sys; sys.path.insert(0, {str(INSTALL)!r}); import record; print(record.FOLDER / 'folders')"
    told = subprocess.run([sys.executable, "-B", "-c", said], check=True, capture_output=True, text=True, timeout=60)
    assert told.stdout.strip() == str(places.RECORD)


@pytest.mark.parametrize("installed", [True, False])
def test_what_was_made_goes_and_what_was_there_or_is_used_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    record, machine = tmp_path / "installed", tmp_path / "etc"
    monkeypatch.setattr(places, "RECORD", record / "folders")
    (machine / "there").mkdir(parents=True)
    if installed:
        record.mkdir()
    for _session in range(2):
        for folder in ("there", "opt/chrome", "used/by/others"):
            places.on_the_machine(str(machine / folder))
    (machine / "used/by/somebody").touch()
    assert (machine / "opt/chrome").is_dir()
    _remove(record)
    left = {str(path.relative_to(machine)) for path in machine.rglob("*")}
    made = set() if installed else {"opt", "opt/chrome", "used/by/others"}
    assert left == {"there", "used", "used/by", "used/by/somebody"} | made
