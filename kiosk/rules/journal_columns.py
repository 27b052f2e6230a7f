"""Earlier months of the journal as a table from elsewhere: which column is what, and which rows are lines. Pure.

Headings are known in Vietnamese and English, with and without marks; titles above them, empty rows and a line of
totals are passed over. Of every other row either a line comes, or each of its mistakes by row and column.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.errors import UsageError
from kiosk.rules.journal import KINDS, WHATS
from kiosk.rules.journal_entry import Entry, WrongEntry, check, is_empty
from kiosk.translations import _

Cell = str | int | float | None
Row = Sequence[Cell]

# Field, its heading in a new table (Vietnamese, English), and what else people call it.
COLUMNS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "kind": ("Loại việc", "Kind", ("loại", "loại hoạt động", "hoạt động", "type")),
    "day": ("Ngày", "Day", ("từ ngày", "ngày tháng", "ngày báo hỏng", "date", "from")),
    "until": ("Đến ngày", "Until", ("ngày sửa xong", "ngày kết thúc", "to")),
    "count": ("Số lần", "Times", ("số lớp", "số buổi", "số lần hỗ trợ", "classes", "events")),
    "people": ("Số người", "People", ("lượt bạn đọc", "số lượt", "số lượt bạn đọc", "visits")),
    "titles_in": ("Tên sách nhận", "Titles in", ("số tên sách nhận", "titles received")),
    "copies_in": ("Cuốn nhận", "Copies in", ("số cuốn nhận", "số bản nhận", "copies received")),
    "titles_out": ("Tên sách trả", "Titles out", ("số tên sách trả", "titles sent back")),
    "copies_out": ("Cuốn trả", "Copies out", ("số cuốn trả", "số bản trả", "copies sent back")),
    "read": ("Đọc tại chỗ", "Read here", ("số cuốn đọc tại chỗ",)),
    "lent": ("Cho mượn", "Lent", ("số cuốn cho mượn",)),
    "what": ("Thiết bị", "Equipment", ()),
    "begin": ("Bắt đầu", "Begins", ("giờ bắt đầu",)),
    "end": ("Kết thúc", "Ends", ("giờ kết thúc",)),
    "words": ("Nội dung", "Words", ("ghi chú", "tên dịch vụ", "note", "notes")),
}
PASSED_OVER = ("stt", "tt", "so tt", "no", "")
# What the kinds and the equipment are called in a table.
KIND_NAMES: Mapping[str, tuple[str, ...]] = {
    "class": ("Lớp hướng dẫn", "Training classes", "lớp", "lớp tập huấn", "training class"),
    "outreach": ("Truyền thông", "Outreach", "hoạt động truyền thông"),
    "public_service": ("Hỗ trợ dịch vụ công", "Help with public services", "dịch vụ công"),
    "books": ("Sách luân chuyển", "Rotated books", "sách"),
    "reader_visits": ("Lượt bạn đọc", "Visits of readers", "bạn đọc"),
    "fault": ("Thiết bị hỏng", "Faults of equipment", "máy hỏng", "fault"),
    "offered_service": ("Dịch vụ đang có", "Services on offer", "dịch vụ"),
}
WHAT_NAMES: Mapping[str, tuple[str, ...]] = {
    "pc": ("Máy tính", "Computer"),
    "printer": ("Máy in", "Printer"),
    "internet": ("Mạng Internet", "Internet", "mạng"),
    "other": ("Thiết bị khác", "Other equipment", "khác", "other"),
}
HEADING_WITHIN = 20
MOST_ROWS = 2_000
EXCEL_DAYS = date(1899, 12, 30)  # day 0 of a spreadsheet's calendar
TOTALS = ("tong", "cong", "total", "sum")


@dataclass(frozen=True)
class Mistake:
    """What is wrong, at which row (from 1) and in which column (its heading; "" for the whole row)."""

    row: int
    column: str
    words: str


@dataclass(frozen=True)
class Found:
    """What a table holds: lines with their row, and mistakes. `rows`: that are neither empty nor totals."""

    entries: tuple[tuple[int, Entry], ...]
    mistakes: tuple[Mistake, ...]
    rows: int


def folded(text: object) -> str:
    """Without marks, capitals and signs: “Số người (lượt)” as `so nguoi luot`."""
    plain = unicodedata.normalize("NFD", str(text or "").replace("đ", "d").replace("Đ", "D"))
    bare = "".join(one for one in plain if not unicodedata.combining(one)).lower()
    return " ".join(re.findall(r"[a-z0-9]+", bare))


_HEADINGS = {folded(name): field for field, (vi, en, more) in COLUMNS.items() for name in (vi, en, field, *more)}
_KINDS = {folded(name): code for code, names in KIND_NAMES.items() for name in (code, *names)}
_WHATS = {folded(name): code for code, names in WHAT_NAMES.items() for name in (code, *names)}


def found_in(rows: Sequence[Row], today: date) -> Found:
    """The lines of a table. UsageError where there is none with our headings, or too many rows."""
    at = next((number for number, row in enumerate(rows[:HEADING_WITHIN]) if is_heading(row)), None)
    if at is None:
        raise UsageError(
            _("No row with headings was found: there must be a column “Loại việc” and a column “Ngày”."),
            _("Download the empty table, copy the figures into it, and send that."),
        )
    names = [_HEADINGS.get(folded(one), "") for one in rows[at]]
    entries, mistakes = list[tuple[int, Entry]](), [*_headings(rows[at], names, at + 1)]
    count = 0
    for number, row in enumerate(rows[at + 1 :], at + 2):
        given = {name: value for name, value in zip(names, row, strict=False) if name and not is_empty(value)}
        if not given or _is_total(row, given):
            continue
        count += 1
        if count > MOST_ROWS:
            raise UsageError(
                _("The table has more than {n} rows.", n=MOST_ROWS), _("Send it in several parts, year by year.")
            )
        try:
            entries.append((number, _entry(given, today)))
        except WrongEntry as error:
            headings = {name: str(rows[at][place]) for place, name in enumerate(names) if name}
            mistakes += [Mistake(number, headings.get(field, COLUMNS[field][0]), words)
                         for field, words in error.problems.items()]  # fmt: skip
    return Found(tuple(entries), tuple(mistakes), count)


def is_heading(row: Row) -> bool:
    """Whether a row has the two headings that every table of ours has."""
    return {"kind", "day"} <= {_HEADINGS.get(folded(one)) for one in row}


def _headings(row: Row, names: Sequence[str], number: int) -> list[Mistake]:
    """Columns that nobody knows, and those that stand there twice."""
    found = list[Mistake]()
    for place, (heading, name) in enumerate(zip(row, names, strict=True)):
        if name and name in names[:place]:
            found.append(Mistake(number, str(heading), _("This column stands there twice.")))
        elif not name and folded(heading) not in PASSED_OVER:
            known = ", ".join(vi for vi, _en, _more in COLUMNS.values())
            found.append(
                Mistake(number, str(heading)[:40], _("This column is not known. Known are: {names}.", names=known))
            )
    return found


def _is_total(row: Row, given: Mapping[str, Cell]) -> bool:
    first = next((folded(one) for one in row if not is_empty(one)), "")
    return "day" not in given and first.split(" ")[0] in TOTALS


def _entry(given: Mapping[str, Cell], today: date) -> Entry:
    kind = _KINDS.get(folded(given.get("kind", "")))
    if kind is None:
        names = ", ".join(names[0] for names in KIND_NAMES.values())
        raise WrongEntry({"kind": _("This kind is not known. Write one of: {names}.", names=names)})
    fields: dict[str, object] = {name: value for name, value in given.items() if name not in ("kind", "count")}
    times = {"class": "events", "outreach": "events", "public_service": "times"}.get(kind, "")
    if "count" in given:
        fields[times or "count"] = given["count"]
    for name in ("day", "until"):
        fields[name] = _day(given.get(name))
    if "what" in given:
        fields["what"] = _WHATS.get(folded(given["what"]), "")
    return _checked(kind, times, fields, today)


def _checked(kind: str, times: str, fields: Mapping[str, object], today: date) -> Entry:
    """By the rules of what is typed, mistakes under the names of columns; and nothing in columns of other kinds."""
    form, problems = KINDS[kind], dict[str, str]()
    takes = {"day", "words", *(one.name for one in form.numbers)}
    takes |= {"until"} if form.spans else set()
    takes |= {"what"} if form.choices else set()
    takes |= {"begin", "end"} if form.hours else set()
    for name in fields.keys() - takes:
        if not is_empty(fields[name]):
            problems[name] = _("Lines of this kind have nothing in this column.")
    try:
        entry = check(kind, {name: value for name, value in fields.items() if name in takes}, today)
        if kind == "fault" and entry.until is None:
            problems["until"] = _(
                "Write on which day it was repaired: from a file no fault can stay open. What does not work now is "
                "reported on the page of equipment."
            )
    except WrongEntry as error:
        problems |= error.problems
    if problems:
        raise WrongEntry({"count" if name == times else name: words for name, words in problems.items()})
    return entry


def _day(value: Cell) -> object:
    """A day that a spreadsheet wrote as the number of a day is one; what is no day stays for the check to name."""
    if isinstance(value, int | float) and 20_000 <= value <= 80_000 and float(value).is_integer():
        return EXCEL_DAYS + timedelta(days=int(value))
    if isinstance(value, str) and re.fullmatch(r"[2-7]\d{4}", value.strip(), re.ASCII):
        return EXCEL_DAYS + timedelta(days=int(value))
    return value


def empty_table(lang: str) -> list[list[str]]:
    """Headings and two rows as examples, to be written over."""
    place = 0 if lang == "vi" else 1
    heads = [(vietnamese, english)[place] for vietnamese, english, *_others in COLUMNS.values()]
    first = {"kind": KIND_NAMES["class"][place], "day": "15/10/2025", "count": "1", "people": "12"}
    second = {"kind": KIND_NAMES["books"][place], "day": "20/10/2025", "titles_in": "40", "copies_in": "120"}
    return [heads, *([one.get(field, "") for field in COLUMNS] for one in (first, second))]


assert set(KIND_NAMES) == set(KINDS) and set(WHAT_NAMES) == set(WHATS), "every kind has a name in tables"
