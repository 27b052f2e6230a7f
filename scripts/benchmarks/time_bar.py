"""The time bar in a session: what it takes from the processor, and how soon a warning stands on the screen."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from Xlib import X

from scripts.benchmarks import proc
from scripts.benchmarks.figures import Figure, median
from scripts.benchmarks.stage import SIZE, folder, say, screen, station
from tests.lock_stage import OPEN, Stage, until

SECONDS, SETTLE, TIMES = 60, 5, 30
CARD, DESK = 0xFFFFFF, 0x808080
OFFER = {"minutes": 30, "offered": True, "why_not": None}
WARNED = {"seconds_left": 300, "warning": 5, "extension": OFFER}
CALM = {"seconds_left": 1800, "warning": None, "extension": {**OFFER, "offered": False, "why_not": "not_yet"}}
# The limit: a process that does nothing but map a white window of a sheet's size when a line comes, and takes it away.
BARE = """
import sys
from Xlib import X, display
d = display.Display(); s = d.screen()
w = s.root.create_window(344, 112, 1232, 420, 0, s.root_depth, background_pixel=0xFFFFFF, override_redirect=True)
print("ready", flush=True)
for line in sys.stdin:
    w.map() if line == "map\\n" else w.unmap()
    d.sync()
"""


def measure() -> list[Figure]:
    """Percent of one core over a minute of a session; milliseconds from the state that warns to its sheet."""
    return [_processor(), *_warning()]


def _processor() -> Figure:
    with station() as running:
        running.open_session()
        (pid,) = running.pids("bar")
        say(f"watching the bar of a session for {SECONDS} s")
        time.sleep(SETTLE)
        before, asleep, start = proc.cpu_seconds(pid), proc.wake_ups(pid), time.monotonic()
        time.sleep(SECONDS)
        passed = time.monotonic() - start
        share, woken = 100 * (proc.cpu_seconds(pid) - before) / passed, (proc.wake_ups(pid) - asleep) / passed
        held = proc.pss(pid)
        if running.pids("bar") != [pid]:
            raise RuntimeError("the bar ended while it was watched")
        running.end_session()
    note = f"{woken:.1f} wake-ups/s; holds {held:.0f} MB; over a minute, in which one stroke turns short"
    return Figure("time bar: processor", share, "% of a core", 0.3, "timekpr-next 0.07 %", note)


def _warning() -> list[Figure]:
    with folder() as place, screen() as display:
        stage = Stage(display, Path(place))
        try:
            stage.root.change_attributes(background_pixel=DESK)
            stage.root.clear_area(0, 0, 4000, 4000)
            bare = _bare(stage)
            stage.service.put(**{**OPEN, **CALM})
            stage.start("bar")
            until(lambda: stage.pixel(1900, 5) == 0xDCE9E3, "the bar")
            time.sleep(5)
            drawn = [_one_warning(stage) for _time in range(TIMES)]
        finally:
            stage.close()
    raw = sorted(bare)[len(bare) // 2]
    note = f"from the state that warns to the sheet with its words and its button, at {SIZE}; raw limit: a bare window"
    note += f" of that size takes {raw:.1f} ms (n={len(bare)}); the first time of a session {drawn[0]:.0f} ms"
    return [
        median("time bar: warning on the screen", drawn, "ms", 50, note=note),
        median("  raw: a bare window mapped", bare, "ms"),
    ]


def _bare(stage: Stage) -> list[float]:
    command = [sys.executable, "-c", BARE]
    with subprocess.Popen(
        command, env={"DISPLAY": stage.display, "PATH": "/usr/bin:/bin"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, bufsize=1,
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None and process.stdout.readline() == "ready\n"
        samples = []
        for _time in range(TIMES):
            start = time.monotonic()
            process.stdin.write("map\n")
            _seen(lambda: stage.pixel(960, 300) == CARD)
            samples.append(1000 * (time.monotonic() - start))
            process.stdin.write("unmap\n")
            _seen(lambda: stage.pixel(960, 300) == DESK)
        process.stdin.close()
    return samples


def _one_warning(stage: Stage) -> float:
    stage.service.put(**CALM)
    _seen(lambda: stage.pixel(960, 128) == DESK, 30)
    time.sleep(0.3)
    start = time.monotonic()
    stage.service.put(**WARNED)
    _seen(lambda: _drawn(stage))
    passed = 1000 * (time.monotonic() - start)
    # Away with it, as by a touch beside its buttons.
    time.sleep(0.4)
    stage.tap(960, 135)
    return passed


def _drawn(stage: Stage) -> bool:
    """Whether the sheet hangs there, with words in ink and its button in rice."""
    image = stage.root.get_image(420, 130, 900, 380, X.ZPixmap, 0xFFFFFF).data
    data = image if isinstance(image, bytes) else image.encode("latin-1")
    return b"\x45\xc4\xf6" in data and b"\x26\x2a\x0e" in data


def _seen(true: Callable[[], bool], seconds: float = 8) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise RuntimeError("what was to be seen did not come")
