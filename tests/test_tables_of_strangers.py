"""A table from anybody's program: how its columns are parted, in which letters it is written, what is hidden in it."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from kiosk.errors import KioskError
from kiosk.service import journal_file
from kiosk.table_file import Limits, Sheet, read, sheets_of

LIMITS = Limits(size=1_000_000, unpacked=20_000_000, rows=100, columns=30)
ROWS = [["Mã điểm", "Tên điểm", "Thứ hai"], ["TH-001", "Thư viện xã Hà Lĩnh", "07:30-11:30, 13:30-17:00"]]


def text(mark: str, title: str = "") -> str:
    """The rows as a text file, cells in quotes where they must."""
    lines = [mark.join(f'"{cell}"' if mark in cell else cell for cell in row) for row in ROWS]
    return "\r\n".join([*([title] if title else []), *lines]) + "\r\n"


@pytest.mark.parametrize("mark", [";", "\t", ","])
@pytest.mark.parametrize("title", ["", "DANH SÁCH ĐIỂM", "{0}{0}"])
def test_columns_are_parted_as_the_headings_are(mark: str, title: str) -> None:
    found = sheets_of(text(mark, title.format(mark)).encode("utf-8-sig"), LIMITS)
    assert found[0].rows[-2:] == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_letters_are_read_as_they_were_written(encoding: str) -> None:
    assert sheets_of(text(";").encode(encoding), LIMITS) == [Sheet("", ROWS)]


def test_letters_of_an_old_windows_are_read_too() -> None:
    """CP1258 writes vowels and their tone marks apart."""
    old = "Ma\u0303;T\xean xa\u0303\r\nTH-001;Th\u01b0 vi\xea\u0323n\r\n".encode("cp1258")
    assert sheets_of(old, LIMITS)[0].rows == [["Mã", "Tên xã"], ["TH-001", "Thư viện"]]


def workbook() -> bytes:
    """A sheet that is hidden, a chart, a sheet with days, hours, a fault, a merged cell and a rich text."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        day, bold = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"bold": True})
        hidden = book.add_worksheet("Ẩn")
        hidden.write_row(0, 0, ["Mã điểm", "Tên điểm"])
        hidden.hide()
        shown = book.add_worksheet("Thứ 1 & 2")
        shown.activate()
        shown.write_datetime(0, 0, date(2026, 11, 23), day)
        shown.write_formula(0, 1, "=NA()", None, "#N/A")
        shown.write_formula(0, 2, "=A1", None, "cũ")
        shown.merge_range(1, 0, 2, 1, "gộp")
        shown.write_rich_string(3, 0, bold, "Thư", " viện")
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "='Thứ 1 & 2'!$A$1:$A$2"})
        book.add_chartsheet("Biểu đồ").set_chart(chart)
    return made.getvalue()


def test_only_sheets_that_are_seen_are_read_and_faults_are_no_empty_cells() -> None:
    assert read(workbook(), LIMITS) == [
        Sheet("Thứ 1 & 2", [["2026-11-23", "#N/A", "cũ"], ["gộp", "gộp", ""], ["gộp", "gộp", ""], ["Thư viện", "", ""]])
    ]


def test_a_fault_in_the_journal_s_file_is_named_and_not_passed_over() -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Loại việc", "Ngày", "Số lần", "Số người"])
        page.write_row(1, 0, ["Lớp hướng dẫn", "15/10/2025", 1])
        page.write_formula(1, 3, "=1/0", None, "#DIV/0!")
    assert journal_file.read(made.getvalue())[1] == ["Lớp hướng dẫn", "15/10/2025", 1, "#DIV/0!"]


@pytest.mark.slow
def test_what_would_be_too_much_is_refused_by_its_name() -> None:
    def name(data: bytes, limits: Limits = LIMITS) -> str:
        with pytest.raises(KioskError) as told:
            read(data, limits)
        return told.value.message

    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(501):
            archive.writestr(f"{number}", b"")
    assert name(many.getvalue()) == "too_big"
    assert name(b"x" * 1_000_001) == "too_big"
    assert name(b"a;b\n" * 101) == "too_big"
    assert name((";" * 30 + "\n").encode()) == "too_big"
    assert name(b"a;b\x00c") == "unreadable"
    assert name(b"  \n ") == "empty"
    assert name(b";;\n;;\n") == "empty"


@pytest.mark.slow
def test_cells_that_never_end_cost_the_child_its_time_and_nobody_else() -> None:
    """A sheet on which looking for faults would take for ever: the child's seconds are counted."""

    def cells(count: int) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.namelist():
                content = old.read(part)
                if part.endswith("sheet2.xml"):
                    content = content.replace(b"</sheetData>", b"</sheetData><!--" + b"<c >" * count + b"<f-->")
                new.writestr(part, content)
        return made.getvalue()

    limits = Limits(1_000_000, 20_000_000, 100, 30, seconds=2)
    assert read(cells(10), limits)[0].rows[1][0] == "gộp", "the control"
    with pytest.raises(KioskError, match="unreadable"):
        read(cells(400_000), limits)
