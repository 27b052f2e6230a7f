"""The gesture and the PIN at the real lock: by mouse and by keyboard, and nothing of it by chance."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lock_stage import Stage, settled, until

pytestmark = pytest.mark.slow

PIN, NAMES = "482915", ["Chị Hoa", "Anh Minh"]
EMBLEM, PAPER, DEEP = (73, 52), 0xF4F7F3, 0x073630


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    stage.start("lock")
    stage.service.wait("covered")
    until(lambda: stage.pixel(1021, 200) == 0xF6C445, "START drawn")
    settled(0.4)
    yield stage
    stage.close()


def hand(stage: Stage, *words: str) -> None:
    subprocess.run(["xdotool", *words], env={**os.environ, "DISPLAY": stage.display}, check=True, timeout=20)


def hold(stage: Stage, seconds: float, at: tuple[int, int] = EMBLEM) -> None:
    hand(stage, "mousemove", *map(str, at), "mousedown", "1", "sleep", str(seconds), "mouseup", "1")


def said(stage: Stage, **fields: Any) -> None:
    """The service's answer, to whoever listens."""
    from kiosk import messages

    with stage.service._lock:
        for line in stage.service._lines:
            line.sendall(messages.encode("staff", **fields))


def asked(stage: Stage) -> list[str]:
    return [message["verb"] for message in stage.service.all_heard() if message["verb"].startswith("staff")]


def called(stage: Stage) -> None:
    stage.insist("ctrl+alt+q", "staff")
    until(lambda: stage.pixel(683, 4) == PAPER, "the page of staff")


def test_the_emblem_held_for_three_seconds_asks_for_staff_and_a_shorter_touch_does_not(stage: Stage) -> None:
    before = stage.pixel(EMBLEM[0] - 44, EMBLEM[1])
    for _touch in range(3):
        hold(stage, 1.0)
    assert asked(stage) == []
    hold(stage, 4.0, (500, 300))
    assert asked(stage) == [], "not just anywhere"
    hand(stage, "mousemove", *map(str, EMBLEM), "mousedown", "1", "sleep", "1.5")
    assert stage.pixel(EMBLEM[0] + 44, EMBLEM[1]) != DEEP, "the strokes grow round it"
    hand(stage, "mousemove", "500", "300", "sleep", "2.5", "mouseup", "1")
    assert asked(stage) == [], "a finger that slips away"
    until(lambda: stage.pixel(EMBLEM[0] - 44, EMBLEM[1]) == before, "and they are gone")
    hold(stage, 3.6)
    assert asked(stage) == ["staff"]


@pytest.mark.parametrize("state", ["closed", "out_of_order"])
def test_by_keyboard_on_the_other_covered_pages_too(stage: Stage, state: str) -> None:
    stage.service.put(state=state)
    called(stage)


def test_a_pin_is_typed_by_keyboard_and_sent_once_to_the_service_alone(stage: Stage) -> None:
    called(stage)
    said(stage, names=NAMES, why="")
    settled(0.4)
    stage.slowly("2", *PIN[:3], "BackSpace", *PIN[2:], "Return", "Return")
    message = stage.service.wait("staff_pin")
    assert (message["name"], message["pin"], message["prefs"]["lang"]) == (NAMES[1], PIN, "vi")
    assert asked(stage) == [], "once"
    said(stage, why="wrong", left=4, wait=0)
    settled(0.4)
    stage.slowly(*PIN[::-1], "Return")
    assert stage.service.wait("staff_pin")["pin"] == PIN[::-1], "tried again"


def test_a_pin_is_typed_by_finger(stage: Stage) -> None:
    called(stage)
    said(stage, names=NAMES[:1], why="")
    until(lambda: stage.pixel(1100, 150) != PAPER or stage.pixel(1160, 200) != PAPER, "the keys")
    settled(0.4)
    for place in ((920, 200), (1085, 200), (1240, 200), (920, 330), (1085, 330), (1240, 330), (1240, 690)):
        stage.tap(*place)
        settled(0.15)
    assert stage.service.wait("staff_pin")["pin"] == "123456"


def test_the_way_back_and_a_turn_that_comes_meanwhile_forget_what_was_typed(stage: Stage) -> None:
    called(stage)
    said(stage, names=NAMES, why="")
    settled(0.4)
    stage.slowly("1", *PIN, "Escape", "Escape")
    until(lambda: stage.pixel(1021, 200) == 0xF6C445, "START again")
    called(stage)
    said(stage, names=NAMES[:1], why="")
    settled(0.4)
    stage.slowly(*PIN)
    stage.service.put(state="asking")
    settled(0.6)
    stage.service.put(state="free")
    until(lambda: stage.pixel(1021, 200) == 0xF6C445, "START again")
    called(stage)
    said(stage, names=NAMES[:1], why="")
    settled(0.4)
    stage.slowly("Return")
    assert [verb for verb in asked(stage) if verb == "staff_pin"] == [], "nothing was kept of the first"


def test_where_nobody_may_now_it_is_said_and_no_pin_is_asked_for(stage: Stage) -> None:
    called(stage)
    said(stage, why="busy")
    settled(0.4)
    stage.slowly(*PIN)
    assert [verb for verb in asked(stage) if verb == "staff_pin"] == []
    stage.slowly("Return")
    until(lambda: stage.pixel(1021, 200) == 0xF6C445, "START again")


def test_staff_who_are_in_are_not_covered_and_covered_as_soon_as_they_leave(stage: Stage) -> None:
    stage.service.put(staff="opening")
    settled(0.3)
    stage.service.put(staff="open", cover=False)
    stage.service.wait("uncovered")
    stage.service.put(staff="ending", cover=True)
    stage.service.wait("covered")
    stage.service.put(staff="open", cover=False)
    stage.service.wait("uncovered")
    stage.service.stop()
    token = stage.service.state["marker"]
    until(lambda: stage.pixel(683, 4) == DEEP, f"covered without a service, {token}")
