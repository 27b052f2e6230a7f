"""A process of its own that looks at a screen many times a second and writes down what it saw, while others are killed.

`python -m tests.screen_watch DISPLAY FILE`, until its standard input ends. Which lock covers is all the same to it:
processes are killed before they can tell their tokens, so it knows a marker by what all of them have in common.
"""

import os
import struct
import subprocess
import sys
import threading
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from Xlib import X
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayConnectionError, XError
from Xlib.xobject.drawable import Window

from kiosk.lockscreen import marker
from tests.watching import GROUNDS

EVERY = 0.004
# Who has not looked for longer was away: a starved machine stops whoever looks as it stops what is looked at.
BLINK = 0.1
# What stands in the corner: a lock's marker; the root window as dark as a lock leaves it, or as the X server made it;
# something else, a session's; nothing, for there is no X server.
COVER, BARE, OTHER, AWAY = range(4)
DARK = (0x073630, 0x000000)
_DARK = {colour.to_bytes(3, "little") for colour in DARK}
# A plain ground is no marker, however near to its colour: 24 blocks of 343 shades are hardly ever fewer than this.
FEWEST_SHADES = 12
_SAMPLE = struct.Struct("dB")

Sample = tuple[float, int]
Span = tuple[float, float]


def is_marker(row: tuple[int, ...]) -> bool:
    """Whether these pixels are the marker of any lock whatever, on one of its grounds."""
    blocks = row[:: marker.SIDE]
    if len(set(blocks)) < FEWEST_SHADES or any(row[at] != blocks[at // marker.SIDE] for at in range(len(row))):
        return False
    return any(all(_near(pixel, ground) for pixel in blocks) for ground in GROUNDS)


def _near(pixel: int, ground: int) -> bool:
    return all(abs((pixel >> shift & 0xFF) - min(max(ground >> shift & 0xFF, 3), 252)) <= 3 for shift in (16, 8, 0))


@lru_cache(maxsize=256)
def kind(data: bytes) -> int:
    """What a row of the corner shows."""
    row = tuple(int.from_bytes(data[at : at + 3], "little") for at in range(0, len(data), 4))
    if is_marker(row):
        return COVER
    return BARE if len(set(row)) == 1 and row[0] in DARK else OTHER


def look(name: str, file: Path) -> None:
    """Until standard input ends."""
    left = threading.Event()
    threading.Thread(target=_until_told, args=(left,), daemon=True).start()
    with file.open("ab") as out:
        while not left.is_set():
            try:
                display = Display(name)
                _look_at(display, out, left)
            except (ConnectionClosedError, DisplayConnectionError, XError, OSError, AssertionError):
                out.write(_SAMPLE.pack(time.monotonic(), AWAY))
            time.sleep(EVERY)


def _until_told(left: threading.Event) -> None:
    sys.stdin.read()
    left.set()


def _look_at(display: Display, out: BinaryIO, left: threading.Event) -> None:
    root = display.screen().root
    while not left.is_set():
        height = display.screen().height_in_pixels
        image = root.get_image(0, height - 1, marker.WIDTH, 1, X.ZPixmap, 0xFFFFFFFF)
        data = image.data if isinstance(image.data, bytes) else image.data.encode("latin-1")
        what = kind(data)
        if what == BARE and not _dark(root, display.screen().width_in_pixels, height):
            what = OTHER
        out.write(_SAMPLE.pack(time.monotonic(), what))
        time.sleep(EVERY)


def _dark(root: Window, width: int, height: int) -> bool:
    """Whether nothing stands on the lines through the middle either."""
    for place in ((0, height // 2, width, 1), (width // 2, 0, 1, height)):
        data = root.get_image(*place, X.ZPixmap, 0xFFFFFFFF).data
        if {data[at : at + 3] for at in range(0, len(data), 4)} - _DARK:
            return False
    return True


class ScreenWatch:
    """The process, and afterwards its `samples`: (moment, kind), moments as time.monotonic() has them everywhere."""

    def __init__(self, display: str, file: Path, env: dict[str, str] | None = None) -> None:
        self._file = file
        command = [sys.executable, "-m", "tests.screen_watch", display, str(file)]
        home = str(Path(__file__).parent.parent)
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, cwd=home, env={**os.environ, **(env or {}), "PYTHONPATH": home}
        )
        self.samples: list[Sample] = []

    def __enter__(self) -> "ScreenWatch":
        return self

    def __exit__(self, *error: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)
        self.samples = list(_SAMPLE.iter_unpack(self._file.read_bytes()))


def pauses(samples: list[Sample]) -> tuple[float, float]:
    """The pause between two looks that half of them kept to, and that all but one in a hundred did; in seconds."""
    found = sorted(after[0] - before[0] for before, after in zip(samples, samples[1:], strict=False))
    return found[len(found) // 2], found[len(found) * 99 // 100]


def unseen(samples: list[Sample], within: Iterable[Span]) -> float:
    """Seconds of these spans in which nobody looked, so that nobody knows whether a cover was there."""
    moments, total = [moment for moment, _kind in samples], 0.0
    for begin, end in within:
        looks = [begin, *moments[bisect_left(moments, begin) : bisect_right(moments, end)], end]
        total += sum(after - before for before, after in pairwise(looks) if after - before > BLINK)
    return total


def gaps(samples: list[Sample], within: Iterable[Span]) -> list[Span]:
    """Stretches without a cover in these spans: from the last look that showed one to the next, or the span's end."""
    moments, found = [moment for moment, _kind in samples], list[Span]()
    for begin, end in within:
        since: float | None = None
        last = begin
        for moment, what in samples[bisect_left(moments, begin) : bisect_right(moments, end)]:
            if what != COVER:
                since = last if since is None else since
                continue
            if since is not None:
                found.append((since, moment))
            last, since = moment, None
        if since is not None:
            found.append((since, end))
    return found


def kind_at(samples: list[Sample], moment: float) -> int:
    """What the last look before this moment showed; COVER before the first one."""
    place = bisect_left(samples, (moment, 0))
    return samples[place - 1][1] if place else COVER


def first_cover(samples: list[Sample], since: float) -> float:
    """Seconds from this moment to the first look that shows a cover; infinite when none does."""
    for moment, what in samples[bisect_left(samples, (since, 0)) :]:
        if what == COVER:
            return moment - since
    return float("inf")


if __name__ == "__main__":
    look(sys.argv[1], Path(sys.argv[2]))
