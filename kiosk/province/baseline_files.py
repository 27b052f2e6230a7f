"""Figures of the years before kiosk from a workbook or CSV file: a line for each year and site, a column for a figure.

A line without a site is of the whole province; an empty cell says nothing. Every mistake is named with its line.
"""

from collections.abc import Sequence
from pathlib import Path

from kiosk.errors import KioskError, UsageError
from kiosk.province.baseline_orders import Row, amount
from kiosk.province.indicators.baseline import CODES, FIRST_YEAR, PROVINCE
from kiosk.province.register.words import Cell, folded, tidy
from kiosk.table_file import Limits, read
from kiosk.translations import _, reason

LIMITS = Limits(size=8_000_000, unpacked=80_000_000, rows=50_000, columns=40)
HEADING_WITHIN = 20
NAMES = {
    "year": ("năm", "year"),
    "site": ("mã điểm", "site code", "site"),
    "VISITS": ("số lượt người sử dụng", "số lượt người", "lượt người", "số lượt", "visits"),
    "USERS": ("số người sử dụng", "số người", "người sử dụng", "users"),
    "PC_HOURS": ("tổng thời gian sử dụng máy tính giờ", "thời gian sử dụng máy tính", "giờ sử dụng máy tính", "giờ máy",
                 "computer hours used", "pc hours"),
    "NET_HOURS": ("tổng thời gian kết nối internet giờ", "thời gian kết nối internet", "giờ kết nối internet",
                  "giờ internet", "internet connected hours", "internet hours", "net hours"),
}  # fmt: skip
_BY_WORD = {folded(word): name for name, words in NAMES.items() for word in words}


def rows_in(path: Path) -> tuple[list[Row], list[str]]:
    """The figures in a file, and its mistakes in words. UsageError where it is no such table."""
    try:
        with path.open("rb") as file:
            sheets = read(file.read(LIMITS.size + 1), LIMITS)
    except OSError as error:
        raise UsageError(
            _("{path} cannot be read: {reason}.", path=path, reason=reason(error)), _("Correct the path.")
        ) from None
    except KioskError:
        raise UsageError(
            _("The file cannot be read as a table."),
            _("Save it as an Excel workbook (.xlsx) or a CSV file (UTF-8), then send it again."),
        ) from None
    rows, mistakes, found = list[Row](), list[str](), False
    for sheet in sheets:
        begin, columns = _headings(sheet.rows)
        found = found or bool(columns)
        for line, row in enumerate(sheet.rows[begin:] if columns else (), begin + 1):
            _take(row, columns, f"{sheet.name} {line}".strip(), rows, mistakes)
    if not found:
        raise UsageError(
            _("The file has no column of years and figures."),
            _("Its headings are: Year, Site code, Visits, Users, Computer hours used, Internet-connected hours."),
        )
    return rows, mistakes + _twice(rows)


def _headings(rows: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]]:
    """Where the lines begin, and the place of each column; {} where there are no such headings."""
    for number, row in enumerate(rows[:HEADING_WITHIN]):
        found = {_BY_WORD[word]: place for place, cell in enumerate(row) if (word := folded(cell)) in _BY_WORD}
        if "year" in found and set(found) & set(CODES):
            return number + 1, found
    return 0, {}


def _take(row: Sequence[Cell], columns: dict[str, int], line: str, rows: list[Row], mistakes: list[str]) -> None:
    cells = {name: tidy(row[place]) if place < len(row) else "" for name, place in columns.items()}
    figures = {code: cells[code] for code in CODES if cells.get(code)}
    if not figures:
        return
    if not cells["year"].isdecimal() or not FIRST_YEAR <= int(cells["year"]) <= 9999:
        mistakes.append(_("Line {line}: “{written}” is no year.", line=line, written=cells["year"][:40]))
        return
    for code, text in figures.items():
        try:
            rows.append((int(cells["year"]), cells.get("site", PROVINCE), code, amount(text, code)))
        except UsageError as error:
            mistakes.append(_("Line {line}: {mistake}", line=line, mistake=error.message))


def _twice(rows: Sequence[Row]) -> list[str]:
    """A figure that stands there twice, with another value each time."""
    known: dict[tuple[int, str, str], str] = {}
    found = []
    for year, site, code, value in rows:
        if known.setdefault((year, site, code), value) != value:
            found.append(_("{year} {site}: the same figure stands there twice.", year=year, site=site or "–"))
    return found
