"""The first page: each goal with its figure, base, matched sites and verdict, or why none is said; what is to do."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import g

from kiosk.clock import LOCAL
from kiosk.errors import KioskError
from kiosk.province.board.app import create_board
from kiosk.province.board.desk import Desk
from kiosk.province.board.figures_cache import FiguresCache, NotYet
from kiosk.province.board.goals import _goal, _growth_lines, _today
from kiosk.province.home import Home
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.value import Value
from kiosk.province.indicators.world import World
from kiosk.province.orders import carry_out
from tests.board_province import board_province
from tests.board_stage import Board, board_of, page_of


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return board_province(tmp_path_factory.mktemp("province") / "home", count=12, first=date(2026, 8, 1)).path


@pytest.fixture
def board(home: Path, tmp_path: Path) -> Iterator[Board]:
    with board_of(Path(shutil.copytree(home, tmp_path / "home", symlinks=True))) as opened:
        yield opened


def text_of(page: str) -> str:
    """What is read of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_figures_are_those_of_the_engine_and_the_strokes_are_the_sites(board: Board) -> None:
    page = page_of(board.of("officer"), "/")
    strokes = re.findall(r'<span class="(tall|short|hollow)">((?:<i></i>)*)</span>', page)
    assert sum(drawn.count("<i>") for _kind, drawn in strokes) == 12
    text = text_of(page)
    assert "Danh sách 2026.1" in text and "bản 1.0" in text and "trên 12 điểm" in text
    assert text.count("Chưa so sánh được: chưa có số liệu của năm trước.") == 4, "the first year says so"
    assert not re.search(r"\b(None|null|nan|Traceback)\b", text)


def test_no_percentage_is_shown_without_one(board: Board) -> None:
    with board.app.test_request_context("/"):
        for code in ("USERS_GROWTH", "VISITS_GROWTH", "EFFECTIVE_SITES"):
            goal = _goal(code, Value(reason="small_base", part=3, whole=2, sites=1))
            assert (goal.text, goal.bar) == ("–", 0) and goal.verdict in ("", "unknown")
            assert "%" not in goal.text and goal.lines[-1]


def test_what_is_missing_to_the_goal_is_said_in_people(board: Board) -> None:
    with board.app.test_request_context("/"):
        lines = _growth_lines("USERS_GROWTH", Value(1, part=101, whole=100, sites=7, verdict="not_met"), (3,))
        assert lines[-1] == "Còn thiếu khoảng 2 người."
        assert "7 điểm" in lines[1] and "101" in lines[1] and "100" in lines[1]
        met = _growth_lines("USERS_GROWTH", Value(3, part=103, whole=100, sites=7, verdict="met"), (3,))
        assert not any("thiếu" in line for line in met)


def test_each_goal_names_its_version(board: Board) -> None:
    with board.app.test_request_context("/"):
        for code in ("USERS_GROWTH", "TARGET_VISITS_GROWTH", "EFFECTIVE_SITES"):
            assert _goal(code, Value(reason="no_list")).version == DEFINITIONS[code].version


def test_what_needs_somebody_today_is_counted_and_leads_there(board: Board) -> None:
    page = page_of(board.of("officer"), "/")
    found = {address: int(count) for address, count in re.findall(
        r'<a class="line [\w-]+" href="(/\w+)"><svg.*?</svg><b>(\d+)</b>', page, re.DOTALL)}  # fmt: skip
    sites = board.desk.sites()
    assert found["/silent"] == 1, "the last of two: never joined"
    assert f"<b>{sum(one.is_long for one in sites.sites.values())}</b><span>điểm chưa gửi số liệu" in page
    assert found["/alarms"] == 1 and found["/grid"] == 1 and "/tasks" not in found


def test_a_task_is_counted_from_the_day_on_which_it_is_due(home: Path, tmp_path: Path) -> None:
    path = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    now = datetime.now(timezone.utc)
    due = now.astimezone(LOCAL).date() + timedelta(days=1)
    carry_out(path, "task add", title="Gọi điểm", due=due.isoformat(), site="TH-004", who="Lan")
    for days, counted in ((0, False), (1, True)):
        desk = Desk(Home(path), lambda days=days: now + timedelta(days=days))  # type: ignore[misc]
        with create_board(desk).test_request_context("/"):
            g.role = "officer"
            assert (len(_today(desk, desk.today())["due"]) == 1) == counted


@pytest.mark.parametrize(("period", "name"), [
    ("2026", "Năm 2026"), ("2026-Q3", "Quý III/2026"), ("2026-01..2026-06", "6 tháng đầu năm 2026"),
    ("2026-01..2026-09", "9 tháng năm 2026"), ("2025-11..2026-10", "12 tháng đến hết tháng 10/2026"),
    ("2025", "Năm 2025"),
])  # fmt: skip
def test_any_period_is_one_touch_away_and_named(board: Board, period: str, name: str) -> None:
    page = page_of(board.of("viewer"), f"/?period={period}")
    assert f'<b class="this">{name}</b>' in page


@pytest.mark.parametrize("period", ["", "x", "2027", "9999-12", "2026-13", "<script>", "2026-Q9", "0001", "a" * 4000])
def test_what_is_no_period_is_this_year(board: Board, period: str) -> None:
    page = board.of("viewer").get("/", query_string={"period": period}).text
    assert "<script>" not in page
    assert '<b class="this">Năm 2026</b>' in page_of(board.of("viewer"), f"/?period={period[:10]}")


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
