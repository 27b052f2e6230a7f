"""Pages of a register with 1,900 sites in 400 communes, none of which has ever sent: all of them can be opened."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timezone

import pytest

from kiosk.province.memory.ledger import Ledger
from kiosk.province.register.keeping import Deed, keep
from kiosk.province.register.register import read
from kiosk.province.register.site_history import DATED, WEEK, SiteHistory
from kiosk.province.register.state import Register
from kiosk.province.register.steps import ALWAYS
from kiosk.province.register.units import Unit, Units
from tests.board_stage import Board, board_of, page_of
from tests.board_town import NOW, town

pytestmark = pytest.mark.slow
SITES, COMMUNES = 1_900, 400
MOST = 150_000  # bytes
PAGES = ("/", "/grid", "/silent", "/silent?page=9", "/tasks", "/tasks/new", "/trends", "/baseline", "/units",
         "/units/38", "/units/38?page=30&sort=VISITS", "/units/30001", "/content", "/alarms", "/report")  # fmt: skip


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    home = town(tmp_path_factory.mktemp("town"))
    with closing(Ledger(home)) as ledger, ledger.writing() as db:
        before = read(db)
        units, sites = {one.code: one for one in before.units}, dict(before.sites)
        for number in range(COMMUNES):
            name = ((ALWAYS, f"Xã Thượng Ninh Hòa {number}"),)
            units[f"3{number:04}"] = Unit(f"3{number:04}", "commune", name, ((ALWAYS, "38"),), ALWAYS, None, "")
        for number in range(SITES - len(sites)):
            sites[f"TH-{number:04}"] = site(number)
        deed = Deed(datetime(2025, 1, 3, tzinfo=timezone.utc), "Lan", "sites import", "ca-nuoc.xlsx", "Kế hoạch")
        keep(db, before, Register(sites, Units(units), before.lists), deed)
    with board_of(home.path, NOW) as opened:
        yield opened


def site(number: int) -> SiteHistory:
    told = {"name": f"Bưu điện – Văn hóa xã Thượng Ninh Hòa {number}", "type": "post_office",
            "owner": ("library", "post")[number % 2], "department": "Bưu điện tỉnh", "unit": f"3{number % COMMUNES:04}",
            "status": "project", "pcs": "6", "difficult": "no", **dict.fromkeys(WEEK, "08:00-11:30")}  # fmt: skip
    steps = {field: ((ALWAYS, told.get(field, "")),) for field in DATED}
    return SiteHistory(f"TH-{number:04}", steps, date(2019, 2, 1), None)


def test_no_page_is_heavier_than_an_old_pc_on_a_slow_line_takes(board: Board) -> None:
    assert len(board.desk.sites().sites) > SITES - 20, "the control"
    for role in ("officer", "link"):
        client = board.of(role)
        for address in PAGES:
            if client.get(address).status_code == 403:
                continue
            page, begun = page_of(client, address), time.process_time()
            assert len(page.encode()) <= MOST, (role, address, len(page.encode()))
            page_of(client, address)
            print(role, address, len(page.encode()), f"{time.process_time() - begun:.2f} s")


def test_every_silent_site_stands_on_one_of_the_pages(board: Board) -> None:
    client, found, address, pages = board.of("viewer"), list[str](), "/silent?line=post", 0
    while address:
        page = page_of(client, address)
        found += re.findall(r'<a href="/sites/([^"]+)">', page)
        after = re.search(r'rel="next" href="([^"]+)"', page)
        address, pages = (after[1].replace("&amp;", "&") if after else ""), pages + 1
    expected = {one.row.code for one in board.desk.sites().silent("post")}
    assert len(found) == len(set(found)) == len(expected) and set(found) == expected and pages > 9


def test_the_list_of_calls_is_printed_whole_and_is_not_heavier_than_it_must_be(board: Board) -> None:
    client = board.of("viewer")
    page = page_of(client, "/silent?line=post")
    assert "data-print" not in page, "a page of many pages prints itself only"
    whole = re.search(r'<a class="button" href="(/silent\?[^"]*whole=1[^"]*)"', page)
    assert whole is not None
    page = page_of(client, whole[1].replace("&amp;", "&"))
    expected = {one.row.code for one in board.desk.sites().silent("post")}
    found = re.findall(r'<a href="/sites/([^"]+)">', page)
    assert len(found) == len(expected) and set(found) == expected
    assert "data-print" in page and 'class="month"' not in page and 'rel="next"' not in page
    assert 'href="/silent?line=post"' in page, "the way back"
    print(f"{len(page.encode()):,} bytes of {len(found)} sites")
    assert len(page.encode()) <= 700 * len(found)


def test_of_many_sites_that_nobody_looks_after_the_page_says_how_many_there_are(board: Board) -> None:
    page = page_of(board.of("officer"), "/tasks")
    found = re.search(r"Đang hiện (\d+) điểm cần lo gấp nhất trong ([\d.]+) điểm", page)
    assert found is not None and int(found[1]) == page.count("/tasks/new?site=") == 6
    count = int(found[2].replace(".", ""))
    assert count > 1_800 and f"<small>{found[2]}</small></h2>" in page
