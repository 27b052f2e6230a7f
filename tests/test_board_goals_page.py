"""The first page: each goal with its figure, base, matched sites and verdict, or why none is said; what is to do."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import g

from kiosk.clock import LOCAL
from kiosk.province.board.app import create_board
from kiosk.province.board.desk import Desk
from kiosk.province.board.goals import _goal, _growth_lines, _today
from kiosk.province.home import Home
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.value import Value
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
