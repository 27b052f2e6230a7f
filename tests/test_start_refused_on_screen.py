"""A START that would be refused is no button: neither a touch nor a key reaches the service."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lock_stage import Stage, until

pytestmark = pytest.mark.slow

RICE = 0xF6C445
DRUM = 1000, 400
RIM = range(860, 1150, 10)


@pytest.fixture
def stage(xvfb: Callable[..., str], home: Path) -> Iterator[Stage]:
    stage = Stage(xvfb("1366x768"), home)
    stage.start("lock")
    stage.service.wait("covered")
    yield stage
    stage.close()


def yellow(stage: Stage) -> bool:
    """Whether the drum is filled with the yellow of what may be touched."""
    return sum(stage.pixel(x, 460) == RICE for x in RIM) > len(RIM) // 2


def begins(stage: Stage) -> int:
    return [message["verb"] for message in stage.service.all_heard()].count("begin")


@pytest.mark.parametrize("why", ["closing_soon", "entry", "waiting", "no_supervisor", "something new"])
def test_nothing_begins_and_nothing_is_yellow(stage: Stage, why: str) -> None:
    until(lambda: yellow(stage), "control: START")
    stage.service.put(start_refused=why, closes_at="11:30")
    until(lambda: not yellow(stage), "the spent drum")
    stage.tap(*DRUM)
    stage.keys("Return", "KP_Enter")
    stage.keys("Tab", "Tab", "Escape")
    assert begins(stage) == 0
    stage.service.put(start_refused=None)
    until(lambda: yellow(stage), "START again")
    stage.keys("Return")
    assert begins(stage) == 1


def test_going_on_after_a_power_cut_is_offered_only_when_it_can_be_done(stage: Stage) -> None:
    until(lambda: yellow(stage), "control: START")
    stage.service.put(resume={"minutes": 23}, supervisor_here=False)
    until(lambda: not yellow(stage), "getting ready")
    stage.service.all_heard()
    stage.keys("Return", "Escape")
    assert "resume" not in [message["verb"] for message in stage.service.all_heard()]
    stage.service.put(supervisor_here=True)
    time.sleep(0.5)
    stage.keys("Return")
    assert stage.service.wait("resume")["accept"] is True
