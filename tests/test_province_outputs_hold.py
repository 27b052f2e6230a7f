"""Whatever the figures and names are: no output says another number than they do, and no name is more than words."""

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kiosk.province.indicators.ask import WHOLE
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.figures import Figures
from kiosk.province.indicators.value import REASONS, Value
from kiosk.province.outputs import spoken, tables, words
from kiosk.province.outputs.lists import YEARS_BEFORE
from kiosk.province.outputs.material import Before, Gathered, Place
from kiosk.province.outputs.paper import report_html
from kiosk.province.outputs.workbook import workbook
from kiosk.rules.period_texts import parse_period
from kiosk.rules.reading_words import say
from tests.province_gathered import YEAR
from tests.test_province_report_on_paper import Text

CODES = sorted(set(DEFINITIONS) - {"EFFECTIVE"})
NUMBERS = st.one_of(
    st.integers(0, 10**12),
    st.decimals(Decimal("-1e6"), Decimal("1e6"), places=1),
    st.decimals(Decimal("-1e4"), Decimal("1e4"), places=2),
)
VALUES = st.one_of(
    st.builds(Value, NUMBERS),
    st.sampled_from(list(REASONS)).map(lambda reason: Value(reason=reason)),
)
# What a person can type: all but half characters and signs that no keyboard has.
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(str.strip)
FEW = settings(max_examples=25, deadline=None)


def of(figures: dict[str, Value], name: str) -> Gathered:
    """A province with one site of that name."""
    site = Figures(replace(YEAR, by="site"), {WHOLE: figures, "TH-001": figures})
    place = Place("TH-001", "site", name, name, "post", name)
    return Gathered(name, YEAR, Place("38", "province", name), Figures(YEAR, {WHOLE: figures}), {"site": site},
                    {("site", "TH-001"): place}, departments=(name,))  # fmt: skip


def number_in(text: str) -> Decimal:
    """A number as Vietnamese write it."""
    return Decimal(text.rstrip("%").replace(".", "").replace(",", ".").replace("\N{MINUS SIGN}", "-"))


@given(st.sampled_from(CODES), NUMBERS)
def test_a_figure_reads_as_the_number_that_it_is(code: str, number: int | Decimal) -> None:
    told = words.figure(code, Value(number), "vi")
    assert number_in(told) == number
    assert told.startswith("+") is (words.is_growth(code) and number > 0)


@given(st.dictionaries(st.sampled_from(CODES), VALUES, min_size=1))
@FEW
def test_json_and_tables_say_each_number_or_its_reason(figures: dict[str, Value]) -> None:
    found = of(figures, "Điểm Một")
    data = json.loads(spoken.as_json(found, "vi"))["indicators"]
    rows = csv.DictReader(io.StringIO(tables.files(found)["figures.csv"].decode(), newline=""))
    told = {(row["kind"], row["code"]): row for row in rows}
    for code, value in figures.items():
        text = "" if value.number is None else str(value.number)
        assert str(data[code]["value"] if value.known else "") == text
        for kind in ("province", "site"):
            assert (told[kind, code]["value"], told[kind, code]["reason"]) == (text, value.reason)


@given(st.dictionaries(st.sampled_from(CODES), VALUES, min_size=1), NAMES)
@FEW
def test_the_workbook_gives_back_each_number_and_each_name(figures: dict[str, Value], name: str) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(of(figures, name), "vi")))
    heads, *rows = book.get_sheet_by_name("Chỉ tiêu").to_python()
    for cells in rows:
        row = dict(zip(heads, cells, strict=True))
        value = figures[str(row["Mã"])]
        assert (row["Số lượng"] == "") is not value.known
        assert not value.known or Decimal(repr(row["Số lượng"])) == value.number
        assert row["Vì sao chưa có số"] == words.reason(value, "vi")
    assert book.get_sheet_by_name("Theo điểm").to_python()[1][0] == name.replace("\N{NO-BREAK SPACE}", " ")


@given(st.dictionaries(st.sampled_from(CODES), VALUES, min_size=1), NAMES)
@FEW
def test_on_paper_a_name_is_words_and_makes_no_tag(figures: dict[str, Value], name: str) -> None:
    page, plain = (Text(report_html(of(figures, one))) for one in (name, "Xã"))
    assert page.tags == plain.tags
    assert " ".join(name.split()) in page.text()


@given(NAMES)
@FEW
def test_a_name_in_a_table_comes_back_but_for_the_sign_that_keeps_it_harmless(name: str) -> None:
    files = tables.files(of({"VISITS": Value(1)}, name))
    *_whole, row = csv.DictReader(io.StringIO(files["places.csv"].decode(), newline=""))
    plain = name.replace("\N{NO-BREAK SPACE}", " ")
    assert row["name"] in (plain, f"'{plain}") and row["department"] == row["name"]
    assert row["name"].lstrip()[:1] not in ("=", "+", "-", "@")
    assert json.loads(files["datapackage.json"])["title"].startswith(name)


def test_a_figure_from_before_kiosk_is_marked_as_such() -> None:
    found = of({"VISITS": Value(1_234, own=True), "PAGES": Value(7)}, "Điểm")
    page = Text(report_html(found))
    [visits] = [row for row in page.cells() if row and row[0] == words.name("VISITS", "vi")]
    assert visits[1] == "1.234a" and f"a {say('vi', words.BEFORE_KIOSK)}" in page.text()
    assert json.loads(spoken.as_json(found, "vi"))["indicators"]["VISITS"]["before_kiosk"] is True
    assert ",VISITS,2026,2026-01-01,2026-12-31,1234,,,,,,,,true,," in tables.files(found)["figures.csv"].decode()


def test_years_before_kiosk_stand_in_tables_of_their_own_and_never_among_ours() -> None:
    told = {"VISITS": Value(61_320, own=True), "PC_HOURS": Value(Decimal("98.5"), own=True)}
    found = replace(of({"VISITS": Value(7)}, "Điểm"), years=(Before(parse_period("2014"), told),))
    heading = say("vi", YEARS_BEFORE)
    page = Text(report_html(found))
    [row] = [row for row in page.cells() if row and row[0] == "Năm 2014"]
    assert row[1:] == ["61.320a", "98,5a"] and heading in page.text()
    rows = csv.DictReader(io.StringIO(tables.files(found)["figures.csv"].decode(), newline=""))
    old = [(row["code"], row["value"], row["before_kiosk"]) for row in rows if row["period"] == "2014"]
    assert old == [("VISITS", "61320", "true"), ("PC_HOURS", "98.5", "true")]
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(found, "vi")))
    assert book.get_sheet_by_name(heading).to_python()[1] == ["Năm 2014", 61320.0, 98.5]
    assert "61320" not in json.dumps(json.loads(spoken.as_json(found, "vi"))["indicators"])
