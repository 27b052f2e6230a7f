"""Alarms and bundles that were put aside: told with why and what to do, looked after and released by officers."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import alarm, seconds, station_number
from tests.board_stage import Board, board_of, page_of
from tests.board_town import NOW, town
from tests.web_faces import OWN_PAGE

pytestmark = pytest.mark.slow


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_of(town(tmp_path).path, NOW) as opened:
        yield opened


def deeds(board: Board) -> list[tuple[str, str, str]]:
    """(who, what, why) of what was done last."""
    with board.desk.reading() as db:
        return list(db.execute("SELECT who, deed, why FROM deeds WHERE deed IN ('seen', 'release') ORDER BY id"))


def test_an_alarm_is_told_in_words_and_is_gone_when_somebody_looked_after_it(board: Board) -> None:
    officer = board.of("officer")
    page = page_of(officer, "/alarms")
    assert "Có vẻ hai máy cùng gửi số liệu" in page and "18/11/2026, bản sửa 2" in page and "CLONED" not in page
    done = officer.post("/alarms/BD-001/01/seen", data={"why": "Đã cài lại một máy"}, headers=OWN_PAGE)
    assert done.status_code == 303
    after = page_of(officer, done.headers["Location"])
    assert "Không còn cảnh báo nào chưa xem." in after and "Đã ghi là đã xem" in after
    ((who, what, why),) = deeds(board)
    assert who.startswith("Lan (") and (what, why) == ("seen", "Đã cài lại một máy")
    assert "· Lan<" in page_of(officer, "/stations/BD-001/01"), "the person, not whose process it was"


@pytest.mark.parametrize("place", ["BD-001/99", "XX-999/01", "%00/01"])
def test_nobody_looked_after_a_computer_that_there_is_not(board: Board, place: str) -> None:
    answer = board.of("officer").post(f"/alarms/{place}/seen", data={"why": "Đã xem"}, headers=OWN_PAGE)
    assert answer.status_code == 404 and deeds(board) == []


def test_the_same_alarm_comes_again_when_it_happens_again(board: Board) -> None:
    officer = board.of("officer")
    officer.post("/alarms/BD-001/01/seen", headers=OWN_PAGE)
    with closing(Ledger(board.home)) as ledger, ledger.writing() as db:
        number = station_number(db, "BD-001", "01", 0)
        alarm(db, seconds(NOW), "CLONED", "BD-001 01", number, "2026-11-19 r1")
    page = page_of(officer, "/alarms")
    assert "Có vẻ hai máy cùng gửi số liệu" in page and "2 lần" in page


def test_what_was_put_aside_says_why_and_what_to_do(board: Board) -> None:
    officer = board.of("officer")
    assert "Gói không do máy nào đã kết nối với tỉnh ký" in page_of(officer, "/alarms")
    page = page_of(officer, "/aside/1")
    for words in ("gói tự ghi như vậy; chưa ai xác nhận", "Việc nên làm", "Vì sao cho tính", "Ngày ấy đang tính"):
        assert words in page, words
    assert officer.get("/aside/99").status_code == 404


def test_nothing_is_released_without_a_reason(board: Board) -> None:
    officer = board.of("officer")
    answer = officer.post("/aside/1/release", data={"why": " – "}, headers=OWN_PAGE)
    assert answer.status_code == 400 and "Xin ghi vì sao cho tính gói này" in answer.text
    assert 'aria-invalid="true"' in answer.text and deeds(board) == []


def test_a_released_bundle_counts_and_the_book_says_who_and_why(board: Board) -> None:
    officer = board.of("officer")
    answer = officer.post("/aside/1/release", data={"why": "Máy của điểm, kết nối lại sau"}, headers=OWN_PAGE)
    assert answer.status_code == 303 and re.search(r"done=(released|kept)", answer.headers["Location"])
    ((who, what, why),) = deeds(board)
    assert who.startswith("Lan (") and (what, why) == ("release", "Máy của điểm, kết nối lại sau")
    assert "Không có gói nào chờ quyết định." in page_of(officer, "/alarms")
    assert "đã quyết định" in page_of(officer, "/alarms?all=1")
    again = officer.post("/aside/1/release", data={"why": "Một lần nữa"}, headers=OWN_PAGE)
    assert again.status_code == 409 and len(deeds(board)) == 1


def test_a_viewer_looks_and_orders_nothing_and_a_link_does_not_even_look(board: Board) -> None:
    viewer = board.of("viewer")
    page = page_of(viewer, "/alarms")
    assert "Có vẻ hai máy" in page and "/seen" not in page and "/release" not in page_of(viewer, "/aside/1")
    for address in ("/alarms/BD-001/01/seen", "/aside/1/release"):
        assert viewer.post(address, data={"why": "Tôi muốn"}, headers=OWN_PAGE).status_code == 403
    assert board.of("link").get("/alarms").status_code == 403 and deeds(board) == []


def test_a_page_elsewhere_cannot_make_an_officer_s_browser_release(board: Board) -> None:
    answer = board.of("officer").post(
        "/aside/1/release", data={"why": "Tấn công"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403 and deeds(board) == []
