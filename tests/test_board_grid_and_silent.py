"""How every site stands today, and who is silent and why: each state from what was really sent or not sent."""

import re
import shutil
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.province.board.grid import STATES, letter
from kiosk.province.board.last_words import LastWord
from kiosk.province.board.reasons import BROKEN, CLOCK_WRONG, OFFLINE, REVOKED, STICK, UNKNOWN, reasons
from kiosk.province.board.silent import _strokes
from kiosk.province.board.sites_now import SiteNow, SitesNow
from kiosk.province.orders import carry_out
from kiosk.province.register.site_history import SiteRow
from tests.board_province import NOW, TODAY, YESTERDAY, board_province
from tests.board_province import STATES as STANDS
from tests.board_stage import Board, board_of, page_of

KINDS = {
    "": "sent", "broken": "sent", "never_joined": "never_enrolled", "never_sent": "never_sent", "silent": "silent",
    "offline": "silent", "stick": "silent", "clock": "silent", "revoked": "revoked", "closed": "closed",
    "broken_silent": "silent",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return board_province(tmp_path_factory.mktemp("province") / "home", count=92, first=date(2026, 10, 27)).path


@pytest.fixture
def board(home: Path, tmp_path: Path) -> Iterator[Board]:
    with board_of(Path(shutil.copytree(home, tmp_path / "home", symlinks=True))) as opened:
        yield opened


def code(number: int) -> str:
    """The site of that number in the register."""
    return f"TH-{number:03}"


def test_every_site_stands_as_it_was_made_to_stand(board: Board) -> None:
    sites = board.desk.sites().sites
    assert len(sites) == 92
    for number in range(1, 93):
        state, silent = STANDS.get(number, ("", 0))
        one = sites[code(number)]
        if number == 30:
            continue  # silent for so long that it told nothing in the days of this test
        assert one.state == KINDS[state], (number, state)
        if one.state == "silent":
            assert one.last == TODAY - timedelta(days=silent) and one.silent == silent, number
        if one.state == "sent":
            assert one.last == YESTERDAY and len(one.days) == 24
    assert board.desk.sites().unknown == ("TH-900",)


def test_the_list_begins_with_the_longest_silence_and_leaves_out_who_sent(board: Board) -> None:
    page = page_of(board.of("viewer"), "/silent")
    names = re.findall(r'<tr><th scope="row"><b><a href="/sites/(TH-\d+)">', page)
    expected = {code(n) for n, (state, days) in STANDS.items() if n <= 92 and state != "broken"}
    assert set(names) == expected and len(names) == len(expected)
    sites = board.desk.sites().sites
    calls = names[: sum(one.is_long for one in sites.values())]
    last = [sites[name].last or date.min for name in calls]
    assert all(sites[name].is_long for name in calls) and last == sorted(last)


def test_goals_grid_and_list_count_the_same_sites_and_every_heading_fits_its_rows(board: Board) -> None:
    viewer = board.of("viewer")
    parts = re.split(r"<h[12]>(\d+) (điểm [^<]+)</h[12]>", page_of(viewer, "/silent"))
    rows = {words: int(count) for count, words in zip(parts[1::3], parts[2::3], strict=True)}
    for words, part in zip(parts[2::3], parts[3::3], strict=True):
        assert part.count('<th scope="row">') == rows[words], words
    key = re.findall(r'<i class="s (\w)"></i><b>(\d+)</b>', page_of(viewer, "/grid"))
    grid = {letter: int(count) for letter, count in key}
    assert list(rows.values()) == [grid[letter] for letter in "lneqc"], "in the order of who is asked first"
    needs = re.findall(r'href="/silent"><svg.*?</svg><b>(\d+)</b>', page_of(viewer, "/"), re.DOTALL)
    assert [int(count) for count in needs] == [grid[letter] for letter in "lne"]


@pytest.mark.parametrize(("number", "words"), [
    (2, "Chưa máy nào kết nối"), (3, "Chưa gửi lần nào"), (4, "Chưa rõ"), (5, "Mất mạng"), (6, "Chờ USB"),
    (7, "Sai ngày giờ"), (41, "Máy hỏng cả"), (63, "Khóa đã thu hồi"), (91, "Nghỉ có báo"),
])  # fmt: skip
def test_each_silence_has_the_reason_that_is_known_and_what_to_do(board: Board, number: int, words: str) -> None:
    until = time.monotonic() + 60
    row = ""
    while words not in row and time.monotonic() < until:  # what the lake knows is added when it is reckoned
        page = page_of(board.of("viewer"), "/silent")
        row = next(part for part in page.split("<tr>") if f'/sites/{code(number)}"' in part)
    assert words in row
    assert re.search(r"<small>[^<]{10,}</small></div></td>", row), "what to do"


def test_what_is_broken_offline_or_by_stick_is_told_apart() -> None:
    site = SiteNow(ROW, "silent", date(2026, 11, 1), silent=19)
    assert list(reasons(site, None)) == [UNKNOWN]
    assert list(reasons(site, LastWord(YESTERDAY, broken=True, offline=True))) == [BROKEN]
    assert list(reasons(site, LastWord(YESTERDAY, broken=False, offline=True))) == [OFFLINE]
    by_stick = SiteNow(ROW, "silent", date(2026, 11, 1), way="folder")
    assert list(reasons(by_stick, LastWord(YESTERDAY, broken=False, offline=True))) == [STICK]
    put_aside = SiteNow(ROW, "revoked", None, aside={"RANGE": 2})
    assert list(reasons(put_aside, None)) == [REVOKED, CLOCK_WRONG]


def test_the_grid_counts_every_site_once_and_names_only_who_did_not_send(board: Board) -> None:
    page = page_of(board.of("viewer"), "/grid")
    until = time.monotonic() + 60
    while 'class="o"' not in page and time.monotonic() < until:
        page = page_of(board.of("viewer"), "/grid")
    drawn = re.findall(r"<i(?: class=\"(\w)\")?></i>", page.partition('<ul class="grid">')[2])
    assert len(drawn) == 92
    named = re.findall(r'<a href="/sites/(TH-\d+)">', page)
    assert set(named) == {code(n) for n in STANDS if n <= 92}, "whoever stands in another state than sent"
    counted = [int(count) for count in re.findall(r'<i class="s \w"></i><b>(\d+)</b>', page)]
    assert sum(counted) == 92
    assert "TH-900" in page, "who sends and is not in the register"


def test_thirty_days_are_drawn_a_stroke_for_each_day_that_came() -> None:
    days = frozenset({YESTERDAY, YESTERDAY - timedelta(days=29), TODAY, YESTERDAY - timedelta(days=30)})
    assert _strokes(SiteNow(ROW, "sent", YESTERDAY, days=days), TODAY) == "1" + "0" * 28 + "1"


def test_a_sunday_on_which_nothing_is_planned_makes_nobody_silent(board: Board) -> None:
    """The register plans Tuesday to Thursday: on Monday the 23rd nothing was missed since Thursday the 19th."""
    with board.desk.reading() as db:
        from kiosk.province.board.sites_now import look

        monday = look(db, date(2026, 11, 23), NOW + timedelta(days=3))
        friday = look(db, date(2026, 11, 27), NOW + timedelta(days=7))
    assert monday.sites[code(1)].state == "closed" and monday.sites[code(1)].missed == 0
    assert friday.sites[code(1)].state == "silent" and friday.sites[code(1)].missed == 3


def test_names_with_markup_are_shown_as_they_are(board: Board) -> None:
    evil = "<script>alert(1)</script>"
    rows = [["Mã điểm", "Tên điểm", "Từ ngày"], ["TH-004", evil, "01/01/2026"]]
    carry_out(board.home.path, "sites import", sheets=[("Điểm", rows)], subject="x.xlsx")
    board.desk.forget_sites()
    for address in ("/grid", "/silent"):
        page = page_of(board.of("officer"), address)
        assert "&lt;script&gt;alert(1)" in page and evil not in page


def test_a_nation_is_light() -> None:
    """1,900 sites, a fifth of them in trouble: the page of the grid, as it is drawn, in bytes and seconds."""
    from flask import render_template

    from kiosk.province.board.app import create_board
    from kiosk.province.board.grid import _groups

    many = {}
    for number in range(1_900):
        commune = {"commune": f"{number // 2:05}", "province": f"{number // 60:02}"}
        row = SiteRow(f"TH-{number:04}", f"Bưu điện – Văn hóa xã Số {number}", "post_office", "post", "",
                      commune["commune"], f"Xã Số {number // 2}", commune, "project", None, 5, "", "", None,
                      None)  # fmt: skip
        state = ("sent", "sent", "sent", "sent", "silent")[number % 5]
        many[row.code] = SiteNow(row, state, TODAY - timedelta(days=number % 40), silent=number % 40)  # type: ignore[arg-type]
    now = SitesNow(TODAY, NOW, many, places={f"{n:02}": f"Tỉnh {n}" for n in range(40)})
    begun = time.process_time()
    letters = {one.row.code: letter(one, frozenset()) for one in many.values()}
    groups = _groups(list(many.values()), letters, now)
    app = create_board(FakeDesk())  # type: ignore[arg-type]
    with app.test_request_context("/grid"):
        page = render_template("board/grid.html", groups=groups, key=[], now=now, total=1_900, words=STATES, unknown=())
    took = time.process_time() - begun
    print(f"{len(page.encode()):,} bytes, {took:.2f} s")
    assert page.count("<i") >= 1_900
    assert len(page.encode()) <= 150_000
    assert took <= 0.5


class FakeDesk:
    """What the frame of a page asks."""

    name = "Cả nước"

    def today(self) -> date:
        return TODAY


ROW = SiteRow("TH-001", "Thư viện", "commune_library", "library", "", "1", "Xã", {}, "project", None, 1, "", "", None,
              None)  # fmt: skip
