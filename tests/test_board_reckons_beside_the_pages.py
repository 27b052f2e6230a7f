"""Figures are reckoned beside the pages: once for an edition, told until the next is there, bounded, tried again."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kiosk.errors import KioskError
from kiosk.province.board.figures_cache import MOST_WAIT, FiguresCache, NotYet
from kiosk.province.indicators.world import World


@contextmanager
def cache(moment: float = 0.05) -> Iterator[tuple[FiguresCache, list[str], list[World]]]:
    """A cache over worlds that only have a number; what `state` says may be changed."""
    state, opened = ["1"], list[World]()

    @contextmanager
    def open_world() -> Iterator[World]:
        from kiosk.province.register.state import Register
        from kiosk.province.register.units import Units

        world = World(engine=None, register=Register({}, Units({})), edition=int(state[0]))  # type: ignore[arg-type]
        opened.append(world)
        yield world

    made = FiguresCache(open_world, lambda: state[0], moment, look_every=0.05)
    made.start()
    try:
        yield made, state, opened
    finally:
        made.close()


def until(made: FiguresCache, work: object, *args: object) -> object:
    """What is told, once it is reckoned."""
    for _again in range(400):
        try:
            return made.told(work, *args)  # type: ignore[arg-type]
        except NotYet:
            time.sleep(0.01)
    raise AssertionError("never told")


def test_a_page_waits_a_moment_then_is_told_that_it_is_reckoned_and_comes() -> None:
    go = threading.Event()

    def slow(world: World) -> int:
        go.wait(20)
        return world.edition

    with cache() as (made, _state, _opened):
        begun = time.monotonic()
        with pytest.raises(NotYet) as told:
            made.told(slow)
        assert time.monotonic() - begun < 5 and 0 <= told.value.done < 1
        go.set()
        assert until(made, slow) == 1


def test_an_answer_is_reckoned_once_for_an_edition_and_anew_for_the_next() -> None:
    count = list[int]()

    def work(world: World, name: str) -> tuple[str, int]:
        count.append(world.edition)
        return name, world.edition

    with cache() as (made, state, opened):
        assert until(made, work, "a") == ("a", 1)
        assert [until(made, work, "a") for _n in range(5)] == [("a", 1)] * 5 and count == [1]
        state[0] = "2"
        deadline = time.monotonic() + 20
        while made.told(work, "a") != ("a", 2) and time.monotonic() < deadline:  # never NotYet: the old one is told
            time.sleep(0.01)
        assert made.told(work, "a") == ("a", 2) and count == [1, 2] and len(opened) == 2


def test_what_goes_wrong_is_told_to_who_asked_and_the_next_is_reckoned() -> None:
    def wrong(_world: World) -> int:
        raise ZeroDivisionError

    with cache() as (made, _state, _opened):
        with pytest.raises(ZeroDivisionError):
            until(made, wrong)
        assert until(made, lambda world: world.edition) == 1


def test_an_engine_that_was_away_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.province.board.figures_cache.WRONG_KEPT", 0.2)
    away = [True]

    def asked(world: World) -> int:
        if away[0]:
            raise KioskError("The engine is away.", "Wait.")
        return world.edition

    with cache() as (made, _state, opened):
        with pytest.raises(KioskError, match="away"):
            until(made, asked)
        away[0] = False
        deadline = time.monotonic() + 20
        told = None
        while told is None and time.monotonic() < deadline:
            try:
                told = until(made, asked)
            except KioskError:
                time.sleep(0.05)
        assert told == 1
        while len(opened) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(opened) == 2


def test_no_more_answers_are_kept_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.province.board.figures_cache.MOST", 4)

    def work(_world: World, number: int) -> int:
        return number

    with cache() as (made, _state, _opened):
        assert [until(made, work, n) for n in range(9)] == list(range(9))
        assert made._shelf is not None and [key[1] for key in made._shelf.answers] == [(5,), (6,), (7,), (8,)]


def test_a_ledger_that_cannot_be_read_is_said_and_not_waited_for_and_asked_again() -> None:
    away = [True]

    def state() -> str:
        if away[0]:
            raise KioskError("away")
        return "1"

    @contextmanager
    def open_world() -> Iterator[World]:
        yield "the world"  # type: ignore[misc]

    made = FiguresCache(open_world, state, 0.05, look_every=0.05)
    made.start()
    try:
        with pytest.raises(KioskError):
            until(made, str)
        away[0] = False
        for _again in range(400):
            try:
                assert made.told(str) == "the world"
                break
            except (NotYet, KioskError):
                time.sleep(0.01)
        else:
            raise AssertionError("never told")
        away[0] = True
        time.sleep(0.3)
        assert made.told(str) == "the world", "what is known is told on"
    finally:
        made.close()


def test_the_line_has_an_end_and_goes_on_behind_it() -> None:
    go = threading.Event()

    def slow(world: World, number: int) -> int:
        go.wait(20)
        return number

    with cache(moment=0.001) as (made, _state, _opened):
        for number in range(MOST_WAIT + 20):
            with pytest.raises(NotYet) as told:
                made.told(slow, number)
        assert told.value.ahead == MOST_WAIT + 1
        go.set()
        assert until(made, slow, MOST_WAIT + 19) == MOST_WAIT + 19
