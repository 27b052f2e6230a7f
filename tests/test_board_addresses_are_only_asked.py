"""What stands in an address only asks: it leads nowhere else, names no other function's field, and breaks no page."""

import re
from collections.abc import Iterator

import pytest

from tests.board_stage import Board, board_of, page_of
from tests.board_town import NOW, town
from tests.web_faces import OWN_PAGE

pytestmark = pytest.mark.slow
HUGE = "9" * 30


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    with board_of(town(tmp_path_factory.mktemp("town")).path, NOW) as opened:
        yield opened


@pytest.mark.parametrize("name", ["endpoint", "_scheme", "_external", "_method", "_anchor", "values", "code"])
def test_a_name_that_no_page_knows_reaches_no_link(board: Board, name: str) -> None:
    for address in ("/?", "/units?sort=VISITS&", "/units/20001?", "/report?unit=20002&"):
        page = page_of(board.of("officer"), f"{address}{name}=ftp")
        assert "ftp" not in re.sub(r"/language/[^\"]*", "", page), address
        assert not re.search(r"""(href|action)="(?!/|#)""", page), address


def test_links_keep_what_a_page_was_asked_for_but_no_novel(board: Board) -> None:
    page = page_of(board.of("officer"), f"/units?level=commune&period=2026-Q3&q={'ha+' * 1000}")
    assert "level=commune" in page and "period=2026-Q3" in page
    assert len(page) < 30_000


@pytest.mark.parametrize(
    "back", ["//evil.example", "/%09/evil.example", "/%0a/evil.example", "/%5cevil.example", "https://evil.example",
             "/x%0d%0aSet-Cookie:%20a=b", "javascript:alert(1)", ""]
)  # fmt: skip
def test_another_language_leads_to_our_own_pages_only(board: Board, back: str) -> None:
    answer = board.of("officer").get(f"/language/vi?back={back}")
    assert answer.status_code == 303 and answer.headers["Location"] == "/"


def test_another_language_comes_back_to_the_page(board: Board) -> None:
    answer = board.of("officer").get("/language/en?back=/units?q=H%C3%A0%26page=2")
    assert answer.headers["Location"].startswith("/units?q=H")


def test_numbers_beyond_the_ledgers_are_nobodys(board: Board) -> None:
    officer = board.of("officer")
    for address in (f"/tasks/{HUGE}", f"/aside/{HUGE}"):
        assert officer.get(address).status_code == 404, address
    assert officer.get(f"/baseline?year={HUGE}").status_code == 200
    assert officer.get("/baseline?year=-1").status_code == 200
    assert officer.post(f"/links/{HUGE}/end", headers=OWN_PAGE).status_code == 303
    for days in (HUGE * 200, "²", "-30", "0"):
        form = {"label": "Sở", "line": "", "days": days}
        assert officer.post("/links", data=form, headers=OWN_PAGE).status_code == 400, days
    assert board.people.links() == []
