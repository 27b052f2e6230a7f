"""A program of the menu prints as it would at home, by GTK's own dialog: it finds the site's printer and no other."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.machine_cups import MachineCups
from tests.test_printing_in_a_session import PrintingStation, cups
from tests.test_programs_run_in_a_session import active, touch
from tests.typist import type_word

__all__ = ["cups"]
pytestmark = [pytest.mark.slow, pytest.mark.root]

PRINTING = """mode = "staff"
[[program]]
name = { vi = "Sổ tay", en = "Notes" }
command = "mousepad --disable-server"
"""


def test_what_a_gtk_program_prints_waits_at_the_desk_and_counts(
    home: Path, xvfb: Callable[..., str], cups: MachineCups
) -> None:
    with PrintingStation(home, xvfb("1366x768"), cups, PRINTING) as station:
        station.sign_in()
        station.ready()
        touch(station, 0)
        station.wait(lambda: "Mousepad" in active(station), "the program's window, with the keyboard")

        def typed() -> bool:
            type_word(station, "x ")
            return active(station).startswith("*")

        station.wait(typed, "something to print")

        def printed() -> bool:
            if "Mousepad" in active(station):
                station.key("ctrl+p")
                time.sleep(1.0)
            if where := os.environ.get("KIOSK_SHOT"):
                subprocess.run(["import", "-window", "root", where], env=station.env, timeout=10)
            time.sleep(1.0)  # until the dialog has asked for printers
            station.key("Return")
            time.sleep(1.0)
            return bool(station.printing()["waiting"])

        station.wait(printed, "it waits at the desk", 60)
        assert station.printing()["jobs"][0]["pages"] == 1 and station.printing()["pages"] == 0
        station.release()
        station.wait(lambda: station.printing()["pages"] == 1, "its page counts")
        (page,) = cups.papers(1)
        assert "A4" in cups.tool("pdfinfo", str(page)).stdout
    assert station.rows("SELECT pages FROM sessions") == [(1,)]
