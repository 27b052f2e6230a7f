"""Where the site wants it, the screen says which number is called: once, to the room, and only while the PC is free."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ear import Ear

from tests.lock_stage import Stage, settled, until

pytestmark = pytest.mark.slow


@pytest.fixture
def heard(xvfb: Callable[..., str], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[
    tuple[Stage, Ear]
]:  # fmt: skip
    ear = Ear(tmp_path / "ear", 20.0)
    for name, value in ear.environment.items():
        monkeypatch.setitem(os.environ, name, value)
    stage = Stage(xvfb("1366x768"), home)
    stage.start("lock")
    stage.service.wait("covered")
    until(lambda: stage.pixel(1021, 200) == 0xF6C445, "START drawn")
    yield stage, ear
    stage.close()


def test_a_called_number_is_said_once_and_the_next_one_too(heard: tuple[Stage, Ear]) -> None:
    stage, ear = heard
    stage.service.put(queue={"called": 12, "next": 13, "spoken": True})
    until(lambda: "số mười hai" in ear.words(), "it is said")
    stage.service.put(visits_today=5)
    stage.service.put(queue={"called": 12, "next": 14, "spoken": True})
    settled(1.0)
    assert ear.words().count("số mười hai") == 1
    stage.service.put(queue={"called": 13, "next": None, "spoken": True})
    until(lambda: "số mười ba" in ear.words(), "the next")


def test_nothing_is_said_where_the_site_does_not_want_it_nor_on_a_closed_screen(heard: tuple[Stage, Ear]) -> None:
    stage, ear = heard
    stage.service.put(queue={"called": 12, "next": None, "spoken": False})
    settled(1.0)
    stage.service.put(state="closed", queue={"called": 15, "next": None, "spoken": True})
    settled(1.0)
    stage.service.put(state="out_of_order", queue={"called": 16, "next": None, "spoken": True})
    settled(1.0)
    assert ear.words() == ""
