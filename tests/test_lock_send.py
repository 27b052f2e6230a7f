"""Tk's `send` would let any program of the display run code inside the lock. It is gone; a control attacks."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lock_stage import OPEN, Stage, until

pytestmark = pytest.mark.slow

VICTIM = "import tkinter; t = tkinter.Tk(className='Victim'); t.mainloop()"
ATTACK = """
import sys, tkinter
t = tkinter.Tk(className="Attacker"); t.withdraw(); reached = []
for name in t.tk.splitlist(t.tk.call("winfo", "interps")):
    if name.lower().startswith("attacker"):
        continue
    try:
        t.tk.call("send", name, "set", "pwned", "1")
        reached.append(name)
    except tkinter.TclError:
        pass
print(",".join(reached))
"""


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1024x768"), home)
    yield stage
    stage.close()


def attack(stage: Stage) -> str:
    done = subprocess.run([sys.executable, "-c", ATTACK], env={**os.environ, "DISPLAY": stage.display},
                          capture_output=True, text=True, timeout=30, check=True)  # fmt: skip
    return done.stdout.strip()


def test_control_a_plain_tk_program_obeys_a_stranger(stage: Stage) -> None:
    stage.spawn(VICTIM)
    until(lambda: "ictim" in attack(stage), "control: the attack works", 20)


@pytest.mark.parametrize("role", ["lock", "bar"])
def test_lock_and_bar_obey_nobody(stage: Stage, role: str) -> None:
    if role == "bar":
        stage.service.put(**OPEN)
    stage.start(role)
    if role == "lock":
        stage.service.wait("covered")
    else:
        until(lambda: stage.pixel(2, 2) == 0x073630, "the bar")
    time.sleep(0.5)
    assert attack(stage) == ""
