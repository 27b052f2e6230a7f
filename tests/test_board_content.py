"""What is read and what is looked for in vain: by theme and by guide, of everything, a unit or a line."""

import re
from collections.abc import Iterator

import pytest

from tests.board_stage import Board, board_of, page_of
from tests.board_town import ITEMS, NOW, town

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    with board_of(town(tmp_path_factory.mktemp("town")).path, NOW) as opened:
        yield opened


def numbers(page: str, heading: str) -> list[int]:
    """The numbers of the section under a heading, in their order."""
    part = page[page.index(heading) :].split("</section>")[0]
    return [int(one.replace(".", "")) for one in re.findall(r'<td class="n"[^>]*>([\d.]+)</td>', part)]


def test_themes_add_up_to_all_openings_and_the_most_read_stands_first(board: Board) -> None:
    page = page_of(board.of("viewer"), "/content")
    whole = re.search(r'class="big">([\d.]+)', page)
    assert whole is not None
    told = numbers(page, "Số lần mở bài, theo chủ đề")
    assert len(told) == 9 and sum(told) == int(whole[1].replace(".", "")) > 1_000
    assert told == sorted(told, reverse=True)


def test_guides_are_told_by_their_titles_and_an_unknown_one_as_such(board: Board) -> None:
    page = page_of(board.of("viewer"), "/content")
    part = page[page.index("Bài được mở nhiều nhất") :]
    assert "bài mà tỉnh chưa có trong danh mục <small>nobody/knows</small>" in part
    assert part.count('<th scope="row">') == len(ITEMS) and "starter/" not in part


def test_what_was_looked_for_in_vain_is_told_with_searches_and_sites(board: Board) -> None:
    page = page_of(board.of("viewer"), "/content")
    searches, sites = numbers(page, "Được tìm nhưng chưa có</h2>")
    assert "gia ca phe" in page and searches % 3 == 0 and sites == 9


def test_a_unit_and_a_line_are_told_alone(board: Board) -> None:
    client = board.of("viewer")
    every, library, commune = (
        numbers(page_of(client, address), "Số lần mở bài, theo chủ đề")
        for address in ("/content", "/content?line=library", "/content?unit=20001")
    )
    assert sum(every) > sum(library) > sum(commune) > 0
    assert "Xã Hà Long" in page_of(client, "/content?unit=20001")
    bound = numbers(page_of(board.of("library"), "/content?line=post"), "Số lần mở bài, theo chủ đề")
    assert bound == library, "a link of one line sees its own whatever it asks for"


def test_a_time_of_which_nobody_told_says_so(board: Board) -> None:
    page = page_of(board.of("viewer"), "/content?period=2019")
    assert "Chưa có điểm nào báo cáo cho thời gian này." in page and "Chưa có bài nào được mở" in page
    assert 'class="big">–' in page
