"""Pictures of every screen and every state of the bar, for people to look at: `python -m tests.shots FOLDER [SIZE …]`.

The screens are drawn by the lock's own code, the bar is the real process with a service that only speaks `state`.
Contact sheets (one for each size and choice of text) are called sheet-….png.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.lock_pages import CHOICES, SIZES, Pages
from tests.lock_stage import OPEN, Stage

OFFER = {"minutes": 30, "offered": True, "why_not": None}
# name -> what changes in the state; "tap": then touch the bar at this share of its width
BAR: dict[str, dict[str, Any]] = {
    "42": {"seconds_left": 2520},
    "warning10": {"seconds_left": 600, "warning": 10, "extension": OFFER},
    "warning5": {"seconds_left": 300, "warning": 5, "extension": OFFER},
    "warning1": {"seconds_left": 43, "warning": 1, "extension": OFFER},
    "extended": {"seconds_left": 1843, "granted": 5400, "warning": None, "extension": OFFER},
    "waiting": {"seconds_left": 560, "extension": {**OFFER, "offered": False, "why_not": "waiting"}, "warning": 10},
    "idle": {"idle": 86},
    "closing": {"idle": None, "closing": 15, "seconds_left": 900},
    "finish": {"tap": 0.985, "help_asked": True},
}


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


def shoot_bar(folder: Path, size: str, display: str) -> None:
    """Every state of the bar, on a desk that is light as a browser's page."""
    width = int(size.split("x")[0])
    for choice in CHOICES:
        prefs = dict(zip(("lang", "large", "contrast"), choice, strict=True))
        with tempfile.TemporaryDirectory() as home:
            stage = Stage(display, Path(home))
            stage.root.change_attributes(background_pixel=0xB9CDC5)
            stage.root.clear_area(0, 0, 4000, 4000)
            stage.eyes.sync()
            stage.service.put(**OPEN, prefs=prefs)
            stage.start("bar")
            time.sleep(1.2)
            for number, (name, changes) in enumerate(BAR.items()):
                changes = dict(changes)
                tap = changes.pop("tap", None)
                stage.service.put(**changes)
                if tap:
                    stage.tap(int(width * tap), 20)
                time.sleep(0.5)
                shoot(display, folder / f"{size}-{choice_name(*choice)}-bar-{number}-{name}.png")
            stage.close()


def contact_sheets(folder: Path, size: str) -> None:
    """One sheet for each choice, three pictures wide."""
    for choice in CHOICES:
        start = f"{size}-{choice_name(*choice)}"
        pictures = [*sorted(folder.glob(f"{start}-lock-*.png")), *sorted(folder.glob(f"{start}-bar-*.png"))]
        sheet = folder / f"sheet-{size}-{choice_name(*choice)}.png"
        command = ["montage", *map(str, pictures), "-tile", "3x", "-geometry", "640x+6+6", str(sheet)]
        subprocess.run(command, check=True, timeout=120)


def main() -> None:
    """All sizes, or the ones named."""
    folder = Path(sys.argv[1]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if sys.argv[2:3] == ["--pages"]:
        shoot_pages(folder, sys.argv[3])
        return
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
            command = [sys.executable, "-m", "tests.shots", str(folder), "--pages", size]
            subprocess.run(command, env=env, check=True)
            shoot_bar(folder, size, display)
        finally:
            server.terminate()
            server.wait(10)
        contact_sheets(folder, size)
        print(f"{size}: {folder}/sheet-{size}-….png")


if __name__ == "__main__":
    main()
