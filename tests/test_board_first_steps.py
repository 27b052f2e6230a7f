"""A province that has no figures yet is led to them step by step; a link of a department is told no command."""

import re
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

from kiosk.province.lake import lake
from kiosk.province.orders import carry_out
from tests import province_home, register_world
from tests.board_province import NOW, _plain, board_province
from tests.board_stage import Board, board_of, page_of


def signs(page: str) -> list[str]:
    """The class of each step, in order."""
    found = re.search(r'<ol class="first-steps">(.*?)</ol>', page, re.DOTALL)
    return re.findall(r'<li class="line ([\w-]+)"', found.group(1)) if found else []


def test_an_empty_province_is_led_from_its_sites_to_its_figures(tmp_path: Path) -> None:
    home = province_home.new_home(tmp_path / "home", [], NOW - timedelta(days=9))
    with board_of(home.path) as board:
        for address in ("/", "/trends", "/units", "/lines", "/content", "/report", "/definitions"):
            page = page_of(board.of("officer"), address)
            assert "kho số liệu trong" not in page and str(tmp_path) not in page, address
        assert signs(page_of(board.of("officer"), "/")) == ["soon", "no-report", "no-report", "no-report", "no-report"]
        assert "Chưa nhập danh sách điểm" in page_of(board.of("officer"), "/silent")
        world = register_world.world()
        sheets = [("Đơn vị", [register_world.UNITS, *world.units]), ("Điểm", [register_world.SITES, *world.sites])]
        carry_out(home.path, "sites import", sheets=_plain(sheets), subject="danh-sach.xlsx")
        board.desk.forget_sites()
        assert signs(page_of(board.of("officer"), "/"))[:2] == ["met", "soon"]
        lake.build(home, NOW)
        assert signs(reckoned(board)) == ["met", "soon", "no-report", "no-report", "met"]


def test_a_department_is_told_neither_commands_nor_folders(tmp_path: Path) -> None:
    home = province_home.new_home(tmp_path / "home", [], NOW - timedelta(days=9))
    with board_of(home.path) as board:
        link = board.of("link")
        page = page_of(link, "/")
        for address in ("/", "/grid", "/silent", "/tasks", "/units", "/trends", "/lines", "/content", "/report"):
            told = page_of(link, address)
            assert "kiosk province" not in told and str(tmp_path) not in told, address
            assert address not in ("/grid", "/silent") or "Sổ đăng ký chưa có điểm nào." in told, address
    assert "Tỉnh đang chuẩn bị." in page


def test_a_province_that_is_under_way_sees_no_steps(tmp_path: Path) -> None:
    with board_of(board_province(tmp_path / "home", count=4).path) as board:
        assert signs(page_of(board.of("officer"), "/")) == []


def reckoned(board: Board) -> str:
    """The first page, once it has goals."""
    until = monotonic() + 60
    while 'class="aims"' not in (page := page_of(board.of("officer"), "/")) and monotonic() < until:
        sleep(0.2)
    return page
