"""A file into the register: every mistake named by row and column, nothing half done, files of any make and malice."""

import io
import re
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from register_support import MAP, ROOT, TODAY, Book, sheet, site, units

from kiosk.errors import KioskError, RefusedError, UsageError
from kiosk.province.register import files as register_files
from kiosk.province.register import rows as register_rows
from kiosk.province.register.columns import SITES as SITE_COLUMNS
from kiosk.province.register.files import LIMITS, sheets_in
from kiosk.province.register.planned_days import hours_on
from kiosk.province.register.site_history import row_on
from kiosk.table_file import read


@pytest.fixture
def book(tmp_path: Path) -> Book:
    made = Book(tmp_path / "home")
    made.take(units(*MAP))
    return made


def mistakes(book: Book, *sheets: object, alike: bool = False) -> dict[tuple[int, str], str]:
    """{(row, column): words} of what is wrong; and that then nothing is written."""
    before = book.read()
    found = {(one.row, one.column): one.words for one in book.look(*sheets, alike=alike).mistakes}
    if found:
        with pytest.raises(RefusedError):
            book.take(*sheets, alike=alike)
        assert book.read() == before
    return found


WRONG = (
    ({"Mã điểm": "th-002"}, "Mã điểm", "capital letters"),
    ({"Mã điểm": "TH 002"}, "Mã điểm", "capital letters"),
    ({"Mã điểm": ""}, "Mã điểm", "missing"),
    ({"Tên điểm": ""}, "Tên điểm", "missing"),
    ({"Tên điểm": "=SUM(A1)"}, "Tên điểm", "formula"),
    ({"Tên điểm": "#REF!"}, "Tên điểm", "fault"),
    ({"Tên điểm": 0}, "Tên điểm", "no name"),
    ({"Tên điểm": "x" * 121}, "Tên điểm", "120 letters"),
    ({"Tên điểm": "-"}, "Tên điểm", "Something must stand"),
    ({"Loại điểm": "quán net"}, "Loại điểm", "Write one of: Thư viện tỉnh \\(Provincial library\\), "),
    ({"Diện": "112"}, "Diện", "Dự án \\(Project\\), Tiềm năng \\(Potential\\)"),
    ({"Mã xã": "14999"}, "Mã xã", "no commune 14999"),
    ({"Mã xã": "3801"}, "Mã xã", "no commune 3801"),
    ({"Mã xã": "20001"}, "Mã xã", "from 2025-07-01 on"),
    ({"Ngày mở": "01/02/2026"}, "Mã xã", "14001 ended on 2025-06-30; since then it is in 20001"),
    ({"Số máy": "năm"}, "Số máy", "0 to 500"),
    ({"Số máy": 5.5}, "Số máy", "0 to 500"),
    ({"Số máy": -1}, "Số máy", "0 to 500"),
    ({"Ngày mở": "31/02/2019"}, "Ngày mở", "no day"),
    ({"Ngày mở": "01/02/19"}, "Ngày mở", "no day"),
    ({"Ngày mở": "2019"}, "Ngày mở", "no day"),
    ({"Ngày mở": "01/02/1819"}, "Ngày mở", "between"),
    ({"Ngày cuối": "01/01/2018"}, "Ngày cuối", "before the day on which it opened"),
    ({"Từ ngày": "01/03/2020"}, "Từ ngày", "opened on 2019-02-01"),
    ({"Từ ngày": "01/02/2019", "Đến ngày": "01/01/2019"}, "Đến ngày", "before"),
    ({"Đến ngày": "01/01/2026"}, "Đến ngày", "write it as its last day"),
    ({"T2": "7-25"}, "T2", "no hours"),
    ({"T2": "11:30-07:30"}, "T2", "no hours"),
    ({"T2": "07:30-11:30, 10:00-12:00"}, "T2", "no hours"),
    ({"Ngày nghỉ": "Tết"}, "Ngày nghỉ", "no exception"),
    ({"Ngày nghỉ": "02/09/2026: -; 01/09/2026..05/09/2026: -"}, "Ngày nghỉ", "twice"),
    ({"Ngày nghỉ": "05/09/2026..01/09/2026: -"}, "Ngày nghỉ", "ends before"),
    ({"Vùng khó khăn": "hơi"}, "Vùng khó khăn", "Có \\(Yes\\), Không \\(No\\)"),
    ({"Ngành": "công an"}, "Ngành", "Thư viện \\(Library\\), Bưu điện \\(Post\\)"),
    ({"Chính sách": "../x"}, "Chính sách", "letters, digits"),
    ({"Mã xã": None, "Xã/phường": "Hà Long"}, "Xã/phường", "No commune is called"),
    ({"Xã/phường": "Hà Trung"}, "Xã/phường", "is called Xã Hà Lĩnh"),
)  # fmt: skip


def test_every_mistake_is_named_by_row_and_column_and_nothing_is_written(book: Book) -> None:
    """Each alone, and then all of them in one file: the same words at each row."""
    together = []
    for more, column, words in WRONG:
        if "Mã điểm" not in more:
            more = {"Mã điểm": f"TH-1{len(together):02}", **more}
        together.append((site(**more), column, words))
        found = mistakes(book, sheet(site(**more)))
        assert (2, column) in found and re.search(words, found[2, column]), (more, found)
    found = mistakes(book, sheet(*(line for line, _column, _words in together)))
    for row, (line, column, words) in enumerate(together, 2):
        if "no commune" not in words and "ended" not in words and "from 2025" not in words:
            assert re.search(words, found[row, column]), line
    assert {row for row, _column in found} == set(range(2, len(together) + 2)), "no row hides another's"


def test_the_mistakes_are_told_in_the_language_of_the_terminal(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    head = ";".join(site())
    lines = [site(**{"Mã điểm": f"TH-{n:03}", "Diện": "?"}) for n in range(1, 6)]
    rows = [";".join(str(value) for value in line.values()) for line in lines]
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    english = book.cli("sites", "import", str(path), code=4)
    assert "Rows 2–6, Diện: “?” is not known. Write one of:" in english
    assert "Nothing was written: 5 mistakes." in english
    vietnamese = book.cli("sites", "import", str(path), code=4, lang="vi_VN.UTF-8")
    assert "Dòng 2–6, Diện: " in vietnamese and "Chưa ghi gì: có 5 chỗ sai." in vietnamese
    assert not re.search(r"\b(not|write|known|mistake)\b", vietnamese, re.IGNORECASE)
    assert len(book.json("sites", "import", str(path), code=4)["mistakes"]) == 5
    assert book.read().sites == {}


def test_codes_that_look_alike_are_named(book: Book) -> None:
    book.take(sheet(site()))
    for code, other in (("TH-OO1", "TH-001"), ("TH-0O1", "TH-001"), ("TH-00I", "TH-001"), ("TH001", "TH-001")):
        found = mistakes(book, sheet(site(**{"Mã điểm": code})))
        assert "taken for " + other in found[2, "Mã điểm"]
        assert mistakes(book, sheet(site(**{"Mã điểm": code})), alike=True) == {}
    both = mistakes(book, sheet(site(**{"Mã điểm": "TH-B1O"}), site(**{"Mã điểm": "TH-B10"})))
    assert set(both) == {(2, "Mã điểm"), (3, "Mã điểm")}
    # Letters of other alphabets, and small ones, are no code at all.
    for code in ("ТН-001", "th-001", "TH–001", "ＴＨ-００１"):
        assert "capital letters" in mistakes(book, sheet(site(**{"Mã điểm": code})))[2, "Mã điểm"]


def test_headings_are_known_in_both_languages_and_unknown_ones_named(book: Book) -> None:
    english = {"Site code": "TH-001", "Name": "Hà Lĩnh", "Type": "Commune library", "Commune name": "xã Hà Lĩnh",
               "Status": "project", "PCs": 5, "Opened": "2019-02-01", "Mon": "7h30-11h30 và 13h30-17h", "SUN": "closed",
               "Difficult area": "x"}  # fmt: skip
    book.take(sheet(english))
    row = row_on(book.read().sites["TH-001"], book.read().units, TODAY)
    assert (row.unit, row.unit_name, row.owner, row.difficult, row.pcs) == ("20001", "Xã Hà Long", "library", True, 5)
    monday = hours_on(book.read().sites["TH-001"], date(2026, 11, 23))
    assert [str(one) for one in monday] == ["07:30–11:30", "13:30–17:00"]
    same = {"ma diem": "TH-001", "TÊN ĐIỂM": "Hà Lĩnh", "Loai diem": "TVX"}
    assert book.look(sheet(same)).changes == ()
    name, rows = sheet(site())
    rows = [[*row, extra] for row, extra in zip(rows, ("Số điện thoại", "0912"), strict=True)]
    assert "is not known. Known are: Mã điểm (Site code)" in mistakes(book, (name, rows))[1, "Số điện thoại"]
    name, rows = sheet(site())
    assert "twice" in mistakes(book, (name, [[*row, row[0]] for row in rows]))[1, "Mã điểm"]
    with pytest.raises(UsageError, match="Mã điểm"):
        book.look(("Sheet1", [["a", "b"], [1, 2]]))
    plan = book.look(("Ghi chú", [["gì đó"]]), sheet(site()))
    assert plan.passed == ("Ghi chú",)


def test_lines_with_days_are_the_history_of_a_site(book: Book) -> None:
    book.take(sheet(site()))
    since = {"Mã điểm": "TH-001", "Tên điểm": "", "Loại điểm": "", "Từ ngày": "01/01/2026", "Số máy": 7}
    summer = {**since, "Từ ngày": "01/06/2026", "Đến ngày": "31/08/2026", "Số máy": 3, "T2": "-"}
    plan = book.take(sheet(since, summer), why="Sửa theo báo cáo")
    told = {(one.field, one.day): (one.before, one.after) for one in plan.changes}
    assert told["pcs", "2026-01-01"] == ("5", "7") and told["pcs", "2026-06-01"] == ("5", "3")
    one = book.read().sites["TH-001"]
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 8, 31), date(2026, 9, 1))
    assert [one.value("pcs", day) for day in days] == ["5", "7", "3", "7"]
    assert one.value("name", TODAY) == "Thư viện xã Hà Lĩnh"
    assert one.value("monday", date(2026, 7, 1)) == "-" and one.value("monday", TODAY) == ""
    assert book.take(sheet(since, summer)).changes == ()
    # One more line of the same day, or into the days of another one, is a mistake.
    found = mistakes(book, sheet(since, summer, {**summer, "Từ ngày": "15/07/2026", "Đến ngày": ""}, since))
    assert "Row 3 of the same code lasts until 2026-08-31" in found[4, "Từ ngày"]
    assert "Row 2 has the same code" in found[5, "Mã điểm"]
    # An empty cell says nothing, a "-" says that there is none; the history tells who and why.
    book.take(sheet({**since, "Từ ngày": "01/10/2026", "Số máy": "-"}))
    assert book.read().sites["TH-001"].value("pcs", TODAY) == ""
    said = book.cli("sites", "history", "TH-001")
    assert "Na: took a file: tệp – Sửa theo báo cáo" in said and "from 2026-10-01 on: 7 → –" in said
    shown = book.cli("sites", "show", "TH-001", "--on", "2026-07-06")
    assert "Planned on 2026-07-06: closed" in shown and "20001 Xã Hà Long" in shown


def test_a_table_needs_only_the_columns_that_change(book: Book) -> None:
    book.take(sheet(site()))
    assert book.take(sheet({"Mã": "TH-001", "Số máy": 8})).codes("site", False) == ["TH-001"]
    assert book.take(sheet({"Mã": "14001", "Thuộc": "3801"})).changes == (), "a table of units"
    assert book.take(sheet({"Mã điểm": "TH-001", "Mã xã": "14002"})).codes("site", False) == ["TH-001"]
    assert book.take(sheet({"Mã xã": "20001", "Cấp": "xã", "Tên": "Phường Hà Long"})).codes("unit", False) == ["20001"]
    one = book.read().sites["TH-001"]
    assert (one.value("pcs", TODAY), one.value("unit", TODAY), one.value("name", TODAY)) == (
        "8", "14002", "Thư viện xã Hà Lĩnh",
    )  # fmt: skip
    found = mistakes(book, sheet({"Mã điểm": "TH-002", "Số máy": 8}))
    assert {column for _row, column in found} == {"Tên điểm", "Loại điểm", "Ngành", "Mã xã", "Diện"}
    assert book.take(sheet({"Mã điểm": "TH-001", "Tên điểm": "Hà Long"})).codes("site", False) == ["TH-001"]
    for rows in ([["Mã", "Tên"], ["TH-001", "x"]], [["Loại điểm"], ["x"]], [["Mã điểm"], ["TH-001"]]):
        with pytest.raises(UsageError, match="headings"):
            book.look(("", rows))


def test_text_is_kept_as_nfc_without_hidden_signs(book: Book) -> None:
    name = unicodedata.normalize("NFD", "Thư viện  xã\u200b Hà\u00a0Lĩnh ")
    book.take(sheet(site(**{"Tên điểm": name, "Loại điểm": unicodedata.normalize("NFD", "Thư viện xã")})))
    assert book.read().sites["TH-001"].value("name", TODAY) == "Thư viện xã Hà Lĩnh"
    assert book.look(sheet(site())).changes == ()


@pytest.mark.parametrize("text", [
    # As an older file says it, read in another code: TCVN3, VNI, UTF-8; and with its letters lost.
    "§iÓm B­u ®iÖn", "X· Hµ LÜnh", "Ñieåm Böu ñieän", "Ä�iá»ƒm", "BÆ°u Ä‘iá»‡n", "Đi\ufffdm", "Th­ viÖn tØnh", "X· §«ng",
    "Di?m B?u di?n", "Th? vi?n", "H¸", "C«ng",
])  # fmt: skip
def test_letters_that_vietnamese_does_not_have_are_never_taken_for_a_name(book: Book, text: str) -> None:
    book.take(sheet(site()))
    [(_row, column)] = found = mistakes(book, sheet({"Mã điểm": "TH-001", "Tên điểm": text}))
    assert column == "Tên điểm" and re.search("TCVN3|lost when the file was saved", found[2, column])


@pytest.mark.parametrize("text", [
    "Điểm Bưu điện – Văn hóa xã Hà Lĩnh", "THƯ VIỆN “HẠNH PHÚC” SỐ 5½", "Cư M'gar", "Đắk R'lấp, thôn 2",
    "Ỡ Ằng Ẵng Ữ (cũ)", "Café Zalo® §5", "Čư Ŏ", "TTVH&TT·2", "Đã mở? Rồi",
])  # fmt: skip
def test_names_of_sites_in_vietnam_are_taken(book: Book, text: str) -> None:
    book.take(sheet(site(**{"Tên điểm": text})))
    assert book.read().sites["TH-001"].value("name", TODAY) == text


def test_a_d_with_the_stroke_of_another_language_is_ours(book: Book) -> None:
    """Older keyboards wrote Ð (of Icelandic) for Đ, and nobody sees it."""
    book.take(sheet(site(**{"Tên điểm": "\u00d0iểm xã \u00d0ông, \u00f0ường 2"})))
    assert book.read().sites["TH-001"].value("name", TODAY) == "Điểm xã Đông, đường 2"


def test_headings_in_an_old_code_are_told_as_what_they_are(book: Book) -> None:
    with pytest.raises(UsageError, match="not those of Vietnamese.*UniKey"):
        book.look(("", [["M· ®iÓm", "Tªn ®iÓm", "Lo¹i ®iÓm"], ["TH-001", "X· Hµ", "X·"]]))


def test_units_that_lead_nowhere_are_named(book: Book) -> None:
    cases = (
        (["14009", "Xã", "Xã Ba", "3801", "", "30/06/2025", ""], "Nhập vào", "into which unit"),
        (["14009", "Xã", "Xã Ba", "3801", "", "", "20001"], "Đến ngày", "write its last day"),
        (["14009", "Xã", "Xã Ba", "3801", "", "30/06/2025", "29999"], "Nhập vào", "no unit 29999"),
        (["14009", "Xã", "Xã Ba", "3801", "", "", ""], "Thuộc", "no unit 3801 above it on 2025-07-01"),
        (["14009", "Xã", "Xã Ba", "", "", "", ""], "Thuộc", "missing"),
        (["14009", "Xã", "Xã Ba", "20001", "01/07/2025", "", ""], "Thuộc", "no unit 20001 above"),
        (["14009", "Xã", "Xã Ba", "38", "", "", ""], "Thuộc", "belongs to no district"),
        (["14009", "Ấp", "Xã Ba", "38", "", "", ""], "Cấp", "Tỉnh \\(Province\\), Huyện"),
        (["14001", "Huyện", "Xã Hà Lĩnh", "3801", "", "", ""], "Cấp", "never changes"),
        (["39", "Tỉnh", "Tỉnh Khác", "38", "", "", ""], "Thuộc", "above a province"),
    )
    for row, column, words in cases:
        found = mistakes(book, units(row))
        assert (2, column) in found and re.search(words, found[2, column]), (row, found)
    # Sites in a commune whose own line is wrong are not told to be nowhere.
    wrong = units(["14009", "Xã", "Xã Ba", "3801", "hôm qua", "", ""])
    found = mistakes(book, wrong, sheet(site(**{"Mã xã": "14009"})))
    assert set(found) == {(2, "Từ ngày")}
    # A change of a unit that leaves a site nowhere is named, though the file has no line of that site.
    book.take(sheet(site()))
    found = mistakes(book, units(["14001", "Xã", "Xã Hà Lĩnh", "3801", "01/01/2015", "30/06/2024", "14002"]))
    assert found == {}, "it goes where its commune goes"
    found = mistakes(book, units(["20001", "Xã", "Xã Hà Long", "38", "", "31/12/2025", ""]))
    assert "into which unit" in found[2, "Nhập vào"]


def test_what_should_be_looked_at_is_said_and_taken(book: Book) -> None:
    plan = book.take(sheet(site(), site(**{"Mã điểm": "TH-002", "Loại điểm": "Thư viện huyện"})))
    said = " ".join(plan.remarks)
    assert "still district libraries: TH-002" in said and "2 sites have no planned hours" in said
    assert "one name in one commune: TH-001, TH-002" in said


# -- files


def xlsx(rows: list[list[object]], formulas: dict[tuple[int, int], tuple[str, object]] | None = None) -> bytes:
    """A workbook by another hand: days as days, numbers as numbers, formulas with what they came to."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page, day = book.add_worksheet("Điểm"), book.add_format({"num_format": "dd/mm/yyyy"})
        for n, row in enumerate(rows):
            for m, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(n, m, datetime(cell.year, cell.month, cell.day), day)
                else:
                    page.write(n, m, cell)
        for (n, m), (formula, value) in (formulas or {}).items():
            page.write_formula(n, m, formula, None, value)
    return made.getvalue()


def taken(book: Book, path: Path, data: bytes) -> dict[tuple[int, str], str]:
    path.write_bytes(data)
    return mistakes(book, *((one.name, one.rows) for one in sheets_in(path)))


@pytest.mark.slow
def test_days_as_days_as_numbers_and_as_text_are_the_same(book: Book, tmp_path: Path) -> None:
    for opened in (date(2019, 2, 1), 43497, "43497", "01/02/2019", "2019-02-01", "1.2.2019", "2019-02-01 00:00:00"):
        name, rows = sheet(site(**{"Ngày mở": opened}))
        path = tmp_path / "s.xlsx"
        path.write_bytes(xlsx(rows))
        plan = book.look(*((one.name, one.rows) for one in sheets_in(path)))
        assert plan.mistakes == () and plan.after.sites["TH-001"].opened == date(2019, 2, 1), opened


def test_formulas_count_as_what_they_came_to_and_their_faults_are_named(book: Book, tmp_path: Path) -> None:
    name, rows = sheet(site())
    head = rows[0]
    good = {(1, head.index("Mã điểm")): ('="TH-"&"001"', "TH-001"), (1, head.index("Số máy")): ("=2+3", 5)}
    assert taken(book, tmp_path / "good.xlsx", xlsx(rows, good)) == {}
    wrong = {(1, head.index("Số máy")): ("=1/0", "#DIV/0!"), (1, head.index("Tên điểm")): ("=A1", 0)}
    found = taken(book, tmp_path / "wrong.xlsx", xlsx(rows, wrong))
    assert set(found) == {(2, "Số máy"), (2, "Tên điểm")}, "a fault is no empty cell"
    # A program that writes formulas and works none of them out.
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(rows, good))) as old, zipfile.ZipFile(data, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part.endswith("sheet1.xml"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            new.writestr(part, content)
    assert set(taken(book, tmp_path / "none.xlsx", data.getvalue())) == {(2, "Mã điểm"), (2, "Số máy")}


def test_merged_cells_stand_in_each_of_their_places(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    _name, rows = sheet(site(), site(**{"Mã điểm": "TH-002"}), site(**{"Mã điểm": "TH-003"}))
    place = rows[0].index("Mã xã")
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet("Danh sách")
        page.merge_range(0, 0, 0, len(rows[0]) - 1, "DANH SÁCH CÁC ĐIỂM")
        for n, row in enumerate(rows, 1):
            for m, cell in enumerate(row):
                page.write(n, m, cell)
        page.merge_range(2, place, 4, place, "14002")
        page.write(5, 0, "Tổng cộng: 3 điểm")
    plan = book.look(*((one.name, one.rows) for one in sheets_in(path)))
    assert plan.mistakes == () and plan.lines == 3
    assert {one.value("unit", TODAY) for one in plan.after.sites.values()} == {"14002"}


def test_a_unit_that_was_merged_has_no_line_after_that(book: Book) -> None:
    """Such a line was passed over, and what it said of the merge with it."""
    rows = [["14001", "", "", "", "", "30/06/2025", "20001"], ["14001", "", "Xã Khác", "38", "01/07/2025", "", ""]]
    assert list(mistakes(book, units(*rows))) == [(2, "Nhập vào")]


@pytest.mark.slow
def test_a_line_with_more_cells_than_headings_is_a_mistake(book: Book, tmp_path: Path) -> None:
    """Without its quotes the afternoon of Monday would be all of Tuesday, and the last cell nowhere."""
    book.take(sheet(site()))
    (tmp_path / "week.csv").write_text(
        "Mã điểm,Tên điểm,Thứ hai,Thứ ba\nTH-001,Thư viện,07:30-11:30, 13:30-17:00, 08:00-11:00\n", encoding="utf-8"
    )
    [one] = sheets_in(tmp_path / "week.csv")
    assert list(mistakes(book, (one.name, one.rows))) == [(2, "")]
    (tmp_path / "week.csv").write_text(
        'Mã điểm,Tên điểm,Thứ hai,Thứ ba\nTH-001,Thư viện,"07:30-11:30, 13:30-17:00", 08:00-11:00,,\n', encoding="utf-8"
    )
    [one] = sheets_in(tmp_path / "week.csv")
    book.take((one.name, one.rows))
    assert book.read().sites["TH-001"].value("tuesday", TODAY) == "08:00-11:00"


@pytest.mark.parametrize(("count", "taken"), [(27, True), (201, False)])
def test_every_sheet_is_read_or_the_file_is_refused(book: Book, tmp_path: Path, count: int, taken: bool) -> None:
    """Officers keep a sheet for each district: 27 of them in one province."""
    with xlsxwriter.Workbook(tmp_path / "sheets.xlsx") as made:
        for number in range(count):
            page = made.add_worksheet(f"Huyện {number}")
            line = site(**{"Mã điểm": f"TH-{number + 100}", "Tên điểm": f"Thư viện xã số {number}"})
            for row, cells in enumerate((line, line.values())):
                page.write_row(row, 0, cells)
    if not taken:
        with pytest.raises(UsageError, match="200 sheets"):
            sheets_in(tmp_path / "sheets.xlsx")
        return
    plan = book.look(*((one.name, one.rows) for one in sheets_in(tmp_path / "sheets.xlsx")))
    assert plan.mistakes == () and len(plan.codes("site", True)) == count


def bomb(megabytes: int) -> bytes:
    """A workbook of one sheet that is `megabytes` long when it is unpacked, and a few kB before."""
    made, plain = io.BytesIO(), io.BytesIO(xlsx([["Mã điểm"]]))
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            if part.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", b" " * (megabytes << 20) + b"</sheetData>")
            new.writestr(part, content)
    return made.getvalue()


@pytest.mark.slow
def test_bombs_and_broken_files_are_refused_with_a_sentence(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = xlsx(sheet(site())[1])
    cases = (
        (bomb(30), "too large"), (lengths(bomb(30), 100), "too large|cannot be read"),
        (lengths(whole, 1 << 31), "too large"),
        (whole[: len(whole) // 2], "cannot be read"), (b"PK\x03\x04" + b"\x00" * 50, "cannot be read"),
        (b"", "nothing in"), (b"\x00\x01\x02" * 99, "cannot be read"),
        (b"x" * (LIMITS.size + 1), "too large"), (xlsx([["", ""]]), "nothing in"),
        (("Mã điểm;Tên điểm;Loại điểm\n" + "a;b;c\n" * 20_100).encode(), "too large|20000"),
        ((";" * 70 + "\n").encode() * 3, "too large"),
    )  # fmt: skip
    with monkeypatch.context() as patched:
        patched.setattr(register_files, "LIMITS", replace(LIMITS, unpacked=20 << 20))
        for number, (data, words) in enumerate(cases):
            path = tmp_path / f"{number}.xlsx"
            path.write_bytes(data)
            with pytest.raises(UsageError, match=words):
                sheets_in(path)
    for name in ("2", "3", "none"):
        said = book.cli("sites", "import", str(tmp_path / f"{name}.xlsx"), code=2)
        assert len(said.splitlines()) <= 2


def lengths(data: bytes, size: int) -> bytes:
    """The same archive, and its directory says of every entry that it is so long."""
    lying, place = bytearray(data), 0
    while (place := lying.find(b"PK\x01\x02", place)) >= 0:
        lying[place + 24 : place + 28] = size.to_bytes(4, "little")
        place += 4
    return bytes(lying)


@pytest.mark.slow
def test_a_reader_that_wants_too_much_memory_ends_alone() -> None:
    """The child is bounded, not this process: a sheet within the unpacked limit, and more than the memory given."""
    with pytest.raises(KioskError, match="unreadable|too_big"):
        read(bomb(60), replace(LIMITS, memory=80_000_000))
    assert read(bomb(1), LIMITS)[0].rows == [["Mã điểm"]], "the control: less of it, and the memory that is given"


@pytest.mark.slow
def test_twenty_thousand_lines_are_read_checked_and_written(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    lines = [site(**{"Mã điểm": f"VN-{n:05}"}) for n in range(20_000)]
    path.write_bytes(xlsx(sheet(*lines)[1]))
    book.take(*((one.name, one.rows) for one in sheets_in(path)), alike=True)
    assert len(book.read().sites) == 20_000


def test_a_line_more_than_there_may_be_is_refused(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [site(**{"Mã điểm": f"TH-{n:03}"}) for n in range(11)]
    monkeypatch.setattr(register_rows, "MOST_LINES", 10)
    with pytest.raises(UsageError, match="10 lines"):
        book.look(sheet(*lines))
    assert book.look(sheet(*lines[:10])).mistakes == ()


CHILD = """
import os, sys
sys.path[:0] = [{tests!r}, {root!r}]
from register_support import Book, sheet, site
from kiosk.province.register import keeping as register_keeping
real, die_at, count = register_keeping._write_site, int(sys.argv[2]), 0
def write(db, one):
    global count
    count += 1
    if count == die_at:
        os.kill(os.getpid(), 9)
    real(db, one)
register_keeping._write_site = write
from pathlib import Path
book = Book(Path(sys.argv[1]))
book.take(sheet(*(site(**{{"Mã điểm": f"TH-{{n:03}}", "Số máy": int(sys.argv[3])}}) for n in range(1, 41))))
"""


def run_child(book: Book, die_at: int, pcs: int) -> int:
    code = CHILD.format(tests=str(ROOT / "tests"), root=str(ROOT))
    words = [sys.executable, "-c", code, str(book.home.path), str(die_at), str(pcs)]
    return subprocess.run(words, cwd=ROOT, timeout=60, check=False).returncode


@pytest.mark.slow
def test_an_import_that_is_killed_is_done_or_was_not_begun(book: Book) -> None:
    for die_at in (1, 20, 40):
        assert run_child(book, die_at, 5) == -9
        assert book.read().sites == {}, "half a file is no file"
    assert run_child(book, 0, 5) == 0
    before = book.read()
    assert len(before.sites) == 40
    assert run_child(book, 33, 9) == -9 and book.read() == before
    assert run_child(book, 0, 9) == 0
    assert {one.value("pcs", TODAY) for one in book.read().sites.values()} == {"9"}


@pytest.mark.slow
def test_two_imports_at_once_are_one_after_the_other(book: Book, tmp_path: Path) -> None:
    """Different lines of the same sites: whoever is second changes what the first has written."""
    files = []
    for number, more in enumerate(({"Số máy": 9}, {"Vùng khó khăn": "Có"})):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(xlsx(sheet(*(site(**{"Mã điểm": f"TH-{n:03}", **more}) for n in range(1, 31)))[1]))
        files.append(path)
    book.take(sheet(*(site(**{"Mã điểm": f"TH-{n:03}"}) for n in range(1, 31))))
    words = [sys.executable, "-m", "kiosk", "province", "sites", "import", "--home", str(book.home.path)]
    both = [subprocess.Popen([*words, str(path)], cwd=ROOT) for path in files]
    assert [one.wait(120) for one in both] == [0, 0]
    found = {(one.value("difficult", TODAY)) for one in book.read().sites.values()}
    assert found == {"yes"}
    assert len(book.json("sites", "history", "TH-001")) >= 3


def test_the_empty_table_is_taken_when_it_is_filled_as_it_says(book: Book, tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    for lang, name in (("vi_VN.UTF-8", "Điểm"), ("C.UTF-8", "Sites")):
        path = tmp_path / f"{lang}.xlsx"
        book.cli("sites", "export", "--template", str(path), lang=lang)
        file = CalamineWorkbook.from_path(path)
        assert file.sheet_names[0] == name and len(file.sheet_names) == 3
        rows = file.get_sheet_by_index(0).to_python()
        told = file.get_sheet_by_index(2).to_python()
        guide = {row[0]: row[2] for row in told[: [row[0] for row in told].index(file.sheet_names[1])]}
        example = [guide[heading].split(", ")[0] if "," in str(guide[heading]) and ":" not in str(guide[heading])
                   else guide[heading] for heading in rows[0]]  # fmt: skip
        place = {heading: number for number, heading in enumerate(SITE_COLUMNS)}
        example[place["unit"]], example[place["unit_name"]], example[place["opened"]] = "20001", "", "01/07/2025"
        example[place["until"]] = ""
        plan = book.look(("", [rows[0], example]))
        assert plan.mistakes == () and plan.codes("site", True) == ["TH-012"]
    out = tmp_path / "t.csv"
    book.cli("sites", "export", "--template", str(out))
    assert out.read_text(encoding="utf-8-sig").startswith("Site code;From;Until;Name;")
