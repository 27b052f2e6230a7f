"""The workbook and the tables for machines: read back by other programs, every value is that of the figures."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from kiosk.province.indicators.ask import WHOLE, By
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.value import REASONS, Value
from kiosk.province.outputs import tables, words
from kiosk.province.outputs.datapackage import slug
from kiosk.province.outputs.lists import notes
from kiosk.province.outputs.material import Gathered
from kiosk.province.outputs.sheets import codes_of, sheets
from kiosk.province.outputs.workbook import workbook
from kiosk.rules.reading_words import say
from tests.province_gathered import HOSTILE, gathered
from tests.spreadsheet import opened

SHEETS = ["Mục tiêu", "Chỉ tiêu", "Theo xã", "Theo ngành", "Theo điểm", "Theo tháng", "Nội dung số", "Định nghĩa",
          "Về số liệu này"]  # fmt: skip
BY: tuple[tuple[By, str], ...] = (("commune", "Theo xã"), ("line", "Theo ngành"), ("site", "Theo điểm"))
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def found() -> Gathered:
    return gathered()


@pytest.fixture(scope="module")
def book(found: Gathered) -> dict[str, list[list[Any]]]:
    """The workbook as calamine reads it."""
    read = CalamineWorkbook.from_filelike(io.BytesIO(workbook(found, "vi")))
    return {name: read.get_sheet_by_name(name).to_python() for name in read.sheet_names}


def table(rows: list[list[Any]]) -> Rows:
    """Rows by their headings."""
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def exact(cell: Any) -> Decimal | None:
    """A number that was read back, as it was written; None of an empty cell."""
    return None if cell == "" else Decimal(repr(cell))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_sheets_are_those_of_the_report_and_what_has_no_number_says_why(
    found: Gathered, book: dict[str, list[list[Any]]]
) -> None:
    assert list(book) == SHEETS
    rows = {row["Mã"]: row for row in table(book["Chỉ tiêu"])}
    assert list(rows) == [one.code for one in found.definitions()]
    for code, row in rows.items():
        told = found.value(code)
        assert exact(row["Số lượng"]) == told.number and row["Phiên bản"] == DEFINITIONS[code].version, code
        assert (exact(row["Ít nhất"]), exact(row["Nhiều nhất"])) == (told.low, told.high)
        assert (exact(row["Phần"]), exact(row["Trên tổng số"])) == (told.part, told.whole)
        assert row["Vì sao chưa có số"] == words.reason(told, "vi") and (row["Số lượng"] == "") is (not told.known)


def test_the_goals_have_their_verdict_base_and_sites(book: dict[str, list[list[Any]]]) -> None:
    assert [row[1:8] for row in book["Mục tiêu"][1:]] == [
        [83.0, "Đạt", 93.0, 112.0, 89.4, 112.0, ""],
        [2.96, "Chưa đạt", 34776.0, 33776.0, "", 101.0, ""],
        [-1.2, "Chưa đạt", 98800.0, 100000.0, "", 101.0, ""],
        ["", "Chưa so sánh được", 40.0, 29.0, "", 88.0, say("vi", REASONS["small_base"])],
        ["", "Chưa so sánh được", "", "", "", "", say("vi", REASONS["first_year"])],
    ]  # fmt: skip


@pytest.mark.parametrize(("by", "sheet"), BY)
def test_every_place_has_a_row_and_every_figure_a_column(
    found: Gathered, book: dict[str, list[list[Any]]], by: By, sheet: str
) -> None:
    codes, (heads, *rows) = codes_of(found, by), book[sheet]
    first = len(heads) - len(codes)
    assert heads[first:] == [plain(words.name(code, "vi")) for code in codes]
    places = found.listed(by)
    assert len(rows) == len(places) + 1 and rows[-1][0] == "Cộng chung"
    for row, key in zip(rows, [*(one.key for one in places), WHOLE], strict=True):
        assert row[1] == key
        for code, cell in zip(codes, row[first:], strict=True):
            assert_cell(cell, code, found.value(code, by, key))


def assert_cell(cell: Any, code: str, told: Value) -> None:
    """A cell is the number, or its reason; whether a site works effectively is said in words."""
    if code == "EFFECTIVE" and told.known:
        assert cell == words.figure(code, told, "vi")
    elif told.known:
        assert exact(cell) == told.number, code
    else:
        assert cell == words.reason(told, "vi"), code


def test_months_stand_beside_those_of_the_year_before(found: Gathered, book: dict[str, list[list[Any]]]) -> None:
    rows = book["Theo tháng"]
    assert len(rows) == 12 and rows[1][:3] == ["Tháng 1/2026", "01/01/2026", "31/01/2026"]
    codes = ("VISITS", "PC_HOURS", "REPORTING_SITES")
    for row, month in zip(rows[1:], found.months, strict=True):
        for place, code in enumerate(codes):
            assert_cell(row[3 + 2 * place], code, month.values[code])
            assert_cell(row[4 + 2 * place], code, month.before[code])


def test_definitions_and_what_must_be_known_are_in_it(found: Gathered, book: dict[str, list[list[Any]]]) -> None:
    defined = {row["Mã"]: row for row in table(book["Định nghĩa"])}
    for one in found.definitions():
        assert defined[one.code]["Cách tính"] == plain(words.formula(one.code, "vi"))
    about = [row[1] for row in book["Về số liệu này"]]
    assert set(notes(found, "vi")) <= set(about) and "2026-1" in about


def test_what_somebody_typed_is_text_and_no_formula_stands_in_any_sheet(found: Gathered) -> None:
    made = workbook(found, "vi")
    with zipfile.ZipFile(io.BytesIO(made)) as files:
        parts = {name: files.read(name).decode() for name in files.namelist()}
    assert any(name.startswith("xl/worksheets/sheet") for name in parts)
    for name, text in parts.items():
        assert "<f>" not in text and "<hyperlink" not in text and "<script>" not in text, name
    read = CalamineWorkbook.from_filelike(io.BytesIO(made))
    names = {row[0] for row in read.get_sheet_by_name("Theo điểm").to_python()}
    assert set(HOSTILE) <= names
    assert made == workbook(found, "vi"), "the same figures are the same bytes"


def test_headings_stay_numbers_have_their_form_and_english_has_its_own_words(found: Gathered) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(found, "vi"))) as files:
        for name in (one for one in files.namelist() if one.startswith("xl/worksheets/sheet")):
            text = files.read(name).decode()
            assert 'state="frozen"' in text and "<autoFilter" in text and "<cols>" in text, name
        forms = re.findall('formatCode="([^"]*)"', files.read("xl/styles.xml").decode())
    assert {"#,##0.0&quot;%&quot;", "+#,##0.00&quot;%&quot;;-#,##0.00&quot;%&quot;;#,##0.00&quot;%&quot;"} <= set(forms)
    heads = {lang: {head for one in sheets(found, lang) for head, _width in one.columns} for lang in ("vi", "en")}
    assert not heads["vi"] & heads["en"]


@pytest.mark.slow
def test_libreoffice_reads_the_same(found: Gathered, tmp_path: Path) -> None:
    book = tmp_path / "report.xlsx"
    book.write_bytes(workbook(found, "vi"))
    read = opened(book, tmp_path / "opened")
    assert sorted(read) == sorted(SHEETS)
    for row in table(read["Chỉ tiêu"]):
        told = found.value(row["Mã"])
        assert (Decimal(row["Số lượng"]) if row["Số lượng"] else None) == told.number, row["Mã"]
    codes = codes_of(found, "site")
    for cells, place in zip(read["Theo điểm"][1:], found.listed("site"), strict=False):
        for code, cell in zip(codes, cells[4:], strict=True):
            told = found.value(code, "site", place.key)
            assert cell == words.reason(told, "vi") or code == "EFFECTIVE" or Decimal(cell) == told.number


def figures_csv(found: Gathered) -> Rows:
    return list(csv.DictReader(io.StringIO(tables.files(found)["figures.csv"].decode(), newline="")))


def test_every_figure_of_every_place_is_a_row(found: Gathered) -> None:
    rows = {(row["kind"], row["place"], row["code"], row["period"]): row for row in figures_csv(found)}
    told = [("province", "38", WHOLE), *((by, one.key, one.key) for by in found.tables for one in found.listed(by))]
    count = 0
    for kind, place, key in told:
        for code in (found.whole if key == WHOLE else found.tables[kind]).of(key):
            assert_row(rows[kind, place, code, "2026"], found.value(code, kind, key), code)
            count += 1
    months = [row for key, row in rows.items() if key[3] != "2026"]
    assert len(rows) == len(figures_csv(found)) == count + len(months), "no row twice"
    assert len(months) == 2 * 3 * len(found.months)
    assert rows["province", "38", "VISITS", "2026-03"]["value"] == str(found.months[2].values["VISITS"].number)
    # November is not over: beside it stand the same days of the year before, not all of that month.
    before = rows["province", "38", "VISITS", "2025-11-01..2025-11-22"]
    assert before["value"] == str(found.months[10].before["VISITS"].number) and before["last_day"] == "2025-11-22"


def assert_row(row: dict[str, str], told: Value, code: str) -> None:
    for name, number in (("value", told.number), ("low", told.low), ("high", told.high), ("part", told.part),
                         ("whole", told.whole), ("sites", told.sites)):  # fmt: skip
        assert row[name] == ("" if number is None else str(number)), (code, name)
    assert row["reason"] == told.reason and row["version"] == DEFINITIONS[code].version
    assert (row["value"] == "") is (row["reason"] in REASONS)


def test_duckdb_reads_it_by_the_types_that_the_package_names(found: Gathered, tmp_path: Path) -> None:
    import duckdb

    files = tables.files(found)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    package = json.loads(files["datapackage.json"])
    kinds = {"string": "VARCHAR", "number": "DECIMAL(18,4)", "integer": "BIGINT", "date": "DATE", "boolean": "BOOLEAN"}
    with duckdb.connect() as db:
        for one in package["resources"]:
            columns = {field["name"]: kinds[field["type"]] for field in one["schema"]["fields"]}
            path = str(tmp_path / one["path"])
            db.read_csv(path, columns=columns, header=True, quotechar='"').create(one["name"])
        site = db.execute("SELECT value FROM figures WHERE kind = 'site' AND place = 'TH-001' AND code = 'VISITS'")
        assert site.fetchone() == (found.value("VISITS", "site", "TH-001").number,)
        lost = db.execute("SELECT count(*) FROM figures f LEFT JOIN definitions d USING (code) WHERE d.code IS NULL")
        assert lost.fetchone() == (0,)
        names = {name for (name,) in db.execute("SELECT name FROM places WHERE kind = 'site'").fetchall()}
    assert {plain(name).lstrip("'") for name in HOSTILE} <= {name.lstrip("'") for name in names}


def test_the_package_describes_each_column_and_the_data_keep_to_it(found: Gathered) -> None:
    files = tables.files(found)
    package = json.loads(files["datapackage.json"])
    assert package["profile"] == "tabular-data-package" and re.fullmatch("[-a-z0-9._/]+", package["name"])
    assert {one["path"] for one in package["resources"]} == set(files) - {"datapackage.json"}
    for one in package["resources"]:
        content = files[one["path"]]
        assert one["bytes"] == len(content) and one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        heads, *rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
        fields = one["schema"]["fields"]
        assert heads == [field["name"] for field in fields] and one["schema"]["missingValues"] == [""]
        assert all(field["description"] for field in fields)
        for row in rows:
            for field, cell in zip(fields, row, strict=True):
                assert_typed(field, cell)
        key = [heads.index(name) for name in one["schema"]["primaryKey"]]
        assert len({tuple(row[n] for n in key) for row in rows}) == len(rows)


def assert_typed(field: dict[str, Any], cell: str) -> None:
    """A cell is of the type and within the constraints of its field."""
    limits = field.get("constraints", {})
    assert cell or not limits.get("required"), field["name"]
    if not cell:
        return
    match field["type"]:
        case "number":
            assert Decimal(cell).is_finite()
        case "integer":
            assert int(cell) >= limits.get("minimum", int(cell))
        case "date":
            date.fromisoformat(cell)
        case "boolean":
            assert cell in ("true", "false")
    assert cell in limits.get("enum", [cell]), (field["name"], cell)


def names_in(content: bytes) -> Iterator[str]:
    for row in csv.DictReader(io.StringIO(content.decode(), newline="")):
        yield row["name"]


def test_no_cell_begins_as_a_formula_does_and_what_was_typed_comes_back_whole(found: Gathered) -> None:
    files = tables.files(found)
    told = [name for path in ("places.csv", "opened.csv", "missed.csv") for name in names_in(files[path])]
    assert not [name for name in told if name.lstrip()[:1] in ("=", "+", "-", "@")]
    assert "'" + HOSTILE[0] in told and "Xã\nhai dòng" in told and HOSTILE[8] in told
    assert tables.harmless("Điểm - Một") == "Điểm - Một" and tables.harmless("  =1") == "'  =1"


def test_the_zip_holds_the_files_and_is_the_same_bytes_each_time(found: Gathered) -> None:
    made = tables.archive(found)
    assert made == tables.archive(gathered())
    with zipfile.ZipFile(io.BytesIO(made)) as files:
        assert {name: files.read(name) for name in files.namelist()} == tables.files(found)


@pytest.mark.parametrize("text", ["Tỉnh Đắk Lắk..2026", "", "=1+1", "…", "A" * 300, "-.-"])
def test_any_name_makes_a_name_that_a_package_may_have(text: str) -> None:
    assert re.fullmatch("[-a-z0-9._/]+", slug(text))
