"""Whatever was made of the keyboard, digits, Enter, Escape, Tab and the staff's keys reach a locked screen."""

import ctypes
import os
import subprocess
import time
from collections.abc import Iterator

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from kiosk.lockscreen.keys import STUCK_SECONDS
from tests.conftest import servers
from tests.lock_stage import PAPER, Stage, until

pytestmark = pytest.mark.slow

# By their places, as a finger finds them.
ENTER, ESCAPE, TAB, ONE, ZERO, Q, CTRL, ALT, SHIFT, SUPER = 36, 9, 23, 10, 19, 24, 37, 64, 50, 133
A_OF_FRANCE = 38  # there Q is printed where others have A
RICE = 0xF6C445
CORE_KEYBOARD, SHIFT_BIT, LOCK_BIT, CONTROL_BIT, STICKY_KEYS = 0x100, 0x1, 0x2, 0x4, 0x8
# What the key of 1 gives there: 1, an ampersand, ă, 1, an Arabic 1; and where Q is found.
LAYOUTS = {
    "us": (0x31, Q), "fr": (0x26, A_OF_FRANCE), "vn": (0x1E3, Q), "ru": (0x31, Q),
    "ara -variant digits": (0x1000661, Q), "us,ru -option grp:alt_shift_toggle,caps:ctrl_modifier": (0x31, Q),
}  # fmt: skip


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with servers() as start:
        stage = Stage(start("1366x768"), tmp_path_factory.mktemp("keyboards"))
        stage.start("lock")
        stage.token = stage.service.wait("covered")["marker"]  # type: ignore[attr-defined]
        stage.insist("Return", "begin")
        yield stage
        stage.close()


@pytest.fixture(autouse=True)
def as_it_was(stage: Stage) -> Iterator[None]:
    free(stage)
    yield
    for key in (CTRL, ALT, SHIFT, SUPER):
        xtest.fake_input(stage.eyes, X.KeyRelease, key)
    stage.eyes.sync()
    layout(stage, "us -option")


def layout(stage: Stage, words: str) -> None:
    subprocess.run(["setxkbmap", *words.split()], env={**os.environ, "DISPLAY": stage.display}, check=True, timeout=10)
    time.sleep(0.2)


def gives(stage: Stage, key: int) -> int:
    """What the key gives by itself, to a program that starts now."""
    asked = Display(stage.display)
    try:
        return int(asked.keycode_to_keysym(key, 0))
    finally:
        asked.close()


def press(stage: Stage, *keys: int) -> None:
    """The keys together, as held down one after the other."""
    for key in keys:
        xtest.fake_input(stage.eyes, X.KeyPress, key)
    for key in reversed(keys):
        xtest.fake_input(stage.eyes, X.KeyRelease, key)
    stage.eyes.sync()


def hang(stage: Stage, *keys: int) -> None:
    """Down, and never up again."""
    for key in keys:
        xtest.fake_input(stage.eyes, X.KeyPress, key)
    stage.eyes.sync()


def modifiers(stage: Stage) -> int:
    return int(stage.root.query_pointer().mask) & 0xEF


def free(stage: Stage) -> None:
    stage.service.put(state="free")
    until(lambda: stage.pixel(1021, 200) == RICE, "START drawn")
    stage.service.all_heard(0.02)


def ask(stage: Stage) -> None:
    stage.service.put(state="asking")
    until(lambda: stage.pixel(500, 4) == PAPER, "the first question")


def visit(stage: Stage) -> None:
    """START; an answer to the first question, the house rules, no other answer; the questions again, and away."""
    press(stage, ENTER)
    stage.service.wait("begin")
    ask(stage)
    for key in (ONE, ENTER, *[ZERO] * 4):
        press(stage, key)
        time.sleep(0.1)
    assert len(stage.service.wait("sign_in")["answers"]) == 1
    free(stage)
    ask(stage)
    press(stage, ESCAPE)
    stage.service.wait("cancel")
    free(stage)


def tab_moves(stage: Stage) -> None:
    def picture() -> bytes:
        data = stage.root.get_image(0, 0, 1366, 768, X.ZPixmap, 0xFFFFFF).data
        return bytes(data if isinstance(data, bytes) else data.encode("latin-1"))

    before = picture()
    press(stage, TAB)
    until(lambda: picture() != before, "a frame round what Tab has reached")


def calls_staff(stage: Stage, *keys: int) -> None:
    press(stage, *keys)
    stage.service.wait("staff")
    press(stage, ESCAPE)


@pytest.mark.parametrize("words", LAYOUTS)
def test_on_any_layout(stage: Stage, words: str) -> None:
    layout(stage, words)
    given, place_of_q = LAYOUTS[words]
    assert gives(stage, ONE) == given, "control: this is what the layout has there"
    visit(stage)
    tab_moves(stage)
    calls_staff(stage, CTRL, ALT, place_of_q)


def test_in_the_second_group_of_two_layouts(stage: Stage) -> None:
    layout(stage, "us,ara -variant ,digits")
    xkb(stage, "XkbLockGroup", ctypes.c_uint(1))
    assert stage.root.query_pointer().mask >> 13 & 3 == 1, "control: the other layout is in force"
    visit(stage)
    calls_staff(stage, CTRL, ALT, Q)
    xkb(stage, "XkbLockGroup", ctypes.c_uint(0))


@pytest.mark.parametrize("keys", [(CTRL,), (SHIFT,), (CTRL, ALT, SUPER, SHIFT)], ids=["Ctrl", "Shift", "four"])
def test_under_a_modifier_that_hangs(stage: Stage, keys: tuple[int, ...]) -> None:
    """A combination does nothing while it may be meant; a Ctrl that is down for longer makes nobody deaf."""
    hang(stage, *keys)
    if CTRL in keys:
        press(stage, ENTER)
        heard = [message["verb"] for message in stage.service.all_heard(0.1)]
        assert "begin" not in heard, "control: it is in force"
    time.sleep(STUCK_SECONDS + 1)
    assert modifiers(stage), "control: it still hangs"
    until(lambda: begins(stage), "START is heard")
    free(stage)
    visit(stage)
    tab_moves(stage)


def xkb(stage: Stage, name: str, *words: ctypes.c_uint) -> None:
    """One of libX11's calls for the keyboard, as any program of the display may make it."""
    library = ctypes.CDLL("libX11.so.6")
    library.XOpenDisplay.restype = ctypes.c_void_p
    opened = ctypes.c_void_p(library.XOpenDisplay(stage.display.encode()))
    library.XkbQueryExtension(opened, *(ctypes.byref(ctypes.c_int()) for _number in range(5)))
    getattr(library, name)(opened, CORE_KEYBOARD, *words)
    library.XSync(opened, 0)
    library.XCloseDisplay(opened)


@pytest.mark.parametrize("how", ["XkbLockModifiers", "XkbLatchModifiers", "sticky keys"])
def test_locked_modifiers_are_let_go(stage: Stage, how: str) -> None:
    if how == "sticky keys":
        xkb(stage, "XkbChangeEnabledControls", ctypes.c_uint(STICKY_KEYS), ctypes.c_uint(STICKY_KEYS))
        for _twice in range(2):
            press(stage, CTRL)
    else:
        all_of_them = ctypes.c_uint(SHIFT_BIT | LOCK_BIT | CONTROL_BIT)
        xkb(stage, how, all_of_them, all_of_them)
    assert modifiers(stage) & CONTROL_BIT, "control: every key is now a combination"
    until(lambda: not modifiers(stage), "none is in force any more", STUCK_SECONDS + 2)
    visit(stage)
    xkb(stage, "XkbChangeEnabledControls", ctypes.c_uint(STICKY_KEYS), ctypes.c_uint(0))


def held(stage: Stage) -> bool:
    """Whether somebody else has the keyboard."""
    got = stage.root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
    stage.eyes.ungrab_keyboard(X.CurrentTime)
    stage.eyes.sync()
    return bool(got == X.AlreadyGrabbed)


def test_a_grab_that_keys_have_broken_is_taken_anew(stage: Stage) -> None:
    """The server's own keys against a program that holds everything: a layout may have them, and nobody is told."""
    until(lambda: held(stage), "held before")
    layout(stage, "us -option grab:break_actions")
    broken = 0
    for _try in range(20):
        press(stage, CTRL, ALT, 106)  # the keypad's /
        broken += not held(stage)
        until(lambda: held(stage), "held again", 1)
    print(f"\na grab broken by Ctrl+Alt+/: seen without it {broken} times of 20, held again each time")
    assert broken > 0, "control: these keys break it"
    visit(stage)


DEVICES = {
    "unplugged": ["float {}", "reattach {} {core}"],
    "switched off": ["disable {}", "enable {}"],
    "of another person": ["create-master Second", "reattach {} {second}", "remove-master {second}"],
}


@pytest.mark.parametrize("device", ["Xvfb mouse", "Xvfb keyboard"])
@pytest.mark.parametrize("what", DEVICES)
def test_a_mouse_or_keyboard_that_goes_and_comes(stage: Stage, device: str, what: str) -> None:
    """As the X server sees it when somebody pulls a plug and puts it back: what belongs to which master changes."""
    kind = "pointer" if "mouse" in device else "keyboard"
    masters = {"core": f"Virtual core {kind}", "second": f"Second {kind}"}
    env, seen = {**os.environ, "DISPLAY": stage.display}, set()
    for step in DEVICES[what]:
        words = [word.format(device, **masters) for word in step.split()]
        subprocess.run(["xinput", *words], env=env, check=True, capture_output=True, timeout=10)
        seen.add(subprocess.run(["xinput", "list"], env=env, check=True, capture_output=True, timeout=10).stdout)
        assert held(stage), "nobody else gets the keys meanwhile"
    assert len(seen) > 1, "control: the server has other devices in between"
    stage.tap(1021, 338)
    stage.service.wait("begin")
    until(lambda: begins(stage), "START is heard")


def begins(stage: Stage) -> bool:
    """Whether Enter on START is heard."""
    press(stage, ENTER)
    return any(message["verb"] == "begin" for message in stage.service.all_heard(0.1))
