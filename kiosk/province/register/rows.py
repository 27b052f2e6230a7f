"""The lines of the register's tables as they stand in sheets: each cell read, each mistake named. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kiosk.errors import UsageError
from kiosk.province.register.columns import (
    HEADING_WITHIN,
    PASSED,
    TABLES,
    Column,
    fields_of,
    table_of,
)
from kiosk.province.register.frozen_tables import is_frozen
from kiosk.province.register.site_history import NEEDED, WEEK
from kiosk.province.register.words import CODE, GARBLED, NOTHING, UNKNOWN, Cell, folded, tidy
from kiosk.translations import _, said_by

MOST_LINES = 20_000
TOTALS = ("tong", "cong", "total", "sum")
# What a cell may say that there is none of. Of a day of the week "-" says that it is closed.
MAY_BE_NONE = {"sites": {"until", "department", "difficult", "pcs", "exceptions", "opened", "last", "policy", "note"},
               "units": {"from", "until", "into", "parent"}}  # fmt: skip


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong, in which sheet, row (from 1; 0: no row of this file) and column (its heading; "" the row)."""

    sheet: str
    row: int
    column: str
    words: str


@dataclass(frozen=True)
class Line:
    """A line: what its cells say, by the columns' names. What is not in it was not told; "" is: there is none.

    `wrong`: columns whose cells say what cannot be.
    """

    sheet: str
    row: int
    values: Mapping[str, str]
    headings: Mapping[str, str] = field(default_factory=dict)
    wrong: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        """Of which site or unit."""
        return self.values["code"]

    def day(self, name: str) -> date | None:
        """A day in it, None where it says none."""
        text = self.values.get(name, "")
        return date.fromisoformat(text) if text else None

    def mistake(self, name: str, words: str) -> Mistake:
        """A mistake in one of its columns."""
        return Mistake(self.sheet, self.row, self.headings.get(name, ""), words)


@dataclass
class Lines:
    """What a file holds. `passed`: sheets that are neither of the tables; `frozen`: those with frozen lists."""

    sites: list[Line] = field(default_factory=list)
    units: list[Line] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    frozen: list[str] = field(default_factory=list)


def lines_of(sheets: Sequence[tuple[str, Sequence[Sequence[Cell]]]]) -> Lines:
    """All lines of all sheets, (name, rows) each. UsageError where no sheet is one of ours, or one is far too long."""
    found, known = Lines(), False
    for name, rows in sheets:
        if any(is_frozen(row) for row in rows[:HEADING_WITHIN]):
            found.frozen.append(name)
            known = True
            continue
        at = next((n for n, row in enumerate(rows[:HEADING_WITHIN]) if table_of(row)), None)
        if at is None:
            found.passed += [name] if any(folded(cell) for row in rows for cell in row) else []
            continue
        known = True
        _read_sheet(name, rows, at, found)
    if not known:
        if any(GARBLED.search(tidy(cell)) for _name, rows in sheets for row in rows[:HEADING_WITHIN] for cell in row):
            raise UsageError(
                _("No row with headings was found: their letters are not those of Vietnamese."),
                _("The file may be written in TCVN3 (ABC) or VNI: turn it into Unicode, for example with UniKey."),
            )
        raise UsageError(
            _("No row with headings was found: a list of sites has the columns “Mã điểm”, “Tên điểm” and “Loại điểm”."),
            _("Begin with the empty table: kiosk province sites export --template FILE.xlsx"),
        )
    return found


def _read_sheet(sheet: str, rows: Sequence[Sequence[Cell]], at: int, found: Lines) -> None:
    table = table_of(rows[at])
    names = fields_of(table, rows[at])
    headings = {name: str(rows[at][place])[:60] for place, name in enumerate(names) if name}
    found.mistakes += _headings(sheet, table, rows[at], names, at + 1)
    into = found.sites if table == "sites" else found.units
    for number, row in enumerate(rows[at + 1 :], at + 2):
        cells = {name: cell for name, cell in zip(names, row, strict=False) if name and tidy(cell)}
        if not cells or ("name" not in cells and _is_total(row)):
            continue
        if len(into) >= MOST_LINES:
            raise UsageError(_("There are more than {n} lines in it.", n=MOST_LINES), _("Send it in several parts."))
        if any(tidy(cell) for cell in row[len(names) :]):
            words = _(
                "This row has more cells than there are headings: put quotes around text with the separator in it."
            )
            found.mistakes.append(Mistake(sheet, number, "", words))
        values, wrong = _values(table, cells)
        found.mistakes += [Mistake(sheet, number, headings.get(name, _heading(table, name)), words)
                           for name, words in wrong.items()]  # fmt: skip
        if "code" in values:
            into.append(Line(sheet, number, values, headings, frozenset(wrong)))


def _heading(table: str, name: str) -> str:
    return TABLES[table][name].vi


def _is_total(row: Sequence[Cell]) -> bool:
    first = next((tidy(one) for one in row if folded(one)), "")
    return folded(first).split(" ")[0] in TOTALS and not CODE.fullmatch(first)


def _headings(sheet: str, table: str, row: Sequence[Cell], names: Sequence[str], number: int) -> list[Mistake]:
    """Columns that nobody knows, and those that stand there twice."""
    found = []
    for place, (heading, name) in enumerate(zip(row, names, strict=True)):
        if name and name in names[:place]:
            found.append(Mistake(sheet, number, tidy(heading)[:60], _("This column stands there twice.")))
        elif not name and folded(heading) not in PASSED:
            known = ", ".join(f"{one.vi} ({one.en})" for one in TABLES[table].values())
            words = _("This column is not known. Known are: {names}.", names=known)
            found.append(Mistake(sheet, number, tidy(heading)[:60], words))
    return found


def _values(table: str, cells: Mapping[str, Cell]) -> tuple[dict[str, str], dict[str, str]]:
    """What the cells of a row say, and what is wrong with the others."""
    values, wrong = dict[str, str](), dict[str, str]()
    for name, cell in cells.items():
        column: Column = TABLES[table][name]
        if tidy(cell) == NOTHING and name not in WEEK:
            if name in MAY_BE_NONE[table]:
                values[name] = ""
            else:
                wrong[name] = _("Something must stand here.")
            continue
        if tidy(cell) == UNKNOWN and name in WEEK:
            values[name] = ""
            continue
        try:
            values[name] = column.read(cell)
        except ValueError as error:
            wrong[name] = said_by(error)
    if "code" not in cells:
        wrong["code"] = _("The code is missing.")
    if values.get("from") and values.get("until") and values["until"] < values["from"]:
        wrong["until"] = _("This day lies before the day in “From”.")
    return values, wrong


def missing(line: Line, needed: Iterable[str] = NEEDED) -> list[Mistake]:
    """What a first line must say and does not."""
    table = "sites" if "type" in needed else "units"
    return [
        Mistake(line.sheet, line.row, line.headings.get(name, _heading(table, name)), _("This is missing."))
        for name in needed
        if not line.values.get(name) and name not in line.wrong
    ]
