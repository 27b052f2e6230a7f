"""What officers order of the register from a terminal: while the province serves and while it does not."""

import json
from pathlib import Path

import pytest
from register_support import MAP, Book, sheet, site, units

from kiosk.errors import KioskError, RefusedError, UsageError
from kiosk.province.orders import carry_out
from kiosk.province.register.register import unknown_sites
from tests.collector_stage import Collector
from tests.province_home import new_home, receiving
from tests.province_world import World

OLD_MAP = [
    ["38", "Tỉnh", "Tỉnh Ví Dụ", ""],
    ["3801", "Huyện", "Huyện Một", "38"],
    ["3802", "Huyện", "Huyện Hai", "38"],
    ["14001", "Xã", "Xã Hà Lĩnh", "3801"],
    ["14002", "Xã", "Xã Hà Trung", "3801"],
    ["15001", "Xã", "Xã Yên Phú", "3802"],
]
DAY = ("--from", "2025-07-01", "--reason", "Nghị quyết sắp xếp đơn vị hành chính năm 2025")


def old_map(book: Book) -> None:
    """Six units and a site in each commune, as of before the merges."""
    lines = [site(**{"Mã điểm": f"TH-{n:03}", "Mã xã": code}) for n, code in enumerate(("14001", "14002", "15001"), 1)]
    book.take(units(*([*row, "", "", ""] for row in OLD_MAP)), sheet(*lines))


def where(book: Book, on: str) -> dict[str, dict[str, str]]:
    """{site: {level: code}} on a day."""
    return {one["code"]: one["units"] for one in book.json("sites", "list", "--on", on)["sites"]}


@pytest.mark.parametrize("serving", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_merges_of_2025_are_ordered_in_three_commands(tmp_path: Path, serving: bool) -> None:
    book = Book(tmp_path / "home")
    old_map(book)
    collector = Collector(book.home.path)
    if serving:
        collector.start()
    try:
        before = where(book, "2025-06-30")
        done = book.json("sites", "merge", "3801", "3802", "--into", "38", *DAY)
        assert done["into"] == "38"
        book.cli("sites", "merge", "14001", "14002", "--into", "14001", "--name", "Xã Hà Long", *DAY)
        book.cli("sites", "merge", "15001", "--into", "20009", "--name", "Phường Yên Phú", *DAY)
        book.cli("sites", "rename", "20009", "Phường Yên Phú Mới", "--from", "2026-01-01", "--reason", "Đổi tên")
    finally:
        if serving:
            assert collector.stop() == 0
    assert where(book, "2025-06-30") == before
    assert where(book, "2025-07-01") == {
        "TH-001": {"commune": "14001", "province": "38"}, "TH-002": {"commune": "14001", "province": "38"},
        "TH-003": {"commune": "20009", "province": "38"},
    }  # fmt: skip
    names = {day: {one["code"]: one["name"] for one in book.json("sites", "list", "--units", "--on", day)}
             for day in ("2025-06-30", "2025-12-31", "2026-01-01")}  # fmt: skip
    assert names["2025-06-30"]["14001"] == "Xã Hà Lĩnh" and names["2025-12-31"]["14001"] == "Xã Hà Long"
    assert set(names["2025-12-31"]) == {"38", "14001", "20009"}
    assert [names[day].get("20009") for day in names] == [None, "Phường Yên Phú", "Phường Yên Phú Mới"]
    told = book.json("sites", "history", "14002")
    assert {(one["field"], one["after"]) for one in told} >= {("last", "2025-06-30"), ("into", "14001")}
    assert {one["why"] for one in told} == {"", DAY[3]} and all(one["who"] for one in told)
    done = book.json("sites", "history")
    assert [one["deed"] for one in done] == ["sites import", *["sites merge"] * 3, "sites rename"]
    assert book.cli("sites", "history").count("\n") == 5


def test_districts_one_by_one_are_told_that_they_end_together(tmp_path: Path) -> None:
    book = Book(tmp_path / "home")
    old_map(book)
    said = book.cli("sites", "merge", "3801", "--into", "38", *DAY, code=2)
    assert "14001: On 2025-07-01 it belongs to no district" in said and "all of them in one order" in said


def test_what_changes_of_a_unit_is_told_by_the_headings_of_units(tmp_path: Path) -> None:
    book = Book(tmp_path / "home")
    old_map(book)
    book.cli("sites", "merge", "14001", "14002", "--into", "14001", "--name", "Xã Hà Long", *DAY)
    said = book.cli("sites", "history", "14001", lang="vi_VN.UTF-8")
    assert "Tên đơn vị từ ngày 2025-07-01: Xã Hà Lĩnh → Xã Hà Long" in said and "Tên điểm" not in said
    assert "Đến ngày: – → 2025-06-30" in book.cli("sites", "history", "14002", lang="vi_VN.UTF-8")
    assert "Tên điểm" in book.cli("sites", "history", "TH-001", lang="vi_VN.UTF-8")


def test_one_table_says_the_same_as_the_orders_one_by_one(tmp_path: Path) -> None:
    """The decree as a clerk's table, and as an officer's commands: the same register."""
    ordered, told = Book(tmp_path / "ordered"), Book(tmp_path / "told")
    old_map(ordered)
    old_map(told)
    merge = {"first": "2025-07-01", "why": DAY[3]}
    home = ordered.home.path
    carry_out(home, "sites merge", old=["3801", "3802"], into="38", **merge)
    carry_out(home, "sites merge", old=["14002", "14001"], into="14001", called="Xã Hà Long", **merge)
    carry_out(home, "sites merge", old=["15001"], into="20009", called="Phường Yên Phú", **merge)
    carry_out(home, "sites rename", unit="20009", called="Phường Mới", first="2026-01-01", why="Đổi tên")
    told.take(units(
        ["3801", "", "", "", "", "30/06/2025", "38"], ["3802", "", "", "", "", "30/06/2025", "38"],
        ["14001", "", "Xã Hà Long", "38", "01/07/2025", "", ""], ["14002", "", "", "", "", "30/06/2025", "14001"],
        ["15001", "", "", "", "", "30/06/2025", "20009"],
        ["20009", "Phường", "Phường Yên Phú", "38", "01/07/2025", "", ""],
        ["20009", "", "Phường Mới", "", "01/01/2026", "", ""],
    ))  # fmt: skip
    assert told.read() == ordered.read()
    with pytest.raises(UsageError, match="14001"):
        carry_out(home, "sites merge", old=["14001"], into="29999", called="Muộn", first="2020-01-01", why="Trước đó")
    assert told.read() == ordered.read()


@pytest.mark.slow
def test_lists_are_imported_and_frozen_while_the_province_serves(tmp_path: Path) -> None:
    book = Book(tmp_path / "home")
    collector = Collector(book.home.path)
    collector.start()
    try:
        path = tmp_path / "sites.csv"
        lines = [";".join(("Mã đơn vị", "Cấp", "Tên đơn vị", "Thuộc", "Từ ngày", "Đến ngày", "Nhập vào"))]
        path.write_text("\n".join([*lines, *(";".join(row) for row in MAP)]), encoding="utf-8")
        assert "New units: 5" in book.cli("sites", "import", str(path))
        head, *rows = sheet(*(site(**{"Mã điểm": f"TH-{n:03}"}) for n in range(1, 31)))[1]
        path.write_text("\n".join(";".join(map(str, row)) for row in [head, *rows]), encoding="utf-8")
        assert "It is written." in book.cli("sites", "import", str(path))
        assert len(book.json("sites", "list")["sites"]) == 30
        path.write_text(path.read_text(encoding="utf-8").replace("Dự án", "?", 3), encoding="utf-8")
        assert "Rows 2–4" in book.cli("sites", "import", str(path), code=4)
        freeze = ("sites", "freeze", "--version", "2026.1", "--from", "2026-01-01", "--reason", "Kế hoạch")
        assert book.json(*freeze)["sites"] == 30
        said = book.cli(*freeze, code=4, lang="vi_VN.UTF-8")
        assert "đã chốt" in said, "what the server refuses is said in the language of who asks"
        assert "Traceback" not in collector.said()
    finally:
        assert collector.stop() == 0


def test_an_order_without_a_reason_or_with_nonsense_changes_nothing(tmp_path: Path) -> None:
    book = Book(tmp_path / "home")
    old_map(book)
    before, done = book.read(), len(book.json("sites", "history"))
    for name, fields, kind in (
        ("merge", {"old": ["14001"], "into": "14002", "first": "2025-07-01", "why": " "}, UsageError),
        ("merge", {"old": ["14001"], "into": "14002", "first": "hôm nay", "why": "Vì"}, UsageError),
        ("merge", {"old": ["14001"], "into": "x y", "first": "2025-07-01", "why": "Vì"}, UsageError),
        ("merge", {"old": [], "into": "14002", "first": "2025-07-01", "why": "Vì"}, UsageError),
        ("rename", {"unit": "14001", "called": "=1", "first": "2025-07-01", "why": "Vì"}, UsageError),
        ("rename", {"unit": "99999", "called": "Xã", "first": "2025-07-01", "why": "Vì"}, UsageError),
        ("freeze", {"version": "", "first": "2025-07-01", "why": "Vì"}, UsageError),
        ("freeze", {"version": "1", "first": "2010-07-01", "why": "Vì"}, UsageError),
        ("freeze", {"version": "1", "first": "2026-07-01", "why": "Vì", "count": 112}, RefusedError),
        ("import", {"sheets": [sheet(site(**{"Diện": "?"}))], "subject": "x"}, RefusedError),
        ("import", {"sheets": [["x", [["a"]]]], "subject": "x"}, KioskError),
    ):  # fmt: skip
        with pytest.raises(kind):
            carry_out(book.home.path, f"sites {name}", **json.loads(json.dumps(fields)))
    assert book.read() == before and len(book.json("sites", "history")) == done


def test_what_a_site_that_is_not_in_the_register_sends_is_kept_and_shown(tmp_path: Path) -> None:
    world = World(seed=5, sites=2, stations=1, days=2)
    home = new_home(tmp_path / "home", world.keys)
    with receiving(home) as receiver:
        assert set(receiver.send(world.bundles)) == {"stored"}
    book = Book(tmp_path / "home")
    codes = sorted({name for name, _station, _key in world.keys})
    assert book.asked(unknown_sites) == codes and len(codes) == 2
    book.take(units(*MAP), sheet(site(**{"Mã điểm": codes[0]})))
    assert book.json("sites", "list")["unknown"] == codes[1:]
