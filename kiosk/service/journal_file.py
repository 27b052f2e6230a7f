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
from typing import Any

from kiosk.errors import KioskError, UsageError
from kiosk.rules.journal_columns import HEADING_WITHIN, empty_table, is_heading
from kiosk.table_file import WORKBOOKS, Limits, Rows, decoded, rows_of_text, workbook
from kiosk.translations import _

MAX_BYTES = 1_000_000
LIMITS = Limits(MAX_BYTES, unpacked=40_000_000, rows=6_000, columns=60)
PATIENCE = 20
CHILD = ("-P", "-m", "kiosk.service.journal_file")

KINDS_OF_FILE = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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
    book = content.startswith(WORKBOOKS)
    sheets = workbook(content, LIMITS, first_only=True) if book else []
    rows = (sheets[0].rows if sheets else []) if book else _text(content)
    if not any(any(cell not in ("", None) for cell in row) for row in rows):
        raise KioskError("empty")
    return rows


def _text(content: bytes) -> Rows:
    text = decoded(content)
    begin = text.splitlines()[:HEADING_WITHIN]
    mark = next((one for one in ";\t," if any(is_heading(line.split(one)) for line in begin)), ";")
    return rows_of_text(text, mark, LIMITS)


def main() -> None:
    """Rows to stdout; a problem by its name; an exit code where the reader itself gave up."""
    if len(sys.argv) > 1:
        _write_empty(sys.argv[1])
        return
    resource.setrlimit(resource.RLIMIT_AS, (LIMITS.memory, LIMITS.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMITS.seconds, LIMITS.seconds))
    try:
        told: dict[str, Any] = {"rows": rows_of(sys.stdin.buffer.read(MAX_BYTES + 1))}
    except KioskError as error:
        told = {"problem": error.message}
    sys.stdout.write(json.dumps(told, ensure_ascii=True))


if __name__ == "__main__":
    main()
