"""The sheet to print: how Vietnamese is typed, one page A4, set by Chromium from sheet.html."""

import os
import subprocess
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "sheet.html"
NAME = "go_tieng_viet.pdf"


def make(folder: Path) -> list[Path]:
    """Write the sheet into `folder`. CalledProcessError when Chromium does not come to an end."""
    target = folder / NAME
    with tempfile.TemporaryDirectory() as home:
        # As root Chromium has no sandbox; the page is our own.
        alone = ["--no-sandbox"] if os.geteuid() == 0 else []
        subprocess.run(
            ["chromium", "--headless", *alone, "--disable-gpu", "--disable-background-networking",
             f"--user-data-dir={home}", "--no-pdf-header-footer", f"--print-to-pdf={target}", SOURCE.as_uri()],
            check=True, timeout=120, stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
    return [target]
