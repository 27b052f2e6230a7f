"""10,000 random keys, buttons and strokes of the mouse on locked screens: covered all the time, and usable afterwards.

KIOSK_TEST_EVENTS sets another number; the seed is printed, and KIOSK_TEST_SEED plays it again.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from kiosk import messages
from kiosk.lockscreen import marker
from tests.conftest import servers
from tests.lock_stage import ENDING, GROUNDS, OPEN, Stage, until
from tests.watching import Eye

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

EVENTS = int(os.environ.get("KIOSK_TEST_EVENTS", "10000"))
SEED = int(os.environ.get("KIOSK_TEST_SEED") or random.SystemRandom().randrange(1 << 32))
RED, RICE, PAPER = 0xD01010, 0xF6C445, 0xF4F7F3
PIN = "73914682"
# What is in front, and what brings it there: the state, keys, what the service answers to them.
FRONTS: dict[str, tuple[dict[str, Any], tuple[str, ...], dict[str, Any]]] = {
    "START": ({"state": "free"}, (), {}),
    "questions": ({"state": "asking"}, (), {}),
    "ticket": ({"state": "free", "ticket_refused": ""}, ("1",), {}),
    "closed": ({"state": "closed"}, (), {}),
    "out of order": ({"state": "out_of_order"}, (), {}),
    "staff's PIN": ({"state": "free"}, ("ctrl+alt+q",), {"names": ["Chị Hoa"]}),
    "getting ready": ({**OPEN, "cover": True}, (), {}),
    "ending": (ENDING, (), {}),
}
USUAL = {"state": "free", "session": None, "end_reason": None, "wiping": False, "ticket_refused": "entry"}
# A program of the session that was forgotten: it says of every key and button that reaches it.
LISTENER = """
import sys, tkinter
window = tkinter.Tk()
window.wm_overrideredirect(True)
window.geometry("1366x768+0+0")
window.configure(background="#D01010")
for kind in ("<KeyPress>", "<ButtonPress>", "<MouseWheel>"):
    window.bind(kind, lambda event: print("heard", event, flush=True))
window.after(1500, window.focus_force)
window.after(2000, lambda: print("up", flush=True))
window.mainloop()
"""


class Watch:
    """Whether the marker stands and no red is seen, again and again, on a connection of its own."""

    def __init__(self, display: str, token: str) -> None:
        self.samples = self.uncovered = self.red = 0
        self._display, self._token, self._running = display, token, True
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        with Eye(self._display) as eye:
            while self._running:
                self.samples += 1
                self.uncovered += not marker.matches(self._token, GROUNDS, eye.row())
                self.red += eye.shows(RED)
                time.sleep(0.002)

    def stop(self) -> None:
        self._running = False
        self._thread.join()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with servers() as start:
        stage = Stage(start("1366x768"), tmp_path_factory.mktemp("random"))
        yield stage
        stage.close()


class Hands:
    """Presses at random; whatever is down is let go at the end."""

    def __init__(self, display: str, seed: int) -> None:
        self._display, self._random = Display(display), random.Random(seed)
        self._down: set[tuple[int, int]] = set()

    def play(self, count: int) -> None:
        for number in range(count):
            self._one()
            if number % 100 == 99:
                self._display.sync()
        for release, which in sorted(self._down):
            xtest.fake_input(self._display, release, which)
        self._down.clear()
        self._display.sync()

    def close(self) -> None:
        self._display.close()

    def _one(self) -> None:
        kind = self._random.random()
        if kind < 0.15:
            place = self._random.randrange(1366), self._random.randrange(768)
            xtest.fake_input(self._display, X.MotionNotify, x=place[0], y=place[1])
        elif kind < 0.35:
            self._turn(X.ButtonPress, X.ButtonRelease, self._random.randint(1, 9))
        else:
            # The lower keycodes are those that keyboards have: digits and letters more often than the rest.
            self._turn(X.KeyPress, X.KeyRelease, self._random.choice((self._random.randint(9, 119), 10, 19, 36, 9)))

    def _turn(self, press: int, release: int, which: int) -> None:
        if (release, which) in self._down:
            self._down.discard((release, which))
            xtest.fake_input(self._display, release, which)
        else:
            self._down.add((release, which))
            xtest.fake_input(self._display, press, which)
            # Mostly let go at once: with Ctrl or Alt down all the time every key would be a combination.
            if self._random.random() < 0.9:
                self._turn(press, release, which)


def tree(pid: int) -> list[str]:
    """A process and what it has started, by their words."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [words, *(one for child in below for one in tree(int(child)))]


def kilobytes(pid: int) -> int:
    """Of its own memory (PSS)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Pss:")))


def quiet(pid: int) -> bool:
    """Whether it has nothing to do for a moment: everything that was pressed has been heard."""

    def look() -> tuple[bool, int]:
        """Whether it waits for something to come (one that only waits for its turn on a busy PC runs), and its time."""
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return words[0] == "S", int(words[11]) + int(words[12])

    before, waits = look()[1], True
    for _look in range(10):
        time.sleep(0.05)
        waits &= look()[0]
    return waits and look()[1] - before <= 2


def says(stage: Stage, **fields: Any) -> None:
    """The service's answer to staff."""
    with stage.service._lock:
        for line in stage.service._lines:
            line.sendall(messages.encode("staff", **fields))


def bring(stage: Stage, name: str) -> None:
    """A clean START, and from there what should be in front."""
    state, keys, answer = FRONTS[name]
    stage.service.put(**{**USUAL, "state": "closed"})
    until(lambda: stage.pixel(1021, 200) != RICE, "START is gone")
    stage.service.put(**{**USUAL, **state})
    if keys:
        until(lambda: stage.pixel(1021, 200) == RICE, "START drawn")
    if answer:
        stage.insist(keys[0], "staff")
        says(stage, **answer)
    elif keys:
        stage.keys(*keys)
    if keys:
        until(lambda: stage.pixel(683, 4) == PAPER, "its page")
    time.sleep(0.3)


def answers(stage: Stage) -> Counter[str]:
    """START comes, and is heard. What was heard before it, by verbs."""
    stage.service.put(**{**USUAL, "state": "closed"})
    time.sleep(0.1)
    stage.service.put(**USUAL)
    told = Counter(message["verb"] for message in stage.service.all_heard(0.02))
    until(lambda: stage.pixel(1021, 200) == RICE, "START drawn")
    stage.insist("Return", "begin")
    return told


def test_random_keys_and_buttons_on_every_locked_screen(stage: Stage) -> None:
    listener = subprocess.Popen(
        [sys.executable, "-c", LISTENER],
        env={**os.environ, "DISPLAY": stage.display},
        stdout=subprocess.PIPE,
        text=True,
    )
    stage.processes.append(listener)  # type: ignore[arg-type]
    said, heard = listener.stdout, list[str]()
    assert said is not None and said.readline() == "up\n"
    reader = threading.Thread(target=lambda: deque(map(heard.append, said), maxlen=0))
    reader.start()
    hands = Hands(stage.display, SEED)
    hands.play(60)
    until(lambda: heard, "control: without the lock they reach whoever listens")
    print(f"\nseed {SEED}; control: {len(heard)} of 60 events reach a window where nothing is locked")
    lock = stage.start("lock")
    token = stage.service.wait("covered")["marker"]
    answers(stage)
    processes = tree(lock.pid)
    heard.clear()
    memory = [kilobytes(lock.pid)]
    for turn in (1, 2):
        for name in FRONTS:
            bring(stage, name)
            watch = Watch(stage.display, token)
            begun = time.monotonic()
            hands.play(EVENTS // (2 * len(FRONTS)) + 1)
            until(lambda: quiet(lock.pid), "all that was pressed is heard", 60)
            took = time.monotonic() - begun
            told = answers(stage)
            watch.stop()
            print(f"{turn}. {name}: {took:.1f} s, covered in all of {watch.samples} samples; said {dict(told)}")
            assert told or name not in ("START", "questions"), "control: some of it means something"
            assert watch.samples > 5
            assert (watch.uncovered, watch.red) == (0, 0)
            assert tree(lock.pid) == processes, "no process more, and none else"
            assert lock.poll() is None
        memory.append(kilobytes(lock.pid))
    hands.close()
    print(f"memory of the lock: {' -> '.join(f'{one / 1024:.1f} MB' for one in memory)}; heard elsewhere: {len(heard)}")
    assert heard == []
    assert memory[2] - memory[1] < 6144, "the second half needs no more than the first has left"
    listener.kill()
    reader.join()
    said.close()


@pytest.mark.parametrize("next_state", ["asking", "free", "closed"])
def test_no_digit_of_a_pin_is_left_for_the_next_page(stage: Stage, next_state: str) -> None:
    """Typed and not sent, when the state of the station turns: nothing of it is sent, kept, or taken for an answer."""
    if all(process.poll() is not None for process in stage.processes):
        stage.start("lock")
        stage.service.wait("covered")
    answers(stage)
    bring(stage, "staff's PIN")
    stage.keys(*PIN)
    stage.keys("Return")
    assert stage.service.wait("staff_pin")["pin"] == PIN, "control: typed here, and sent by Enter"
    says(stage, why="wrong", left=3)
    time.sleep(0.3)
    stage.keys(*PIN[::-1])
    stage.service.put(state="asking" if next_state == "free" else next_state)
    if next_state == "free":
        stage.service.put(state="free")
    time.sleep(0.5)
    stage.keys("Return")
    stage.service.put(**{**USUAL, "state": "closed"})
    bring(stage, "staff's PIN")
    stage.keys("Return")
    everything = stage.service.all_heard(0.5)
    assert [message for message in everything if message["verb"] == "staff_pin"] == []
    assert PIN[::-1] not in json.dumps(everything)
    answers(stage)
