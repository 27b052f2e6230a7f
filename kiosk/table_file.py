"""Tables from a stranger's file: bytes in, the sheets' rows out, read by a child process that lives no longer.

What may be in such a file (bombs, damaged archives) can end the child only: its memory and its time are bounded.
Run as `python -m kiosk.table_file`; `read` starts it and says by name why there are no rows.
"""

import csv
import io
import json
import resource
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from kiosk.errors import KioskError
from kiosk.table_faults import faults

CHILD = ("-P", "-m", "kiosk.table_file")
# Beginnings of Excel's and LibreOffice's files: a zip archive, and the older compound file.
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
MARKS = ";\t,"
MAX_PARTS, MAX_FIELD = 500, 32_767
Rows = list[list[Any]]


@dataclass(frozen=True)
class Limits:
    """How large a file may be: bytes, bytes unpacked, sheets, and of each its rows and columns; what it may cost."""

    size: int
    unpacked: int
    rows: int
    columns: int
    memory: int = 400_000_000
    seconds: int = 10
    sheets: int = 20


@dataclass(frozen=True)
class Sheet:
    """A sheet; a text file is one without a name. Dates are texts such as 2026-11-20, text is NFC."""

    name: str
    rows: Rows


def read(content: bytes, limits: Limits) -> list[Sheet]:
    """The sheets that can be seen. KioskError named by its message: `too_big`, `empty` or `unreadable`."""
    if len(content) > limits.size:
        raise KioskError("too_big")
    try:
        done = subprocess.run(
            [sys.executable, *CHILD, json.dumps(asdict(limits))], input=content, capture_output=True,
            timeout=limits.seconds * 2 + 10, check=False,
        )  # fmt: skip
        told: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"problem": "unreadable"}
    except (OSError, subprocess.SubprocessError, ValueError):
        told = {"problem": "unreadable"}
    if "problem" in told:
        raise KioskError(str(told["problem"]))
    return [Sheet(one["name"], one["rows"]) for one in told["sheets"]]


def sheets_of(content: bytes, limits: Limits) -> list[Sheet]:
    """The same in the process itself."""
    if not content.strip():
        raise KioskError("empty")
    found = workbook(content, limits) if content.startswith(WORKBOOKS) else [Sheet("", text(content, limits))]
    if not any(cell not in ("", None) for sheet in found for row in sheet.rows for cell in row):
        raise KioskError("empty")
    return found


def workbook(content: bytes, limits: Limits, first_only: bool = False) -> list[Sheet]:
    """The sheets of a workbook. A merged cell stands in each of its places, the fault of a formula as it is shown."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    check_archive(content, limits)
    found = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        seen = [one.name for one in book.sheets_metadata
                if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible]  # fmt: skip
        if len(seen) > limits.sheets and not first_only:
            raise KioskError("too_big")  # what is left out without a word is missed by nobody
        for name in seen[: 1 if first_only else None]:
            sheet = book.get_sheet_by_name(name)
            if sheet.height > limits.rows or sheet.width > limits.columns:
                raise KioskError("too_big")
            rows = [[cell(one) for one in row] for row in sheet.to_python(skip_empty_area=False)]
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
                for row in rows[top : bottom + 1]:
                    row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
            for place, column, fault in faults(content, name) if content.startswith(WORKBOOKS[0]) else ():
                if place < len(rows) and column < len(rows[place]):
                    rows[place][column] = fault
            found.append(Sheet(unicodedata.normalize("NFC", name), rows))
    except CalamineError as error:
        raise KioskError("unreadable") from error
    return found


def check_archive(content: bytes, limits: Limits) -> None:
    """Looks into a zip before anything of it is unpacked."""
    if content.startswith(WORKBOOKS[0]):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > limits.unpacked:
            raise KioskError("too_big")


def cell(value: object) -> object:
    """A cell as JSON can carry it."""
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


def text(content: bytes, limits: Limits) -> Rows:
    """The rows of a CSV file, columns parted by what parts the first line that has some: semicolon, tab or comma."""
    found = decoded(content)
    head = next((line for line in found.splitlines() if max(map(line.count, MARKS)) > 1), "")
    return rows_of_text(found, max(MARKS, key=head.count), limits)


def rows_of_text(found: str, mark: str, limits: Limits) -> Rows:
    """The rows, columns parted by `mark`."""
    csv.field_size_limit(MAX_FIELD)
    rows: Rows = []
    try:
        for row in csv.reader(io.StringIO(found, newline=""), delimiter=mark):
            if len(row) > limits.columns or len(rows) >= limits.rows:
                raise KioskError("too_big")
            rows.append(list(row))
    except csv.Error as error:
        raise KioskError("unreadable") from error
    return rows


def decoded(content: bytes) -> str:
    """NFC text of UTF-8, of UTF-16, or of what Windows wrote in Vietnam before."""
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1258"):
        try:
            found = unicodedata.normalize("NFC", content.decode(encoding))
        except UnicodeDecodeError:
            continue
        if "\x00" not in found:
            return found
    raise KioskError("unreadable")


def main() -> None:
    """Sheets to stdout; a problem by its name; an exit code where the reader itself gave up."""
    limits = Limits(**json.loads(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
    try:
        told: dict[str, Any] = {
            "sheets": [asdict(one) for one in sheets_of(sys.stdin.buffer.read(limits.size + 1), limits)]
        }
    except KioskError as error:
        told = {"problem": error.message}
    sys.stdout.write(json.dumps(told, ensure_ascii=True))


if __name__ == "__main__":
    main()
