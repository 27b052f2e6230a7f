"""What staff write hangs on the bar until it is acknowledged: over everything but a warning, and over a bar's death."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_bar_is_heard import listening, speaks
from test_bar_talks import MIST, sheet, tap, verbs

from kiosk.lockscreen.bar import words as bar_words
from tests.lock_stage import OPEN, Stage, settled, until

pytestmark = pytest.mark.slow

__all__ = ["speaks"]
MESSAGE = {"id": "m1", "text": "Chiều nay điểm có lớp học, mời Quý vị ở lại."}


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


def test_it_stays_until_it_is_acknowledged_and_says_which_one_was(stage: Stage) -> None:
    stage.service.put(message=MESSAGE)
    until(lambda: sheet(stage), "the message")
    settled(0.4)
    stage.tap(700, 110)  # beside its button: nobody loses it by missing
    settled(0.4)
    assert sheet(stage) and verbs(stage) == []
    tap(stage, "sheet message", "seen")
    assert stage.service.wait("seen", 4)["id"] == "m1"
    until(lambda: not sheet(stage), "put away before the service says so")
    stage.service.put(message=None)
    settled(0.4)
    assert not sheet(stage)


def test_it_comes_back_after_what_hung_over_it(stage: Stage) -> None:
    stage.service.put(message=MESSAGE)
    until(lambda: sheet(stage), "the message")
    tap(stage, "bar", "finish")
    tap(stage, "sheet confirm", "close")
    settled(0.4)
    assert sheet(stage), "the question is gone, the message is not"
    tap(stage, "sheet message", "seen")
    assert stage.service.wait("seen", 4)["id"] == "m1"


def test_a_new_bar_shows_it_again_and_staff_may_take_it_back(stage: Stage) -> None:
    stage.service.put(message=MESSAGE)
    until(lambda: sheet(stage), "the message")
    stage.processes[-1].kill()
    until(lambda: not sheet(stage), "no bar")
    stage.start("bar")
    until(lambda: sheet(stage), "the message again")
    stage.service.put(message=None)
    until(lambda: not sheet(stage), "taken back")
    assert verbs(stage) == []


def test_it_is_read_aloud_to_who_listens() -> None:
    bar, sound, ear = listening(lang="vi", state={"message": MESSAGE})
    sound.read(bar_words.content(bar, "message"))
    assert ear.heard[0].startswith(MESSAGE["text"]) and "Tôi đã đọc" in ear.heard[0]
