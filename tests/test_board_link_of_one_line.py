"""A link that is bound to a line learns nothing of the other one: not from its books, its tasks, nor by taking away."""

from collections.abc import Iterator

import pytest

from kiosk.province.orders import carry_out
from tests.board_stage import Board, board_of, page_of
from tests.board_town import NOW, town

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    with board_of(town(tmp_path_factory.mktemp("town")).path, NOW) as opened:
        yield opened


def test_a_line_reads_nothing_of_the_other_lines_books_and_tasks(board: Board) -> None:
    rows = [[2015, "", "VISITS", "88123"], [2015, "BD-001", "VISITS", "77123"], [2015, "TV-002", "VISITS", "1107"],
            [2015, "TV-005", "VISITS", "2014"]]  # fmt: skip
    carry_out(board.home.path, "baseline load", rows=rows, subject="so.xlsx", why="Sổ năm 2015")
    for line, title in (("post", "Việc của bưu điện"), ("library", "Việc của thư viện"), ("", "Việc chung")):
        carry_out(board.home.path, "task add", title=title, unit="20002", line=line, due="2100-01-01", who="Lan")
    whole, client = board.of("viewer"), board.of("library")
    assert all(number in page_of(whole, "/baseline") for number in ("88.123", "77.123", "1.107")), "the control"
    assert "Việc của bưu điện" in page_of(whole, "/units/20002"), "the control"
    page = page_of(client, "/baseline")
    assert "3.121" in page and "1.107" in page and "Thư viện" in page, "what its own sites say together"
    for hidden in ("88.123", "77.123", "BD-001", "Cả tỉnh"):
        assert hidden not in page, hidden
    assert client.get("/baseline?site=BD-001&year=2015").status_code == 404
    assert "1.107" in page_of(client, "/baseline?site=TV-002")
    page = page_of(client, "/units/20002")
    assert "Việc của thư viện" in page and "Việc chung" in page and "Việc của bưu điện" not in page
