"""An import that is killed at any moment: the register is what it was, or what the file says, and goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from register_support import MAP, ROOT, TODAY, Book, sheet, site, units

from tests.province_rounds import SEED, dice, rounds

SITES = 300


def file(path: Path, pcs: int) -> Path:
    """A list of sites, all with so many PCs."""
    head, *rows = sheet(*(site(**{"Mã điểm": f"TH-{n:03}", "Số máy": pcs}) for n in range(1, SITES + 1)))[1]
    path.write_text("\n".join(";".join(map(str, row)) for row in [head, *rows]), encoding="utf-8")
    return path


def begin(book: Book, path: Path) -> "subprocess.Popen[bytes]":
    """The import as a process of its own."""
    words = [sys.executable, "-m", "kiosk", "province", "sites", "import", str(path), "--home", str(book.home.path)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.slow
@pytest.mark.faults
def test_whenever_an_import_is_killed_all_of_it_is_there_or_nothing(tmp_path: Path) -> None:
    book, rng = Book(tmp_path / "home"), dice("register")
    book.take(units(*MAP))
    began = time.monotonic()
    assert begin(book, file(tmp_path / "0.csv", 1)).wait(120) == 0
    long, now, killed, done = time.monotonic() - began, 1, 0, 0
    for number in range(2, 2 + rounds(4, 40)):
        process = begin(book, file(tmp_path / "next.csv", number))
        # Most of the time is spent in starting: look from the half on.
        time.sleep(long * rng.uniform(0.4, 1.05))
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
        register = book.read()
        found = {one.value("pcs", TODAY) for one in register.sites.values()}
        assert len(register.sites) == SITES and found in ({str(now)}, {str(number)}), f"seed {SEED}"
        if found == {str(number)}:
            now, done = number, done + 1
        else:
            killed += 1
    assert begin(book, file(tmp_path / "last.csv", 499)).wait(120) == 0
    assert {one.value("pcs", TODAY) for one in book.read().sites.values()} == {"499"}
    deeds = book.json("sites", "history")
    assert len(deeds) == 3 + done, "a deed for each that was done, none for what was not"
    print(f"seed {SEED}: {killed} imports killed before they were done, {done} after")
