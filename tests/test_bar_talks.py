"""The time bar: always on top, never with the keyboard, and each touch says exactly one thing."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from Xlib import X

from tests.layout import places
from tests.lock_stage import OPEN, Stage, settled, until
from tests.station_processes import slowness

pytestmark = pytest.mark.slow

DEEP, MIST, RICE, CARD, PAPER = 0x073630, 0xDCE9E3, 0xF6C445, 0xFFFFFF, 0xF4F7F3
OFFER = {"minutes": 30, "offered": True, "why_not": None}
STICK = {"id": "sdb1", "label": "KINGSTON", "free_mb": 3400, "state": "ready", "detail": ""}
REFUSE = {"minutes": 30, "offered": False, "why_not": "waiting"}
INTRUDER = """
from Xlib import display, X
d = display.Display(); s = d.screen()
w = s.root.create_window(0, 0, s.width_in_pixels, 300, 0, s.root_depth, background_pixel=0xFF00FF,
                         override_redirect=True)
w.map(); d.sync()
import time
time.sleep(60)
"""
# Holds the focus and prints every key that reaches it.
TYPIST = """
from Xlib import display, X
d = display.Display(); s = d.screen()
w = s.root.create_window(100, 500, 100, 100, 0, s.root_depth, background_pixel=0, event_mask=X.KeyPressMask)
w.map(); d.sync(); w.set_input_focus(X.RevertToParent, X.CurrentTime); d.sync()
print("ready", flush=True)
while True:
    event = d.next_event()
    if event.type == X.KeyPress:
        print(event.detail, flush=True)
"""


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    stage.root.change_attributes(background_pixel=0x808080)
    stage.root.clear_area(0, 0, 1366, 768)
    stage.eyes.sync()
    stage.service.put(**OPEN)
    stage.start("bar")
    until(lambda: stage.pixel(1360, 5) == MIST, "the bar, with Finish to its very edge")
    yield stage
    stage.close()


def verbs(stage: Stage) -> list[str]:
    return [message["verb"] for message in stage.service.all_heard() if message["verb"] != "idle"]


def sheet(stage: Stage) -> bool:
    """Whether a sheet hangs below the bar."""
    return stage.pixel(683, 100) == CARD


def tap(stage: Stage, page: str, name: str) -> None:
    """Touch a button of the `bar` or of a `sheet NOTICE`, once it has settled."""
    settled(0.4)
    stage.tap(*places(stage.display, stage.service.state, page)[name])


def test_strip_is_as_high_as_designed_and_leaves_the_rest_alone(stage: Stage) -> None:
    assert stage.pixel(683, 63) == DEEP
    assert stage.pixel(683, 65) == PAPER, "only the ground behind all windows"


def test_finish_asks_once(stage: Stage) -> None:
    tap(stage, "bar", "finish")
    until(lambda: sheet(stage), "the question")
    assert verbs(stage) == []
    tap(stage, "sheet confirm", "finish_now")
    assert stage.service.wait("finish", 4)


def test_a_double_click_on_finish_does_not_finish(stage: Stage) -> None:
    x, y = places(stage.display, stage.service.state, "bar")["finish"]
    stage.tap(x, y)
    stage.tap(x, y)
    until(lambda: sheet(stage), "the question")
    assert verbs(stage) == []


def test_finish_can_be_taken_back(stage: Stage) -> None:
    tap(stage, "bar", "finish")
    until(lambda: sheet(stage), "the question")
    tap(stage, "sheet confirm", "close")
    until(lambda: not sheet(stage), "put away")
    assert verbs(stage) == []


def test_the_five_minute_sheet_offers_time_and_shrinks_when_it_is_given(stage: Stage) -> None:
    stage.service.put(seconds_left=300, warning=5, extension=OFFER)
    until(lambda: sheet(stage), "the warning")
    tap(stage, "sheet warning", "more")
    assert stage.service.wait("extend", 4)
    until(lambda: not sheet(stage), "taken")
    stage.service.put(seconds_left=2100, granted=5400, warning=None)
    until(lambda: sheet(stage), "the time that was added")


def test_a_warning_is_shown_once_and_can_be_put_away(stage: Stage) -> None:
    stage.service.put(seconds_left=600, warning=10)
    until(lambda: sheet(stage), "the warning")
    settled(0.4)
    stage.tap(700, 110)
    until(lambda: not sheet(stage), "put away")
    settled(0.8)
    assert not sheet(stage)
    assert verbs(stage) == []


def test_no_more_time_is_answered_with_a_sentence_not_with_an_order(stage: Stage) -> None:
    stage.service.put(seconds_left=600, warning=10, extension=REFUSE)
    until(lambda: sheet(stage), "the warning")
    settled(0.4)
    stage.tap(700, 110)
    until(lambda: not sheet(stage), "put away")
    tap(stage, "bar", "more")
    until(lambda: sheet(stage), "why not")
    assert verbs(stage) == []


def test_menu_help_and_the_minutes_from_the_bar(stage: Stage) -> None:
    tap(stage, "bar", "menu")
    assert stage.service.wait("menu", 4)
    tap(stage, "bar", "help")
    assert stage.service.wait("help", 4)
    until(lambda: sheet(stage), "staff will come")
    tap(stage, "bar", "time")
    tap(stage, "sheet hub", "menu")
    assert stage.service.wait("menu", 4)


def test_once_the_warning_is_gone_more_time_is_the_one_bright_thing(stage: Stage) -> None:
    stage.service.put(seconds_left=600, warning=10, extension=OFFER)
    until(lambda: sheet(stage), "the warning")
    x, _y = places(stage.display, stage.service.state, "bar")["more"]
    until(lambda: stage.pixel(x, 3) == DEEP, "quiet beside the sheet")
    settled(0.4)
    stage.tap(700, 110)
    until(lambda: stage.pixel(x, 3) == RICE, "bright")


def test_a_warning_stays_five_seconds_whatever_is_typed_and_goes_with_the_next_key(stage: Stage) -> None:
    stage.service.put(seconds_left=300, warning=5, extension=OFFER)
    until(lambda: sheet(stage), "the warning")
    begun = time.monotonic()
    while time.monotonic() - begun < 3.5:
        stage.keys("a")
        # A key that a busy machine took so long to press may rightly be the next one.
        assert sheet(stage) or time.monotonic() - begun > 4.8
        settled(0.3)
    time.sleep(max(0.0, begun + 5.6 - time.monotonic()))
    assert sheet(stage), "still there, as nobody went on"
    subprocess.run(["xdotool", "mousemove", "300", "600"], env={**os.environ, "DISPLAY": stage.display}, check=True)
    settled(0.4)
    assert sheet(stage), "moving the pointer towards its button does not take it away"
    stage.keys("a")
    until(lambda: not sheet(stage), "the next key", 1)


def test_the_windows_key_alone_takes_no_warning_away(stage: Stage) -> None:
    stage.service.put(seconds_left=300, warning=5, extension=OFFER)
    until(lambda: sheet(stage), "the warning")
    settled(5.2)
    for act in ("keydown", "keyup"):
        command = ["xdotool", act, "Super_L"]
        subprocess.run(command, env={**os.environ, "DISPLAY": stage.display}, check=True)
        settled(0.5)
        assert sheet(stage), act
    stage.keys("super+Return")
    assert stage.service.wait("extend", 4)


def test_a_click_elsewhere_closes_what_was_asked_for(stage: Stage) -> None:
    tap(stage, "bar", "finish")
    until(lambda: sheet(stage), "the question")
    time.sleep(1.2)
    begun = time.monotonic()
    # A second click and a third where a busy bar did not look between the pointer's way there and the first.
    while sheet(stage):
        assert time.monotonic() - begun < 5, "put away"
        stage.tap(600, 700)
        settled(0.3)
    assert verbs(stage) == []


def test_escape_puts_away_at_once_what_was_asked_for_and_no_warning(stage: Stage) -> None:
    # One press, however long a busy machine takes to see it: a repeated one would be a touch after the first second.
    stage.eyes.change_keyboard_control(auto_repeat_mode=X.AutoRepeatModeOff)
    stage.eyes.sync()
    tap(stage, "bar", "finish")
    until(lambda: sheet(stage), "the question")
    mouse(stage, "keydown", "Escape")
    until(lambda: not sheet(stage), "put away")
    mouse(stage, "keyup", "Escape")
    stage.service.put(seconds_left=300, warning=5, extension=OFFER)
    until(lambda: sheet(stage), "the warning")
    mouse(stage, "keydown", "Escape")
    settled(0.8)
    mouse(stage, "keyup", "Escape")
    assert sheet(stage), "a warning is seen first"
    assert verbs(stage) == []


def mouse(stage: Stage, *words: object) -> None:
    subprocess.run(["xdotool", *map(str, words)], env={**os.environ, "DISPLAY": stage.display}, check=True)


def test_a_slow_finger_on_a_button_of_the_sheet_presses_it(stage: Stage) -> None:
    """A hand that rests, presses, and lets go later is on the sheet, not elsewhere."""
    tap(stage, "bar", "finish")
    until(lambda: sheet(stage), "the question")
    mouse(stage, "mousemove", *places(stage.display, stage.service.state, "sheet confirm")["finish_now"])
    time.sleep(1.4)
    mouse(stage, "mousedown", 1)
    time.sleep(0.9)
    assert sheet(stage)
    mouse(stage, "mouseup", 1)
    assert stage.service.wait("finish", 4)


def test_a_finger_that_comes_down_elsewhere_closes_the_sheet_at_once(stage: Stage) -> None:
    tap(stage, "bar", "finish")
    until(lambda: sheet(stage), "the question")
    time.sleep(1.2)
    mouse(stage, "mousemove", 600, 700, "mousedown", 1)
    until(lambda: not sheet(stage), "put away", 0.8)
    mouse(stage, "mouseup", 1)
    assert verbs(stage) == []


def test_a_touch_beside_a_button_leaves_the_sheet(stage: Stage) -> None:
    tap(stage, "bar", "finish")
    until(lambda: sheet(stage), "the question")
    x, y = places(stage.display, stage.service.state, "sheet confirm")["finish_now"]
    settled(0.4)
    stage.tap(x, y + 70)
    settled(0.5)
    assert sheet(stage) and verbs(stage) == []


def test_a_stick_is_noticed_saved_to_and_ejected(stage: Stage) -> None:
    stage.service.put(sticks=[STICK])
    until(lambda: sheet(stage), "the stick")
    tap(stage, "sheet usb", "save")
    assert stage.service.wait("save", 4)["stick"] == "sdb1"
    stage.service.put(sticks=[{**STICK, "state": "saved"}])
    settled(0.6)
    tap(stage, "sheet usb", "eject")
    assert stage.service.wait("eject", 4)["stick"] == "sdb1"


def test_who_would_lose_files_is_offered_first_to_keep_them(stage: Stage) -> None:
    stage.service.put(sticks=[STICK])
    until(lambda: sheet(stage), "the stick")
    stage.keys("super+Escape")
    until(lambda: not sheet(stage), "put away")
    for unsaved, verb in ((0, "finish"), (2, "save")):
        stage.service.put(home={"free_mb": 900, "full": False, "unsaved": unsaved})
        tap(stage, "bar", "finish")
        until(lambda: sheet(stage), "the question")
        stage.keys("super+Return")  # the first button
        stage.service.wait(verb, 4)
        stage.keys("super+Escape")
        until(lambda: not sheet(stage), "put away")


def test_a_browser_that_does_not_start_is_told_once(stage: Stage) -> None:
    stage.service.put(browser=False)
    until(lambda: sheet(stage), "the sentence")
    tap(stage, "sheet no_browser", "help")
    assert stage.service.wait("help", 4)
    stage.keys("super+Escape")
    until(lambda: not sheet(stage), "put away")
    time.sleep(1.0)
    assert not sheet(stage), "the state still says so, the bar no more"


def test_what_was_closed_for_want_of_memory_is_told_each_time(stage: Stage) -> None:
    for closed in (0, 1, 2):
        stage.service.put(home={"free_mb": 900, "full": False, "unsaved": 0, "closed": closed})
        until(lambda closed=closed: bool(sheet(stage)) == bool(closed), "told")  # type: ignore[misc]
        stage.keys("super+Escape")
        until(lambda: not sheet(stage), "put away")


def test_what_can_wait_comes_after_the_warning(stage: Stage) -> None:
    stage.service.put(seconds_left=300, warning=5, extension=OFFER)
    until(lambda: sheet(stage), "the warning")
    stage.service.put(sticks=[STICK])
    settled(0.5)
    tap(stage, "sheet warning", "more")
    assert stage.service.wait("extend", 4), "the button is where it was"
    tap(stage, "sheet usb", "save")
    assert stage.service.wait("save", 4)


def test_idle_covers_the_desk_and_one_touch_goes_on(stage: Stage) -> None:
    stage.service.put(idle=86)
    until(lambda: stage.pixel(683, 700) == DEEP, "the question over the whole desk")
    assert stage.pixel(1360, 5) == MIST
    until(lambda: stage.pixel(620, 440) == RICE, "its one act")
    tap(stage, "sheet idle", "still_here")
    assert stage.service.wait("still_here", 4)
    stage.service.put(idle=None)
    until(lambda: stage.pixel(683, 700) == PAPER, "the desk again")


def test_comes_back_over_a_window_that_covers_it(stage: Stage) -> None:
    intruder = stage.spawn(INTRUDER)
    until(lambda: stage.pixel(683, 200) == 0xFF00FF, "control: the other window is there")
    until(lambda: stage.pixel(1360, 5) == MIST and stage.pixel(2, 2) == DEEP, "the bar above it", 2)
    assert intruder.poll() is None


def test_never_takes_the_keyboard(stage: Stage, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", TYPIST], env={**os.environ, "DISPLAY": stage.display},
                          stdout=subprocess.PIPE, text=True) as typist:  # fmt: skip
        assert typist.stdout is not None
        assert typist.stdout.readline() == "ready\n"
        stage.keys("a")
        first = typist.stdout.readline()
        assert first.strip().isdigit(), "control: the key arrives"
        stage.service.put(seconds_left=300, warning=5, extension=OFFER)
        until(lambda: sheet(stage), "the warning")
        stage.tap(700, 110)
        stage.tap(1300, 30)
        until(lambda: sheet(stage), "the question")
        stage.keys("a")
        assert typist.stdout.readline() == first
        typist.kill()


def test_tells_how_long_nobody_touched_anything_and_that_somebody_came_back(stage: Stage) -> None:
    message = stage.service.wait("idle", 12)
    assert 5 <= message["seconds"] < 12 * slowness() + 1
    stage.keys("a")
    until(lambda: stage.service.wait("idle", 4)["seconds"] < 5, "somebody is back")


def test_outlives_a_service_that_is_restarted(stage: Stage) -> None:
    stage.service.stop()
    time.sleep(1)
    assert stage.processes[0].poll() is None
    assert stage.pixel(1360, 5) == MIST
    stage.service.start()
    stage.service.put(seconds_left=600, warning=10)
    until(lambda: sheet(stage), "hears the service again")
