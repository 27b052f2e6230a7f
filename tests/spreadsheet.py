"""A workbook as LibreOffice reads it: every sheet converted to CSV by it, without a window."""

import csv
import subprocess
from pathlib import Path

# Comma, quotes, UTF-8, cells as stored and not as shown (dates as ISO days), every sheet in a file of its own.
FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


def opened(book: Path, folder: Path) -> dict[str, list[list[str]]]:
    """{sheet: rows of cells} of a workbook."""
    folder.mkdir()
    profile = f"-env:UserInstallation=file://{folder}/profile"
    done = subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", FILTER, "--outdir", str(folder / "out"), str(book)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and (folder / "out").exists(), done.stderr
    found = {}
    for path in sorted((folder / "out").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem.removeprefix(f"{book.stem}-")] = list(csv.reader(file))
    return found
