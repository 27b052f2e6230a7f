"""The register's tables as files: .xlsx and .csv, read in a child process, written so that they come back the same."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.errors import KioskError, UsageError
from kiosk.export.files import trouble, write_whole
from kiosk.province.register import frozen_tables
from kiosk.province.register.columns import TABLES
from kiosk.province.register.rows import MOST_LINES
from kiosk.province.register.state import Register
from kiosk.province.register.tables import DAYS, GUIDE_SHEET, Row, Value, guide, headings, rows, sheet_name
from kiosk.province.register.units import Units
from kiosk.table_file import Limits, Sheet, read
from kiosk.translations import _, reason, translate

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LIMITS = Limits(
    size=16_000_000,
    unpacked=250_000_000,
    rows=MOST_LINES + 50,
    columns=60,
    memory=1_500_000_000,
    seconds=60,
    sheets=200,  # one for each district or commune
)
NOTHING = Register({}, Units({}))
LISTS = "lists"  # the frozen ones: they are written, and passed over when they come back


def sheets_in(path: Path) -> list[Sheet]:
    """The sheets of a file. UsageError where it is no table, too large or harmful."""
    try:
        with path.open("rb") as file:
            content = file.read(LIMITS.size + 1)
    except OSError as error:
        raise UsageError(
            _("{path} cannot be read: {reason}.", path=path, reason=reason(error)), _("Correct the path.")
        ) from None
    try:
        return read(content, LIMITS)
    except KioskError as error:
        raise UsageError(*_sentence(error.message)) from None


def _sentence(problem: str) -> tuple[str, str]:
    if problem == "too_big":
        return (
            _("The file is too large: at most {mb} MB, {sheets} sheets, {n} lines in a sheet, {columns} columns.",
              mb=LIMITS.size // 1_000_000, sheets=LIMITS.sheets, n=MOST_LINES, columns=LIMITS.columns),
            _("Save it anew as a plain workbook or CSV file."),
        )  # fmt: skip
    if problem == "empty":
        return (
            _("There is nothing in the file."),
            _("Begin with the empty table: kiosk province sites export --template FILE.xlsx"),
        )
    return (
        _("The file cannot be read as a table."),
        _("Save it as an Excel workbook (.xlsx) or a CSV file (UTF-8), then send it again."),
    )


def write(path: Path, register: Register | None, lang: str, table: str = "sites") -> int:
    """The register (None: the empty table) as a file, by its ending; the lines in it.

    A .csv file holds one table: sites, units or lists. KioskError where it cannot be written.
    """
    kind, known = path.suffix.lower(), register or NOTHING
    if kind not in (".xlsx", ".csv"):
        raise UsageError(_("The file must end in .xlsx or .csv: {path}.", path=path), _("Name it so."))
    tables = (*TABLES, LISTS) if kind == ".xlsx" else (table,)
    told: dict[str, list[Row]] = {
        name: list(frozen_tables.rows(known)) if name == LISTS else list(rows(name, known, lang)) for name in tables
    }
    data = _csv(table, told[table], lang) if kind == ".csv" else _xlsx(told, lang, guided=register is None)
    try:
        write_whole(path, data)
    except OSError as error:
        raise trouble(path, error) from error
    return sum(len(lines) for lines in told.values())


def _csv(table: str, lines: Iterable[Row], lang: str) -> bytes:
    text = io.StringIO(newline="")
    head = frozen_tables.headings(lang) if table == LISTS else headings(table, lang)
    csv.writer(text, delimiter=";").writerows([head, *([_no_formula(one) for one in line] for line in lines)])
    return text.getvalue().encode("utf-8-sig")


def _no_formula(value: Value) -> Value:
    """A reason is free text; what a spreadsheet would reckon is shown to it as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "@") else value


def _xlsx(tables: dict[str, list[Row]], lang: str, guided: bool) -> bytes:
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        for table, lines in tables.items():
            if table != LISTS:
                _sheet(book, table, lines, lang)
            elif lines:
                _lists(book, lines, lang)
        if guided:
            _guide(book, lang)
    return made.getvalue()


def _sheet(book: "Workbook", table: str, lines: list[Row], lang: str) -> None:
    sheet = book.add_worksheet(sheet_name(table, lang))
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "top"})
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "dd/mm/yyyy"})
    for place, (name, column) in enumerate(TABLES[table].items()):
        # The whole column, so that what a clerk types is kept as it is typed: a code is no number, hours are no time.
        width = 34 if name in ("name", "exceptions", "note") else 16
        sheet.set_column(place, place, width, day if name in DAYS else None if name == "pcs" else text)
        sheet.write_string(0, place, column.heading(lang), head)
        if column.shown:
            words = [names[0 if lang == "vi" else 1] for names in column.shown.values()]
            sheet.data_validation(1, place, MOST_LINES, place, {"validate": "list", "source": words,
                                                                "error_type": "warning"})  # fmt: skip
    _fill(sheet, lines, text, day)


def _lists(book: "Workbook", lines: list[Row], lang: str) -> None:
    sheet = book.add_worksheet(frozen_tables.sheet_name(lang))
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "top"})
    for place, (heading, width) in enumerate(zip(frozen_tables.headings(lang), frozen_tables.WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, str(heading), head)
    _fill(sheet, lines, book.add_format({"num_format": "@"}), book.add_format({"num_format": "dd/mm/yyyy"}))


def _fill(sheet: "Worksheet", lines: list[Row], text: "Format", day: "Format") -> None:
    for number, line in enumerate(lines, 1):
        for place, value in enumerate(line):
            if isinstance(value, date):
                sheet.write_datetime(number, place, value, day)
            elif isinstance(value, int):
                sheet.write_number(number, place, value)
            elif value:
                sheet.write_string(number, place, value, text)
    sheet.freeze_panes(1, 1)


def _guide(book: "Workbook", lang: str) -> None:
    sheet: Worksheet = book.add_worksheet(translate(lang, "cli", GUIDE_SHEET))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 60, wrap)
    sheet.set_column(1, 1, 24, wrap)
    sheet.set_column(2, 2, 70, wrap)
    for number, line in enumerate(guide(lang)):
        for place, value in enumerate(line):
            sheet.write_string(number, place, value, wrap)
