"""Windows that raise themselves without pause, over all others or beside ours in the overlay, and a locked screen."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.lock_stage import ENDING, OPEN, Stage, until
from tests.station_processes import slowness
from tests.watching import Eye

pytestmark = pytest.mark.slow

COLOUR = 0xFF00FF
# In the root window or in the overlay; raised again after so many milliseconds, or once and never again.
FIGHTER = """
import sys, time
from Xlib import X, display
from Xlib.error import CatchError
place, pause = sys.argv[1], float(sys.argv[2]) / 1000
d = display.Display(); s = d.screen(); ignored = CatchError()
w = s.root.create_window(0, 0, s.width_in_pixels, s.height_in_pixels, 0, s.root_depth, background_pixel=0xFF00FF,
                         override_redirect=True)
if place == "overlay":
    d.composite_query_version()
    over = s.root.composite_get_overlay_window().overlay_window
    w.reparent(over, 0, 0, onerror=ignored)
    if "map" in sys.argv:
        over.map()
w.map(onerror=ignored); d.sync(); print("up", flush=True)
if pause < 0:
    w.configure(stack_mode=X.Above); d.sync(); time.sleep(600)
while True:
    w.map(onerror=ignored); w.configure(stack_mode=X.Above, onerror=ignored); d.sync()
    while d.pending_events():
        d.next_event()
    if pause:
        time.sleep(pause)
"""


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    yield stage
    stage.close()


class Sample(NamedTuple):
    """When, and whether the fighter was seen."""

    moment: float
    seen: bool


class Watch:
    """Looks again and again whether the fighter's colour is anywhere on two lines through the screen."""

    def __init__(self, display: str) -> None:
        self.samples: list[Sample] = []
        self._display, self._running = display, True
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        with Eye(self._display) as eye:
            while self._running:
                self.samples.append(Sample(time.monotonic(), eye.shows(COLOUR)))

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._running = False
        self._thread.join()

    def share(self, since: float = 0.0) -> tuple[int, int]:
        after = [sample.seen for sample in self.samples if sample.moment >= since]
        return sum(after), len(after)


@contextmanager
def fighters(stage: Stage, count: int, *words: str) -> Iterator[None]:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", FIGHTER, *words], env={**os.environ, "DISPLAY": stage.display},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        for _number in range(count)
    ]  # fmt: skip
    try:
        for one in started:
            assert one.stdout is not None and one.stdout.readline() == b"up\n"
        yield
    finally:
        for one in started:
            one.kill()
            one.communicate()


@pytest.mark.parametrize(("count", "pause"), [(1, "0"), (1, "0.5"), (4, "0"), (4, "0.5")])
def test_in_the_root_window_they_are_never_seen(stage: Stage, count: int, pause: str) -> None:
    with fighters(stage, count, "root", pause):
        until(lambda: stage.pixel(683, 384) == COLOUR, "control: they are all that is seen")
        stage.start("lock")
        token = stage.service.wait("covered")["marker"]
        with Watch(stage.display) as watch:
            time.sleep(1.5)
        print(f"\n{count} of them, each {pause} ms: seen in {watch.share()[0]} of {watch.share()[1]} samples")
        assert watch.share()[0] == 0 < watch.share()[1]
        assert stage.covered(token)
        stage.insist("Return", "begin")


def test_one_that_comes_into_the_overlay_while_locked_is_covered_at_once(stage: Stage) -> None:
    """No program of a session lives then; one that is there all the same gets one picture, if any."""
    stage.start("lock")
    token = stage.service.wait("covered")["marker"]
    stage.insist("Return", "begin")
    with Watch(stage.display) as watch:
        for _try in range(10):
            with fighters(stage, 1, "overlay", "-1"):
                time.sleep(0.2)
                assert stage.covered(token) and stage.pixel(683, 384) != COLOUR
    seen, samples = watch.share()
    print(f"\n10 windows into the overlay, above ours: seen in {seen} of {samples} samples")
    assert seen <= samples * 0.1


def test_without_pause_in_the_overlay_while_locked(stage: Stage) -> None:
    """Two that raise themselves as fast as they can: each is seen for a part of the time, and ours is never away."""
    stage.start("lock")
    token = stage.service.wait("covered")["marker"]
    with fighters(stage, 1, "overlay", "0"), Watch(stage.display) as watch:
        time.sleep(2)
    seen, samples = watch.share()
    longest, since = 0.0, None
    for sample in watch.samples:
        since = (since or sample.moment) if sample.seen else None
        longest = max(longest, sample.moment - since if since else 0.0)
    print(
        f"\nwithout pause in the overlay: seen in {seen} of {samples} samples, at most {1000 * longest:.0f} ms on end"
    )
    assert seen < samples and longest < 0.5 * slowness(), "ours comes back"
    until(lambda: stage.covered(token), "covered as soon as it is gone", 1)
    stage.insist("Return", "begin")


@pytest.mark.parametrize("pause", ["0", "0.5"])
def test_in_the_overlay_at_the_end_of_a_session_and_at_the_swap(stage: Stage, pause: str) -> None:
    """It waited there all session. The standby throws it out, and until the fresh lock is there nothing else comes."""
    stage.service.put(**OPEN)
    old = stage.start("lock")
    stage.service.wait("uncovered")
    with fighters(stage, 2, "overlay", pause):
        overlay = stage.root.composite_get_overlay_window().overlay_window
        overlay.map()
        until(lambda: stage.pixel(683, 384) == COLOUR, "control: in the overlay they are above all")
        overlay.unmap()
        stage.eyes.sync()
        with Watch(stage.display) as watch:
            stage.service.put(**ENDING)
            stage.service.wait("covered")
            covered = time.monotonic()
            env = {**os.environ, "DISPLAY": stage.display, "KIOSK_HOME": str(stage.home)}
            words = [sys.executable, "-m", "kiosk.lockscreen", "lock", "behind"]
            stage.processes.append(subprocess.Popen(words, env=env))
            token = stage.service.wait("covered")["marker"]
            old.kill()
            old.wait(10)
            until(lambda: stage.covered(token), "the fresh lock covers")
            time.sleep(0.5)
        seen, samples = watch.share(covered)
        print(f"\nfrom covered to the fresh lock alone: seen in {seen} of {samples} samples")
        assert seen == 0 < samples
        stage.service.put(state="free", session=None, end_reason=None, wiping=False)
        stage.insist("Return", "begin")
