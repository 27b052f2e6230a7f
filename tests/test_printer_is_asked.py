"""What CUPS says of the printer becomes a code that the equipment page has words for; nobody waits for the answer."""

import threading
from pathlib import Path

import pytest

from kiosk.rules.health import Facts, lamps
from kiosk.service import health_sources
from kiosk.service.health_sources import Printer, memory, memory_pressure, printer_trouble

IDLE = "printer Office is idle.  enabled since Fri 20 Nov 2026\\n\\tAlerts: none\\n"


def cups(folder: Path, monkeypatch: pytest.MonkeyPatch, details: str = IDLE, running: str = "is running") -> Path:
    """A lpstat that says this."""
    program = folder / "lpstat"
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {folder}/asked\ncase "$1" in\n-r) echo "scheduler {running}";;\n'
        f'-d) echo "system default destination: Office";;\n-e) echo Office;;\n-l) printf "{details}";;\nesac\n'
    )
    program.chmod(0o755)
    monkeypatch.setattr(health_sources, "SYSTEM_PATH", str(folder))
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder / "asked"


@pytest.mark.parametrize(
    ("details", "code"),
    [
        (IDLE, ""),
        (IDLE.replace("none", "media-empty-error"), "paper"),
        (IDLE.replace("none", "com.vendor.x media-jam-error"), "jam"),
        (IDLE.replace("none", "cover-open"), "cover"),
        (IDLE.replace("none", "marker-supply-empty-warning"), "ink"),
        (IDLE.replace("none", "offline-report"), "offline"),
        (IDLE.replace("is idle.  enabled", "disabled"), "stopped"),
        (IDLE.replace("none", "paused"), "stopped"),
    ],
)
def test_alerts_become_codes_with_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, details: str, code: str
) -> None:
    cups(tmp_path, monkeypatch, details)
    assert printer_trouble() == printer_trouble("Office") == code
    lamp = next(one for one in lamps(Facts(printing=True, printer=code)) if one.thing == "printer")
    assert lamp.light == ("bad" if code else "good") and bool(lamp.todo) == bool(code)


def test_what_is_missing_has_a_code_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cups(tmp_path, monkeypatch)
    assert printer_trouble("Other") == printer_trouble("-Office") == "no_printer"
    cups(tmp_path, monkeypatch, running="is not running")
    assert printer_trouble() == "no_cups"
    (tmp_path / "lpstat").unlink()
    assert printer_trouble() == "not_installed"


def test_it_is_asked_seldom_and_in_a_thread_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, printer = cups(tmp_path, monkeypatch), Printer()
    assert printer.trouble is None
    for boot in (100.0, 101.0, 100.0 + health_sources.ASK_EVERY - 1):
        printer.ask("", boot)
    for thread in threading.enumerate():
        if thread.name == "printer":
            thread.join(10)
    printer.ask_now("")
    assert printer.trouble == ""
    assert asked.read_text().count("-r\n") == 2, "once by the look, once here"


def test_the_kernels_files_are_read_and_their_absence_is_no_zero(tmp_path: Path) -> None:
    file = tmp_path / "file"
    assert memory(file) == (None, 0) and memory_pressure(file) is None
    file.write_text("MemTotal:        2000000 kB\nMemFree: 5 kB\nMemAvailable:    1000000 kB\n")
    assert memory(file) == (1024, 2048)
    file.write_text("some avg10=1.00 avg60=2.00 avg300=12.34 total=5\nfull avg10=0.00 avg60=0.00 avg300=0.50 total=1\n")
    assert memory_pressure(file) == 12.34
    file.write_text("nonsense")
    assert memory(file) == (None, 0) and memory_pressure(file) is None
