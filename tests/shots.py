"""Pictures of every screen, of the menu and of the bar in every state: `python -m tests.shots FOLDER [SIZE …]`.

Lock, bar and menu are drawn by their own code, without a service.
Contact sheets (one for each size and choice of text) are called sheet-….png.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from Xlib.display import Display

from tests.bar_states import SHEETS, Bars
from tests.lock_pages import CHOICES, SIZES, Pages
from tests.shots_menu import shoot_menu
from tests.shots_panel import shoot_panel

# So many pictures on one sheet can still be looked at.
SHEET = 18


def shoot(display: str, target: Path) -> None:
    """The whole screen into a file."""
    command = ["import", "-display", display, "-window", "root", str(target)]
    subprocess.run(command, check=True, timeout=30)


def choice_name(lang: str, large: bool, contrast: bool) -> str:
    """vi, vi-large, en-large-contrast …"""
    return f"{lang}{'-large' if large else ''}{'-contrast' if contrast else ''}"


def shoot_pages(folder: Path, size: str) -> None:
    """Every page of the lock on this process's display."""
    pages, display = Pages(), os.environ["DISPLAY"]
    for (label, _lock), choice in zip(pages.every(), _cycle(), strict=False):
        name = label.split(" ", 1)[0]
        shoot(display, folder / f"{size}-{choice_name(*choice)}-lock-{name}.png")


def _cycle() -> Any:
    while True:
        yield from CHOICES


def shoot_bar(folder: Path, size: str) -> None:
    """Every state of the bar on this process's display, on a desk that is light as a browser's page."""
    eyes, display = Display(), os.environ["DISPLAY"]
    root = eyes.screen().root
    root.change_attributes(background_pixel=0xB9CDC5)
    root.clear_area(0, 0, 4000, 4000)
    eyes.sync()
    bars = Bars()
    for number, name in enumerate(SHEETS):
        for choice in CHOICES:
            bars.show(name, *choice)
            bars.bar.x.sync()
            shoot(display, folder / f"{size}-{choice_name(*choice)}-bar-{number:02}-{name}.png")
    eyes.close()


def contact_sheets(folder: Path, size: str) -> None:
    """Sheets for each choice, three pictures wide, of the screens and of the bar; large ones are more than one file."""
    for choice in CHOICES:
        start = f"{size}-{choice_name(*choice)}"
        for kind in ("lock", "bar", "menu"):
            pictures = sorted(folder.glob(f"{start}-{kind}-*.png"))
            for first in range(0, len(pictures), SHEET):
                part = f"-{first // SHEET + 1}" if len(pictures) > SHEET else ""
                sheet = folder / f"sheet-{size}-{choice_name(*choice)}-{kind}{part}.png"
                # Made small as each is read: ImageMagick may not hold fifty whole screens.
                small = [f"{picture}[640x]" for picture in pictures[first : first + SHEET]]
                command = ["montage", *small, "-tile", "3x", "-geometry", "+6+6", str(sheet)]
                subprocess.run(command, check=True, timeout=120)


def main() -> None:
    """All sizes, or the ones named."""
    folder = Path(sys.argv[1]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if sys.argv[2:3] == ["--panel"]:
        shoot_panel(folder)
        return
    if sys.argv[2:3] == ["--menu"]:
        shoot_menu(folder, sys.argv[3], list(CHOICES))
        return
    if sys.argv[2:3] in (["--pages"], ["--bar"]):
        (shoot_pages if sys.argv[2] == "--pages" else shoot_bar)(folder, sys.argv[3])
        return
    if not sys.argv[2:]:
        subprocess.run([sys.executable, "-m", "tests.shots", str(folder), "--panel"], check=True)
        print(f"panel: {folder}/panel-….png")
    for size in sys.argv[2:] or SIZES:
        reading, writing = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-noreset", "-nolisten", "tcp"],
            pass_fds=[writing], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as answer:
            display = f":{answer.readline().strip()}"
        try:
            env = {**os.environ, "DISPLAY": display}
            for part in ("--pages", "--bar", "--menu"):
                command = [sys.executable, "-m", "tests.shots", str(folder), part, size]
                subprocess.run(command, env=env, check=True)
        finally:
            server.terminate()
            server.wait(10)
        contact_sheets(folder, size)
        print(f"{size}: {folder}/sheet-{size}-….png")


if __name__ == "__main__":
    main()
