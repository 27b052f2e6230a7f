"""The workbook as LibreOffice reads it, cell by cell beside the JSON of the same report."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from small_world import POLICY, SITE, THEMES, small_world
from spreadsheet import opened
from store_support import ended, reading

from kiosk.clock import LOCAL
from kiosk.errors import KioskError
from kiosk.report import Report, Reports, words, xlsx
from kiosk.report.formats import as_csv, as_json
from kiosk.report.sheets import sheets
from kiosk.report.table import as_table
from kiosk.report.xlsx import as_xlsx
from kiosk.service.month_locking import MonthLocks
from kiosk.store import Store, journal, sessions

pytestmark = pytest.mark.slow

FORMULA = '=HYPERLINK("http://192.0.2.1/","lớp 20/10")'
PERIODS = ("2026-10", "2026", "2026-10-06..2026-11-22")


@dataclass
class Made:
    """The small station after a lock and two changes, and what LibreOffice read of its workbooks."""

    store: Store
    reports: dict[str, Report]
    sheets: dict[str, dict[str, list[dict[str, str]]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("book")
    with small_world(folder) as store:
        now = [reading("2026-11-03T08:00:00+07:00")]
        reports = Reports(store, replace(SITE, name="=1+1"), POLICY, lambda: now[0], THEMES)
        locks = MonthLocks(store, reports)
        locks.look()
        store.run(sessions.record, ended("2026-10-20", 1_800), ())
        when = datetime(2026, 11, 9, 9, 0, tzinfo=LOCAL)
        store.run(journal.add, "class", date(2026, 10, 20), {"people": 12}, "Lan", when, None, FORMULA)
        now[0] = reading("2026-11-22T10:00:00+07:00")
        locks.look()
        found = {period: reports.make(period) for period in PERIODS}
        read: dict[str, dict[str, list[dict[str, str]]]] = {}
        for period, report in found.items():
            book = folder / f"{len(read)}.xlsx"
            book.write_bytes(as_xlsx(report, "vi"))
            tables = opened(book, folder / f"read{len(read)}")
            assert set(tables) == {one.name for one in sheets(report, "vi")}
            read[period] = {
                name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] for name, rows in tables.items()
            }
        yield Made(store, found, read)


def number(text: str) -> Decimal | None:
    """What a cell holds, where it holds a number."""
    return Decimal(text) if text else None


def cell(value: Any, why: str | None = None) -> str:
    """How LibreOffice tells a value of the JSON: a number by itself, a reason in its place."""
    if value is None:
        return words.say("vi", dict(words.WHY)[why]) if why else ""  # type: ignore[index]
    return f"{Decimal(value).normalize():f}"


def day(text: str | None) -> str:
    """A real day of a cell, as LibreOffice writes it in its own plain format."""
    return "" if text is None else f"{date.fromisoformat(text):%m/%d/%Y}"


@pytest.mark.slow
@pytest.mark.parametrize("period", PERIODS)
def test_every_figure_is_the_one_of_the_json(made: Made, period: str) -> None:
    data, rows = json.loads(as_json(made.reports[period])), made.sheets[period]["Chỉ tiêu"]
    assert [row["Mã"] for row in rows] == list(data["lines"])
    for row, line in zip(rows, data["lines"].values(), strict=True):
        now, before, year = line["now"], line["previous"] or {}, line["last_year"] or {}
        assert row["Kỳ này"] == cell(now["value"], now["why"]), row
        assert row["Kỳ trước"] == cell(before.get("value"), before.get("why")), row
        assert row["Cùng kỳ năm trước"] == cell(year.get("value"), year.get("why")), row
        assert (number(row["Ít nhất"]), number(row["Nhiều nhất"])) == (now["low"], now["high"])
        assert (number(row["Trên tổng số"]), row["Tính đến ngày"]) == (line["out_of"], day(now["through"]))
        change = line["change"] or {}
        assert row["Tăng, giảm (%)"] == cell(change.get("percent"))
        assert row["Phiên bản"] == data["definitions"][row["Mã"]]["version"]


@pytest.mark.slow
@pytest.mark.parametrize("period", PERIODS)
def test_every_list_is_the_one_of_the_json(made: Made, period: str) -> None:
    data, found = json.loads(as_json(made.reports[period])), made.sheets[period]
    days = found["Từng ngày" if period == "2026-10" or ".." in period else "Từng tháng"]
    assert [(row["Từ ngày"], row["đến ngày"], number(row["Số lượt người sử dụng"])) for row in days] == [
        (day(bar["first"]), day(bar["last"]), bar["visits"]) for bar in data["bars"]
    ]
    assert [number(row["Cùng kỳ năm trước"]) for row in days] == [bar["last_year"] for bar in data["bars"]]
    for sheet, part in (("Kết thúc", "ends"), ("Bài đã mở", "themes"), ("Ghi sổ", "journal")):
        assert [(row["Mã"], number(row["Số lượng"])) for row in found[sheet]] == [
            (one["code"], one["value"]) for one in data[part]
        ]
    told = [one for parts in data["answers"].values() for one in parts]
    *rows, pictures, groups = found["Ai đã đến"]
    assert [(row["Mã"], row["Số lượng"], row["Tính từ ngày"]) for row in rows] == [
        (one["code"], cell(one["value"], one["why"]), day(one["since"])) for one in told
    ]
    assert [number(row["Số lượng"]) for row in (pictures, groups)] == list(data["withheld"].values())
    assert [(row["Mã"], row["Phiên bản"]) for row in found["Định nghĩa"]] == [
        (code, one["version"]) for code, one in data["definitions"].items()
    ]


@pytest.mark.slow
def test_changes_after_the_lock_are_told_with_their_reasons(made: Made) -> None:
    rows = made.sheets["2026-10"]["Thay đổi sau khi chốt"]
    data = json.loads(as_json(made.reports["2026-10"]))
    assert [(row["Mã"], row["Đã báo cáo"], row["Sửa thành"], row["Ngày ghi nhận"]) for row in rows] == [
        (one["code"], cell(one["before"]), cell(one["after"]), "11/22/2026") for one in data["revisions"]
    ]
    told = {row["Mã"]: row for row in rows}
    assert (told["VISITS"]["Đã báo cáo"], told["VISITS"]["Sửa thành"]) == ("200", "201")
    assert told["JOURNAL:class_people"]["Lý do"] == FORMULA, "as it was typed, and not what it would reckon"


@pytest.mark.slow
def test_what_was_typed_stays_text_and_headings_are_vietnamese(made: Made) -> None:
    about = {row["Nội dung"]: row["Giá trị"] for row in made.sheets["2026-10"]["Về báo cáo này"]}
    assert about["Tên điểm"] == "=1+1" and about["Mã"] == "TH-017" and about["Từ ngày"] == "10/01/2026"
    english = {heading for one in sheets(made.reports["2026"], "en") for heading, _width in one.columns}
    vietnamese = {heading for one in sheets(made.reports["2026"], "vi") for heading, _width in one.columns}
    assert not english & vietnamese


@pytest.mark.slow
def test_a_withheld_cell_is_words_and_no_file_says_a_number_that_the_others_do_not(made: Made) -> None:
    report = made.reports["2026-10"]
    rows = next(one for one in sheets(report, "vi") if one.name == "Ai đã đến").rows
    assert ("Tuổi", "Dưới 16 tuổi", "giữ kín") in [row[:3] for row in rows]
    told = {part.value for parts in report.answers.values() for part in parts} | set(report.withheld.values())
    assert {row[2] for row in rows if isinstance(row[2], int)} <= told
    assert FORMULA not in as_table(report, "vi").replace("'=", "") and "'=HYPERLINK" in as_table(report, "vi")
    assert FORMULA not in as_csv(report, "vi").replace("'=", "") and "'=HYPERLINK" in as_csv(report, "vi")


def test_the_service_never_loads_what_writes_workbooks() -> None:
    code = "import sys, kiosk.service.__main__, kiosk.report.xlsx; print('xlsxwriter' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"


def test_a_workbook_that_cannot_be_made_is_told_and_what_to_do(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "CHILD", ("-I", str(Path(__file__).with_name("there_is_no_such_file.py"))))
    with pytest.raises(KioskError) as refused:
        as_xlsx(made.reports["2026-10"], "vi")
    assert "CSV" in refused.value.hint
