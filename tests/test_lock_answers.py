"""At the lock, by keyboard and by touch: what is chosen is what is sent, and nothing else is."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lock_stage import OPEN, Stage, settled, until

pytestmark = pytest.mark.slow

PAPER, DEEP, BLACK = 0xF4F7F3, 0x073630, 0x000000
# Keys and combinations that mean nothing to the lock; most of them mean much to a desktop or a browser.
NOTHING = (
    "a", "F5", "F11", "F12", "Menu", "Print", "Super_L", "alt+F4", "alt+Tab", "ctrl+alt+t",
    "ctrl+alt+Delete", "super+r", "super+d", "ctrl+Escape", "alt+F2", "alt+space", "ctrl+w", "ctrl+q", "ctrl+n",
    "ctrl+Return", "alt+Return", "super+Return", "ctrl+1", "alt+1", "ctrl+0", "ctrl+alt+Right",
    "ctrl+shift+Escape", "alt+Escape", "alt+F10", "Delete", "BackSpace", "Up", "Down", "Left", "Right", "Home",
    "End", "Prior", "Next", "Insert", "Pause", "Num_Lock",
)  # fmt: skip


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    stage.start("lock")
    stage.service.wait("covered")
    until(lambda: stage.pixel(1021, 200) == 0xF6C445, "START drawn")
    settled(0.4)
    yield stage
    stage.close()


BEEN_HERE = 683, 500


def signed_in(stage: Stage) -> dict[str, Any]:
    message = stage.service.wait("sign_in")
    return dict(message)


def test_enter_starts_and_so_does_a_tap_on_the_drum(stage: Stage) -> None:
    stage.keys("Return")
    stage.service.wait("begin")
    stage.tap(1021, 376)
    stage.service.wait("begin")


def test_a_tap_beside_the_drum_starts_nothing(stage: Stage) -> None:
    stage.tap(300, 600)
    stage.tap(683, 20)
    assert [m for m in stage.service.all_heard() if m["verb"] == "begin"] == []


def test_digits_answer_and_enter_goes_on(stage: Stage) -> None:
    stage.ask()
    stage.slowly("1", "Return", "2", "1", "3", "Return")
    sent = signed_in(stage)
    assert sent["answers"] == {
        "first": ["FST_Y"], "person": ["SEX_F", "AGE_16_30"], "groups": ["GRP_POOR", "GRP_ETHMIN"],
    }  # fmt: skip
    assert sent["prefs"] == {"lang": "vi", "large": False, "contrast": False, "voice": False}


def test_the_keypad_answers_too(stage: Stage) -> None:
    stage.ask()
    stage.slowly("KP_2", "KP_8", "KP_7", "KP_Enter")
    assert signed_in(stage)["answers"] == {"first": ["FST_N"], "person": ["SEX_M", "AGE_60P"], "groups": ["GRP_U"]}


def test_zero_skips_and_nothing_is_pre_selected(stage: Stage) -> None:
    stage.ask()
    stage.slowly("0", "0", "0")
    assert signed_in(stage)["answers"] == {}


def test_near_poor_takes_the_place_of_poor_and_none_of_all(stage: Stage) -> None:
    stage.ask()
    stage.slowly("0", "0", "1", "3", "2", "Return")
    assert signed_in(stage)["answers"] == {"groups": ["GRP_NEARPOOR", "GRP_ETHMIN"]}
    stage.service.put(state="free")
    stage.ask()
    stage.slowly("0", "0", "1", "4", "6", "Return")
    assert signed_in(stage)["answers"] == {"groups": ["GRP_NONE"]}


def test_a_second_touch_takes_a_choice_back(stage: Stage) -> None:
    stage.ask()
    stage.slowly("0", "0", "4", "4", "Return")
    assert signed_in(stage)["answers"] == {}


def test_escape_goes_back_and_from_the_first_question_to_start(stage: Stage) -> None:
    stage.ask()
    stage.slowly("1", "Escape", "2", "0", "0")
    assert signed_in(stage)["answers"] == {"first": ["FST_N"]}
    stage.service.put(state="free")
    stage.ask()
    stage.slowly("Escape")
    stage.service.wait("cancel")


def test_straight_in_by_touch_from_the_second_question(stage: Stage) -> None:
    stage.ask()
    stage.tap(*BEEN_HERE)
    stage.service.wait("touch")
    settled(0.5)
    stage.tap(1200, 712)
    assert signed_in(stage)["answers"] == {"first": ["FST_N"]}


def test_a_double_click_answers_one_question_only(stage: Stage) -> None:
    stage.ask()
    stage.tap(*BEEN_HERE)
    stage.tap(*BEEN_HERE)
    stage.service.wait("touch")
    settled(0.5)
    stage.tap(1200, 712)
    assert signed_in(stage)["answers"] == {"first": ["FST_N"]}


def test_enter_does_nothing_on_an_unanswered_question_of_one_choice(stage: Stage) -> None:
    stage.ask()
    stage.slowly("Return", "Return")
    stage.slowly("3", "Return", "0", "0")
    assert signed_in(stage)["answers"] == {"first": ["FST_U"]}


def test_tab_reaches_every_target_and_enter_presses_it(stage: Stage) -> None:
    stage.ask()
    stage.slowly("Tab", "Tab", "Return", "0", "0")
    assert signed_in(stage)["answers"] == {"first": ["FST_N"]}


def test_each_turn_of_a_page_says_that_somebody_is_there(stage: Stage) -> None:
    stage.ask()
    stage.service.all_heard()
    stage.slowly("1")
    stage.service.wait("touch")


def test_other_keys_do_nothing_at_all(stage: Stage) -> None:
    for place in ("start", "question"):
        before = stage.root.get_image(0, 0, 1366, 760, 2, 0xFFFFFF).data
        stage.keys(*NOTHING)
        said = stage.service.all_heard()
        assert said == [], (place, said)
        assert stage.root.get_image(0, 0, 1366, 760, 2, 0xFFFFFF).data == before, place
        stage.ask()
        stage.service.all_heard()


def test_choices_apply_at_once_and_go_with_the_citizen(stage: Stage) -> None:
    stage.ask()
    stage.slowly("F2", "F4", "F3")
    until(lambda: stage.pixel(500, 4) == BLACK, "high contrast at once")
    stage.slowly("0", "0", "0")
    assert signed_in(stage)["prefs"] == {"lang": "en", "large": True, "contrast": True, "voice": False}
    stage.service.put(state="free")
    until(lambda: stage.pixel(500, 4) == DEEP, "the next citizen's START is plain again")
    stage.ask()
    stage.slowly("0", "0", "0")
    assert signed_in(stage)["prefs"] == {"lang": "vi", "large": False, "contrast": False, "voice": False}


def test_left_alone_the_questions_give_way_to_start(stage: Stage) -> None:
    stage.service.put(sign_in_reset_seconds=1)
    stage.ask()
    stage.slowly("F3")
    stage.service.wait("cancel", 4)
    stage.service.put(state="free")
    until(lambda: stage.pixel(500, 4) == DEEP, "START, plain again")


def test_a_lock_that_comes_back_during_the_questions_asks_them_again(stage: Stage) -> None:
    stage.ask()
    stage.processes[0].kill()
    stage.processes[0].wait(5)
    stage.start("lock")
    stage.service.wait("covered")
    until(lambda: stage.pixel(500, 4) == PAPER, "the first question again")
    settled(0.4)
    stage.slowly("0", "0", "0")
    assert signed_in(stage)["answers"] == {}


def test_a_power_cut_is_told_and_going_on_is_one_touch(stage: Stage) -> None:
    stage.service.put(resume={"minutes": 23})
    settled(0.5)
    assert stage.insist("Return", "resume")["accept"] is True
    stage.service.all_heard()
    assert stage.insist("Escape", "resume")["accept"] is False


def test_keys_reach_the_screen_again_after_a_session(stage: Stage) -> None:
    stage.service.put(**OPEN)
    stage.service.wait("uncovered")
    settled(0.3)
    stage.keys("Return", "1")
    assert [m for m in stage.service.all_heard() if m["verb"] in ("begin", "touch")] == []
    stage.service.put(state="free", seconds_left=None, cover=True)
    stage.service.wait("covered")
    stage.insist("Return", "begin")


def test_the_goodbye_stays_until_somebody_touches(stage: Stage) -> None:
    stage.service.put(end_reason="signed_out")
    until(lambda: stage.pixel(1021, 200) != 0xF6C445, "the goodbye")
    stage.keys("Return")
    until(lambda: stage.pixel(1021, 200) == 0xF6C445, "START")
    assert [m for m in stage.service.all_heard() if m["verb"] == "begin"] == []
