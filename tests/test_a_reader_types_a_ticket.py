"""A bar code reader types a ticket's QR as a keyboard would, fast, with Enter or without; fingers are as they were."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lock_stage import Stage, settled, until

pytestmark = pytest.mark.slow

# It holds a 9, which calls staff, a 1, which opens the house rules, and a 2, which opens the page of tickets.
CODE = "91820362"
START, PAPER = 0xF6C445, 0xF4F7F3


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    stage.start("lock")
    stage.service.wait("covered")
    until(lambda: on_start(stage), "START drawn")
    settled(0.4)
    yield stage
    stage.close()


def on_start(stage: Stage) -> bool:
    return stage.pixel(1021, 200) == START


def reads(stage: Stage, digits: str, enter: bool = True, delay: int = 4) -> None:
    """What a reader does: keys a few milliseconds apart."""
    keys = [*digits, *(["Return"] if enter else [])]
    subprocess.run(["xdotool", "key", "--delay", str(delay), *keys], env={"DISPLAY": stage.display}, check=True)


def heard(stage: Stage) -> list[str]:
    return [message["verb"] for message in stage.service.all_heard()]


@pytest.mark.parametrize("ways", [{"ticket_refused": None}, {"ticket_refused": None, "start_refused": "entry"}])
@pytest.mark.parametrize("enter", [True, False])
def test_on_start_the_whole_code_is_sent_and_no_digit_means_anything_else(
    stage: Stage, ways: dict[str, str | None], enter: bool
) -> None:
    stage.service.put(**ways)
    settled(0.3)
    reads(stage, CODE, enter)
    verbs = []
    while "ticket" not in verbs:
        message = stage.service.heard.get(timeout=8)
        verbs.append(message["verb"])
    assert message["code"] == CODE
    assert not {"help", "begin", "cancel"} & {*verbs, *heard(stage)}


def test_slow_readers_are_readers_too(stage: Stage) -> None:
    stage.service.put(ticket_refused=None)
    settled(0.3)
    reads(stage, CODE, delay=40)
    assert stage.service.wait("ticket")["code"] == CODE


def test_what_is_read_takes_the_place_of_what_was_typed(stage: Stage) -> None:
    stage.service.put(ticket_refused=None)
    settled(0.3)
    stage.slowly("2", "4", "7")
    until(lambda: stage.pixel(5, 300) == PAPER, "the page of tickets")
    settled(0.3)
    reads(stage, CODE)
    assert stage.service.wait("ticket")["code"] == CODE
    stage.service.put(ticket={"why_not": "used", "wait_seconds": 0, "number": 1})
    settled(0.3)
    reads(stage, CODE[::-1])
    assert stage.service.wait("ticket")["code"] == CODE[::-1], "the next slip"


@pytest.mark.parametrize("read", ["8934563138164", "123", "99"])
def test_another_bar_code_does_nothing_on_start(stage: Stage, read: str) -> None:
    stage.service.put(ticket_refused=None)
    settled(0.3)
    reads(stage, read)
    assert set(heard(stage)) <= {"touch"} and on_start(stage)


def test_without_tickets_a_reader_does_nothing(stage: Stage) -> None:
    reads(stage, CODE)
    assert set(heard(stage)) <= {"touch"} and on_start(stage)


def test_a_single_digit_still_means_what_it_meant(stage: Stage) -> None:
    stage.slowly("9")
    stage.service.wait("help")
    stage.slowly("Escape", "1")
    until(lambda: stage.pixel(5, 300) == PAPER, "the rules")
