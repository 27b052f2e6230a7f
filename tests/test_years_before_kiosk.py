"""Figures of the years before kiosk: written with who and why, shown beside ours and marked, never mixed with them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from register_support import MAP, Book, sheet, site, units

from kiosk.errors import RefusedError, UsageError
from kiosk.province.baseline_files import rows_in
from kiosk.province.baseline_orders import amount
from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.baseline import CODES, Entry, history, listed, years
from kiosk.province.indicators.figures import figures
from kiosk.province.indicators.value import Value
from kiosk.province.indicators.world import World
from kiosk.province.memory.ledger import Ledger
from kiosk.province.orders import carry_out
from kiosk.rules.periods import months_period
from tests.figures_bundles import BUILT
from tests.figures_worlds import worlds

TODAY = date(2026, 7, 1)
YEAR = Ask(months_period((2025, 1), (2025, 12)), TODAY)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = Book(tmp_path / "home")
    book.take(units(*MAP), sheet(site(), site(**{"Mã điểm": "TH-002", "Mã xã": "14002"})))
    return book


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lake")


@pytest.fixture
def world(lake: Path) -> Iterator[World]:
    with worlds()[0].opened(lake) as opened:
        yield opened


def entry(year: int, value: int | Decimal, where: str = "", code: str = "VISITS") -> Entry:
    return Entry(year, where, code, value, "Lan", BUILT, "")


def known(book: Book) -> dict[tuple[int, str, str], int | Decimal]:
    return {(one.year, one.site, one.code): one.value for one in book.asked(listed)}


def test_a_figure_is_written_corrected_with_a_reason_and_taken_out(book: Book) -> None:
    book.cli("baseline", "set", "2019", "VISITS", "182.000")
    book.cli("baseline", "set", "2019", "PC_HOURS", "4512,5", "--site", "TH-001")
    assert known(book) == {(2019, "", "VISITS"): 182_000, (2019, "TH-001", "PC_HOURS"): Decimal("4512.5")}
    with pytest.raises(RefusedError):
        carry_out(book.home.path, "baseline set", year=2019, code="VISITS", value="181000")
    book.cli("baseline", "set", "2019", "VISITS", "181000", "--reason", "Cộng nhầm")
    assert known(book)[2019, "", "VISITS"] == 181_000
    with pytest.raises(RefusedError):
        carry_out(book.home.path, "baseline remove", year=2019, code="VISITS")
    book.cli("baseline", "remove", "2019", "VISITS", "--reason", "Chưa chắc")
    assert set(known(book)) == {(2019, "TH-001", "PC_HOURS")}


def test_all_that_was_done_stays_written_with_who_when_and_why(book: Book) -> None:
    carry_out(book.home.path, "baseline set", year=2019, code="USERS", value="900", who="Lan")
    carry_out(book.home.path, "baseline set", year=2019, code="USERS", value="950", who="Lan", why="Sót một điểm")
    carry_out(book.home.path, "baseline set", year=2019, code="USERS", value="950", who="Lan")  # it is so already
    carry_out(book.home.path, "baseline remove", year=2019, code="USERS", why="Không rõ nguồn")
    done = book.asked(history)
    assert [(one.before, one.after, one.why) for one in done] == [
        ("950", None, "Không rõ nguồn"), ("900", "950", "Sót một điểm"), (None, "900", ""),
    ]  # fmt: skip
    assert done[1].who.startswith("Lan (") and done[1].at.tzinfo is not None
    with closing(sqlite3.connect(book.home.ledger)) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("DELETE FROM baseline_changes")
    assert "Sót một điểm" in book.cli("baseline", "list", "--history")


@pytest.mark.parametrize(
    ("year", "code", "value", "site"),
    [(2019, "VISITS", "12,5", ""), (2019, "VISITS", "-1", ""), (2019, "VISITS", "1e9", ""), (2019, "VISITS", "", ""),
     (2019, "PC_HOURS", "1,25", ""), (2019, "PAGES", "1", ""), (1066, "VISITS", "1", ""), (2999, "VISITS", "1", ""),
     (2019, "VISITS", "1", "TH-404"), (2019, "VISITS", "99999999999", "")],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(book: Book, year: int, code: str, value: str, site: str) -> None:
    with pytest.raises(UsageError) as told:
        carry_out(book.home.path, "baseline set", year=year, code=code, value=value, site=site)
    assert told.value.hint and known(book) == {}


@given(st.integers(0, 10**9))
def test_a_number_reads_the_same_however_it_is_grouped(number: int) -> None:
    for grouped in (f"{number}", f"{number:,}", f"{number:,}".replace(",", "."), f"{number:,}".replace(",", " ")):
        assert amount(grouped, "VISITS") == str(number)


@given(st.integers(0, 10**8), st.integers(0, 9))
def test_hours_keep_their_decimal(whole: int, tenth: int) -> None:
    meant = Decimal(f"{whole}.{tenth}")
    for written in (f"{whole}.{tenth}", f"{whole},{tenth}", f"{whole:,}.{tenth}"):
        assert Decimal(amount(written, "NET_HOURS")) == meant


def workbook(path: Path, *rows: list[object]) -> Path:
    made = xlsxwriter.Workbook(str(path))
    table = made.add_worksheet("Trước kiosk")
    for number, row in enumerate(rows):
        table.write_row(number, 0, row)
    made.close()
    return path


HEAD: list[object] = ["Năm", "Mã điểm", "Số lượt người sử dụng", "Tổng thời gian sử dụng máy tính (giờ)"]


def test_a_workbook_is_taken_whole_or_not_at_all(book: Book, tmp_path: Path) -> None:
    good = workbook(
        tmp_path / "a.xlsx", ["Số liệu cũ"], HEAD, [2018, "", 150_000, 9_000.5], [2019, "TH-001", 1_200, ""]
    )
    told = book.json("baseline", "load", str(good))
    assert (told["rows"], told["new"]) == (3, 3)
    assert known(book) == {(2018, "", "VISITS"): 150_000, (2018, "", "PC_HOURS"): Decimal("9000.5"),
                           (2019, "TH-001", "VISITS"): 1_200}  # fmt: skip
    bad = workbook(tmp_path / "b.xlsx", HEAD, [2017, "", 10, 10], [2018, "TH-404", 5, ""])
    assert "TH-404" in book.cli("baseline", "load", str(bad), "--reason", "x", code=2)
    worse = workbook(tmp_path / "c.xlsx", HEAD, [2017, "", 10, 10], ["năm nay", "", 5, ""], [2016, "", "nhiều", ""])
    said = book.cli("baseline", "load", str(worse), code=4)
    assert "năm nay" in said and "nhiều" in said
    assert len(known(book)) == 3


def test_a_csv_file_reads_the_same_and_others_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Year;Site code;Visits;Users\n2018;;150.000;900\n2018;;150.000;901\n")
    rows, mistakes = rows_in(tmp_path / "a.csv")
    assert rows[:2] == [(2018, "", "VISITS", "150000"), (2018, "", "USERS", "900")] and len(mistakes) == 1
    (tmp_path / "b.csv").write_text("Tên;Tuổi\nLan;30\n")
    (tmp_path / "c.csv").write_bytes(b"PK\x03\x04 broken")
    for name in ("b.csv", "c.csv", "none.csv"):
        with pytest.raises(UsageError):
            rows_in(tmp_path / name)


@pytest.mark.slow
def test_years_stand_beside_ours_marked(world: World) -> None:
    told = years(replace(world, baseline=(entry(2019, 182_000), entry(2019, 5, "TH-001"), entry(2025, 900))), YEAR)
    assert [one.period.text for one in told] == ["2019", "2025"]
    assert told[0].own["VISITS"] == Value(182_000, own=True) and not told[0].values
    ours = figures(world, YEAR, CODES).of()
    assert told[1].values == ours and ours["VISITS"].known and not ours["VISITS"].own
    assert told[1].own["VISITS"].own


@pytest.mark.slow
def test_of_fewer_sites_only_what_was_written_of_them_is_told(world: World) -> None:
    entries = (entry(2018, 500), entry(2018, 20, "TH-001"), entry(2018, 30, "TH-002"), entry(2018, 7, "TH-005"))
    old = replace(world, baseline=entries)
    alone = years(replace(old), replace(YEAR, site="TH-001"))
    assert alone[0].own["VISITS"] == Value(20, sites=1, own=True)
    library = years(old, replace(YEAR, line="library"))
    assert library[0].own["VISITS"] == Value(27, sites=2, own=True)  # TH-005 closed in 2025
    together = years(replace(world, baseline=entries[1:]), YEAR)
    assert together[0].own["VISITS"] == Value(57, sites=3, own=True)


@pytest.mark.slow
def test_no_growth_is_judged_by_them(world: World) -> None:
    """With a year before that would make every goal met, first years stay first years, and figures stay as they are."""
    first = Ask(months_period((2024, 1), (2024, 12)), TODAY)
    books = replace(world, baseline=(entry(2023, 1), entry(2023, 1, "TH-001"), entry(2024, 1)))
    assert figures(books, first).places == figures(world, first).places
    assert figures(books, first).of()["VISITS_GROWTH"].reason == "first_year"


def test_a_ledger_of_older_software_has_none(book: Book) -> None:
    with closing(sqlite3.connect(book.home.ledger)) as db:
        db.execute("DROP TABLE baseline")
    with closing(Ledger.read_only(book.home)) as ledger, ledger.reading() as db:
        assert listed(db) == [] and history(db) == []
