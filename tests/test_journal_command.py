"""`kiosk journal`: earlier months from a file, every mistake named, twice written once, and the lines of a month."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_demo_fill import TODAY

from kiosk.cli import main
from kiosk.service.demo import fill

ROWS = "Loại việc;Ngày;Số người\nLớp hướng dẫn;5/10/2025;12\nTruyền thông;31/2/2025;x\n"


@pytest.mark.slow
def test_a_file_is_taken_by_command_once_and_its_mistakes_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "home", 2, 5, TODAY)
    monkeypatch.setenv("KIOSK_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("kiosk.cli.offline.become_service", lambda paths: None)
    (file := tmp_path / "so.csv").write_text(ROWS, encoding="utf-8")

    def kiosk(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["journal", *words])
        return done.exit_code, done.output

    refused = kiosk("import", str(file))
    assert refused[0] == 4 and "Row 3, Ngày" in refused[1] and "Row 3, Số người" in refused[1]
    assert json.loads(kiosk("list", "--period", "2025-10", "--json")[1]) == []
    assert "1 lines were written; 0 stood" in kiosk("import", str(file), "--good")[1]
    assert "0 lines were written; 1 stood" in kiosk("import", str(file), "--good")[1]
    [line] = json.loads(kiosk("list", "--period", "2025-10", "--json")[1])
    assert (line["kind"], line["day"], line["people"]) == ("class", "2025-10-05", 12)
    assert kiosk("import", str(tmp_path / "none.csv"))[0] == 1
