"""Places as rows of a table: sorted as they are read, found without marks, told in pages, no nought for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kiosk.province.board.unit_rows import HELP, PlaceRow, sheet, told
from kiosk.province.indicators.value import Value


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    code: str
    name: str
    values: Mapping[str, Value] = field(default_factory=dict)


ROWS = [
    Row("1", "Xã Đồi Chè", {"VISITS": Value(10)}), Row("2", "Xã Ấm Thượng", {"VISITS": Value(300)}),
    Row("3", "Xã Đại Lộc", {"VISITS": Value(reason="nothing_told")}), Row("4", "Phường Bến Sỏi", {"VISITS": Value(0)}),
]  # fmt: skip


def test_rows_are_sorted_as_they_are_read_and_what_is_unknown_stands_last() -> None:
    assert [one.code for one in sheet(ROWS, "", "name", False, 1).rows] == ["4", "2", "3", "1"]
    assert [one.code for one in sheet(ROWS, "", "VISITS", True, 1).rows] == ["2", "1", "4", "3"]
    assert [one.code for one in sheet(ROWS, "", "VISITS", False, 1).rows] == ["4", "1", "2", "3"]


def test_who_needs_help_first_is_who_has_most_sites_behind_then_who_tells_fewest_days() -> None:
    def row(code: str, effective: Value, days: int | None) -> Row:
        told_days = Value(Decimal(days)) if days is not None else Value(reason="nothing_told")
        return Row(code, f"Xã {code}", {"SITES_EFFECTIVE": effective, "COMPLETENESS": told_days})

    rows = [row("all well", Value(3, sites=3), 97), row("two behind", Value(1, sites=3), 90),
            row("one, few days", Value(1, sites=2), 40), row("one, many days", Value(0, sites=1), 80),
            row("not in the list", Value(0, sites=0), 60), row("not known", Value(reason="no_list"), None)]  # fmt: skip
    first = ["two behind", "one, few days", "one, many days", "not in the list", "all well", "not known"]
    for down in (False, True):
        assert [one.code for one in sheet(rows, "", HELP, down, 1).rows] == first


def test_rows_are_found_without_marks_by_the_beginnings_of_words() -> None:
    assert [one.code for one in sheet(ROWS, "doi che", "name", False, 1).rows] == ["1"]
    assert [one.code for one in sheet(ROWS, "xã", "name", False, 1).rows] == ["2", "3", "1"]
    assert sheet(ROWS, "hè", "name", False, 1).rows == ()


def test_many_rows_are_told_in_pages_and_no_page_is_beyond_the_last() -> None:
    rows = [PlaceRow(str(n), f"Xã {n:03}", {}) for n in range(250)]
    last = sheet(rows, "", "name", False, 99)
    assert (last.page, last.pages, last.found, len(last.rows)) == (3, 3, 250, 50)
    assert sheet(rows, "", "name", False, -4).page == 1 and sheet([], "", "name", False, 1).pages == 1


def test_a_cell_says_the_number_or_why_there_is_none() -> None:
    assert told({"VISITS": Value(1234)}, "VISITS", "vi").text == "1.234"
    assert told({"VISITS": Value(reason="nothing_told")}, "VISITS", "vi").why
    assert told({"ACTIVE_MONTHS": Value(8, part=8, whole=10)}, "ACTIVE_MONTHS", "vi").text == "8/10"
    share = told({"COMPLETENESS": Value(0, part=0, whole=139)}, "COMPLETENESS", "vi")
    assert (share.text, share.of) == ("0,0%", "0/139")
