"""The child that reads a table from a stranger's file: bytes in, rows as JSON out, and nothing else lives that long.

What may be in such a file (bombs, damaged archives) can end this process only: its memory and time are bounded.
Run as `python -m kiosk.service.journal_file`; `read` starts it and says in a sentence why there are no rows.
"""

import csv
import io
import json
import resource
import subprocess
import sys
import unicodedata
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from kiosk.errors import KioskError, UsageError
from kiosk.rules.journal_columns import HEADING_WITHIN, empty_table, is_heading
from kiosk.translations import _

MAX_BYTES = 1_000_000
MAX_UNPACKED = 40_000_000
MAX_PARTS = 500
MAX_COLUMNS, MAX_SHEET_ROWS = 60, 6_000
MEMORY, SECONDS, PATIENCE = 400_000_000, 10, 20
CHILD = ("-P", "-m", "kiosk.service.journal_file")
# Beginnings of Excel's and LibreOffice's files: a zip archive, and the older compound file.
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

KINDS_OF_FILE = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Rows = list[list[Any]]


def read(content: bytes) -> Rows:
    """The rows of the first sheet, dates as 2026-11-20. UsageError where it is no table, too large, or harmful."""
    if len(content) > MAX_BYTES:
        raise UsageError(
            _("The file is larger than {n} kB.", n=MAX_BYTES // 1000), _("Send it in several parts, year by year.")
        )
    try:
        done = subprocess.run(
            [sys.executable, *CHILD], input=content, capture_output=True, timeout=PATIENCE, check=False
        )
        told = json.loads(done.stdout) if done.returncode == 0 else {"problem": "unreadable"}
    except (OSError, subprocess.SubprocessError, ValueError):
        told = {"problem": "unreadable"}
    if "rows" in told:
        return list(told["rows"])
    raise UsageError(*_sentence(told.get("problem", "")))


def empty_file(kind: str, lang: str) -> bytes:
    """An empty table with the headings, as `csv` or `xlsx`."""
    if kind == "csv":
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";").writerows(empty_table(lang))
        return text.getvalue().encode("utf-8-sig")
    try:
        return subprocess.run([sys.executable, *CHILD, lang], capture_output=True, timeout=PATIENCE, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise KioskError(
            _("The workbook could not be made."), _("Take the table (CSV) instead, or try again.")
        ) from error


def _sentence(problem: str) -> tuple[str, str]:
    if problem == "too_big":
        return _("The file unpacks to far more than a table needs."), _("Save it anew as a plain workbook or CSV file.")
    if problem == "empty":
        return _("There is nothing in the file."), _(
            "Download the empty table, copy the figures into it, and send that."
        )
    return (
        _("The file cannot be read as a table."),
        _("Save it as an Excel workbook (.xlsx) or a CSV file (UTF-8), then send it again."),
    )


def _write_empty(lang: str) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(sys.stdout.buffer, {"in_memory": True}) as book:
        sheet, bold, text = book.add_worksheet(), book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for number, row in enumerate(empty_table(lang)):
            for place, cell in enumerate(row):
                if cell.isdecimal():
                    sheet.write_number(number, place, int(cell))
                else:
                    sheet.write_string(number, place, cell, text if number else bold)
        sheet.set_column(0, len(row) - 1, 16)
        sheet.freeze_panes(1, 0)


def rows_of(content: bytes) -> Rows:
    """The rows, in the process itself. KioskError named by its message."""
    if not content.strip():
        raise KioskError("empty")
    rows = _workbook(content) if content.startswith(WORKBOOKS) else _text(content)
    if not any(any(cell not in ("", None) for cell in row) for row in rows):
        raise KioskError("empty")
    return rows


def _workbook(content: bytes) -> Rows:
    from python_calamine import CalamineError, CalamineWorkbook

    if content.startswith(WORKBOOKS[0]):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise KioskError("too_big")
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except CalamineError as error:
        raise KioskError("unreadable") from error
    if sheet.height > MAX_SHEET_ROWS or sheet.width > MAX_COLUMNS:
        raise KioskError("too_big")
    rows = [[_cell(one) for one in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
    return rows


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        return f"{value.seconds // 3600:02}:{value.seconds // 60 % 60:02}"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _text(content: bytes) -> Rows:
    text = unicodedata.normalize("NFC", _decoded(content))
    if "\x00" in text:
        raise KioskError("unreadable")
    begin = text.splitlines()[:HEADING_WITHIN]
    mark = next((one for one in ";\t," if any(is_heading(line.split(one)) for line in begin)), ";")
    csv.field_size_limit(10_000)
    rows: Rows = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
        if len(row) > MAX_COLUMNS or len(rows) >= MAX_SHEET_ROWS:
            raise KioskError("too_big")
        rows.append(list(row))
    return rows


def _decoded(content: bytes) -> str:
    """UTF-8, or what Windows wrote in Vietnam before."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    for encoding in ("utf-8-sig", "cp1258"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise KioskError("unreadable")


def main() -> None:
    """Rows to stdout; a problem by its name; an exit code where the reader itself gave up."""
    if len(sys.argv) > 1:
        _write_empty(sys.argv[1])
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        told: dict[str, Any] = {"rows": rows_of(sys.stdin.buffer.read(MAX_BYTES + 1))}
    except KioskError as error:
        told = {"problem": error.message}
    sys.stdout.write(json.dumps(told, ensure_ascii=True))


if __name__ == "__main__":
    main()
