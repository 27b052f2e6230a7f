"""The years before kiosk on the board: written, corrected, taken out with a reason, shown marked and never judged."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.province.indicators.baseline import listed
from tests.board_stage import Board, board_of, page_of
from tests.board_town import NOW, town
from tests.web_faces import OWN_PAGE

pytestmark = pytest.mark.slow
FORM = {"year": "2015", "site": "", "VISITS": "12.000", "USERS": "3100", "PC_HOURS": "4512,5", "NET_HOURS": "",
        "why": "Báo cáo năm 2015"}  # fmt: skip


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_of(town(tmp_path).path, NOW) as opened:
        yield opened


def write(board: Board, role: str = "officer", **changes: str) -> tuple[int, str]:
    """Status and page of the form that is sent."""
    answer = board.of(role).post("/baseline/write", data={**FORM, **changes}, headers=OWN_PAGE)
    return answer.status_code, answer.text


def kept(board: Board) -> dict[tuple[int, str, str], str]:
    with board.desk.reading() as db:
        return {(one.year, one.site, one.code): str(one.value) for one in listed(db)}


def test_a_year_is_written_as_people_write_numbers_and_read_back(board: Board) -> None:
    assert write(board)[0] == 303
    assert kept(board) == {(2015, "", "VISITS"): "12000", (2015, "", "USERS"): "3100", (2015, "", "PC_HOURS"): "4512.5"}
    page = page_of(board.of("viewer"), "/baseline")
    for words in ("2015", "12.000", "4.512,5", "Báo cáo năm 2015", "· Lan<"):
        assert words in page, words
    assert "· Lan" not in page_of(board.of("link"), "/baseline") and "/baseline/write" not in page


def test_a_correction_and_a_taking_out_want_a_reason(board: Board) -> None:
    write(board)
    status, page = write(board, VISITS="12500", why="")
    assert status == 400 and "Thiếu lý do" in page or "lý do" in page
    status, page = write(board, USERS="", why=" ")
    assert status == 400 and "Xin ghi vì sao bỏ số này" in page
    assert len(kept(board)) == 3 and kept(board)[2015, "", "VISITS"] == "12000"
    assert write(board, VISITS="12500", USERS="", why="Cộng nhầm")[0] == 303
    assert kept(board) == {(2015, "", "VISITS"): "12500", (2015, "", "PC_HOURS"): "4512.5"}
    page = page_of(board.of("officer"), "/baseline")
    assert "<s>12.000</s>" in page and "đã bỏ" in page and page.count("Cộng nhầm") == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("year", "1887"), ("year", "2031"), ("year", "hai"), ("site", "XX-001"), ("VISITS", "nhiều"), ("USERS", "3,5")],
)
def test_what_cannot_be_is_said_and_the_form_keeps_what_was_typed(board: Board, field: str, value: str) -> None:
    status, page = write(board, **{field: value})
    assert status == 400 and f'value="{value}"' in page and 'role="alert"' in page and 'value="3100"' in page or value
    assert status == 400 and kept(board) == {}


def test_trends_show_the_years_marked_and_judge_nothing_by_them(board: Board) -> None:
    before = verdict(page_of(board.of("viewer"), "/trends"))
    write(board, year="2024", VISITS="7000")
    page = page_of(board.of("viewer"), "/trends")
    while "theo sổ sách của tỉnh" not in page:
        page = page_of(board.of("viewer"), "/trends")
    own = re.search(r'<tr class="own">.*?</tr>', page, re.DOTALL)
    assert own is not None and "2024" in own[0] and "7.000" in own[0]
    assert page.count('class="own"') == 1 and "Thanh rỗng" in page
    assert verdict(page) == before, "a figure of the books moves no goal"


def verdict(page: str) -> str:
    """What the page says of the goal."""
    found = re.search(r'<section class="panel against">.*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0]


def test_only_officers_write(board: Board) -> None:
    assert write(board, "viewer")[0] == write(board, "link")[0] == 403 and kept(board) == {}
