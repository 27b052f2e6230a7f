"""The screens beside the questions: house rules, a ticket's number, called staff, and the last seconds of patience."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lock_stage import OPEN, Stage, settled, until
from tests.station_processes import slowness

pytestmark = pytest.mark.slow

DEEP, PAPER, MIST = 0x073630, 0xF4F7F3, 0xDCE9E3


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    stage.start("lock")
    stage.service.wait("covered")
    until(lambda: stage.pixel(1021, 200) == 0xF6C445, "START drawn")
    settled(0.4)
    yield stage
    stage.close()


def rules_shown(stage: Stage) -> bool:
    return stage.pixel(5, 700) == MIST and stage.pixel(5, 300) == PAPER


def verbs(stage: Stage) -> list[str]:
    return [message["verb"] for message in stage.service.all_heard()]


# House rules


@pytest.mark.parametrize(("key", "shown"), [("1", True), ("2", False), ("3", True), ("0", False)])
def test_the_rules_come_after_first_time_and_dont_remember_only(stage: Stage, key: str, shown: bool) -> None:
    stage.ask()
    stage.slowly(key)
    if not shown:
        settled(0.3)
        assert not rules_shown(stage)
    else:
        until(lambda: rules_shown(stage), "the rules")
        stage.slowly("Return")
        until(lambda: not rules_shown(stage), "on")
    stage.slowly("0", "0")
    first = {"1": ["FST_Y"], "2": ["FST_N"], "3": ["FST_U"]}.get(key)
    assert stage.service.wait("sign_in")["answers"] == ({"first": first} if first else {})


def test_keys_typed_ahead_find_the_page_that_the_last_one_has_turned(stage: Stage) -> None:
    stage.ask()
    stage.keys("1", "Return", "3", "1", "3", "Return")
    assert stage.service.wait("sign_in")["answers"] == {
        "first": ["FST_Y"], "person": ["SEX_F", "AGE_31_59"], "groups": ["GRP_POOR", "GRP_ETHMIN"],
    }  # fmt: skip


def test_back_from_the_rules_is_the_question_and_they_come_once(stage: Stage) -> None:
    stage.ask()
    stage.slowly("1", "Escape")
    until(lambda: not rules_shown(stage), "the question again")
    stage.slowly("3")
    until(lambda: rules_shown(stage), "the rules")
    stage.slowly("Return", "Escape", "1")
    assert not rules_shown(stage), "read already"
    stage.slowly("0", "0")
    assert stage.service.wait("sign_in")["answers"] == {"first": ["FST_Y"]}


def test_the_rules_can_be_read_from_start_and_start_nothing(stage: Stage) -> None:
    stage.service.all_heard()
    for end in ("Return", "Escape"):
        stage.slowly("shift+Tab", "shift+Tab", "Return")
        until(lambda: rules_shown(stage), "the rules")
        stage.slowly(end)
        until(lambda: stage.pixel(500, 4) == DEEP, "START again")
    assert [verb for verb in verbs(stage) if verb != "touch"] == []


# Help


def test_called_staff_are_told_once_and_the_call_can_be_taken_back(stage: Stage) -> None:
    stage.ask()
    stage.slowly("2")
    stage.service.all_heard()
    call_staff(stage)
    assert verbs(stage).count("help") == 1
    stage.service.put(help_asked=True)
    until(lambda: stage.pixel(500, 4) == DEEP, "staff have been told")
    stage.slowly("Return")
    until(lambda: stage.pixel(500, 4) == PAPER, "the question again")
    call_staff(stage)
    assert verbs(stage).count("help") == 0, "they are told already"
    stage.slowly("Tab", "Tab", "Return")
    assert "helped" in verbs(stage)
    until(lambda: stage.pixel(500, 4) == PAPER, "the question again")
    stage.service.put(help_asked=False)
    stage.slowly("0", "0")
    assert stage.service.wait("sign_in")["answers"] == {"first": ["FST_N"]}


def call_staff(stage: Stage) -> None:
    """Touch the button of a question, in the row at the bottom, once the page takes clicks."""
    settled(0.4)
    stage.tap(900, 712)
    settled(0.4)


# A ticket's number


def test_a_ticket_is_typed_mended_and_sent(stage: Stage) -> None:
    stage.service.put(start_refused="entry", ticket_refused=None)
    settled(0.3)
    stage.slowly("Return")
    until(lambda: stage.pixel(500, 4) == PAPER, "the keypad")
    stage.service.all_heard()
    stage.slowly(*"4930826", "Return", "9", "BackSpace", "KP_4", "5", "Return")
    assert stage.service.wait("ticket")["code"] == "49308264"
    stage.slowly("1", "BackSpace", "Return")
    assert "ticket" not in verbs(stage), "an answer is awaited"
    stage.service.put(ticket={"why_not": "unknown", "wait_seconds": 0, "number": 1})
    settled(0.3)
    stage.slowly(*"00000000", "KP_Enter")
    assert stage.service.wait("ticket")["code"] == "00000000"
    stage.service.put(state="asking", ticket=None, minutes=25)
    until(lambda: stage.pixel(5, 300) == PAPER, "the first question")
    stage.slowly("0", "0", "0")
    assert stage.service.wait("sign_in")["answers"] == {}


def test_a_mistyped_number_stays_to_be_mended(stage: Stage) -> None:
    stage.service.put(start_refused="entry", ticket_refused=None)
    settled(0.3)
    stage.slowly("Return", *"49308265", "Return")
    stage.service.wait("ticket")
    stage.service.put(ticket={"why_not": "mistyped", "wait_seconds": 0, "number": 7})
    settled(0.3)
    stage.slowly("BackSpace", "4", "Return")
    assert stage.service.wait("ticket")["code"] == "49308264"


def test_while_a_wait_lasts_no_digit_is_taken_and_esc_goes_back(stage: Stage) -> None:
    stage.service.put(start_refused="entry", ticket_refused=None)
    settled(0.3)
    stage.slowly("Return")
    stage.service.put(ticket={"why_not": "wait", "wait_seconds": 29, "number": 3})
    settled(0.3)
    stage.slowly(*"49308264", "Return")
    assert "ticket" not in verbs(stage)
    stage.slowly("Escape")
    until(lambda: stage.pixel(500, 4) == DEEP, "START")
    stage.service.put(ticket=None)
    stage.slowly("Return", *"493082", "Escape", "Return", *"64", "Return")
    assert "ticket" not in verbs(stage), "nothing typed is left for the next one"


def test_without_tickets_nothing_leads_to_the_keypad(stage: Stage) -> None:
    stage.service.put(start_refused="entry")
    settled(0.3)
    stage.slowly("Return", *"49308264", "Return")
    assert [verb for verb in verbs(stage) if verb in ("ticket", "begin")] == []


# The last seconds


def test_the_last_seconds_are_counted_and_any_key_ends_the_count(stage: Stage) -> None:
    stage.service.put(sign_in_reset_seconds=6)
    stage.ask()
    stage.slowly("2")
    until(lambda: stage.pixel(500, 4) == DEEP, "the count", 5)
    stage.service.all_heard()
    stage.keys("0")
    until(lambda: stage.pixel(500, 4) == PAPER, "the question again", 1.5)
    assert [verb for verb in verbs(stage) if verb not in ("touch", "covered")] == [], "the key did nothing else"
    until(lambda: stage.pixel(500, 4) == DEEP, "the count again", 5)
    stage.tap(700, 700)
    until(lambda: stage.pixel(500, 4) == PAPER, "the question again", 1.5)
    stage.slowly("0", "0")
    assert stage.service.wait("sign_in")["answers"] == {"first": ["FST_N"]}


def test_nobody_there_and_start_comes_back_by_itself(stage: Stage) -> None:
    stage.service.put(sign_in_reset_seconds=4)
    since = time.monotonic()
    stage.ask()
    until(lambda: stage.pixel(500, 4) == DEEP, "the count", 4)
    stage.service.wait("cancel", 6)
    assert 4 <= time.monotonic() - since < 5 + 2 * slowness()


# The first window


def test_the_session_is_told_to_be_ready_when_a_window_of_it_is_mapped_and_not_before(stage: Stage) -> None:
    stage.service.put(**{**OPEN, "cover": True})
    settled(0.6)
    assert "ready" not in verbs(stage)
    small = "import tkinter as t; r=t.Tk(); r.wm_overrideredirect(1); r.geometry('900x64+0+0'); r.mainloop()"
    stage.spawn(small)
    settled(0.8)
    assert "ready" not in verbs(stage), "the time bar alone is nothing to see"
    stage.spawn("import tkinter as t; r=t.Tk(); r.geometry('1000x600+0+64'); r.mainloop()")
    stage.service.wait("ready", 4)
    assert stage.pixel(500, 4) == DEEP, "covered until the service opens"


def test_a_station_that_asks_nothing_signs_in_at_once(stage: Stage) -> None:
    stage.service.put(questions=[])
    stage.service.all_heard()
    stage.service.put(state="asking")
    assert stage.service.wait("sign_in")["answers"] == {}
    settled(0.6)
    assert "sign_in" not in verbs(stage), "once"
