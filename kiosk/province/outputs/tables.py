"""The figures for machines: CSV tables in long form, and datapackage.json that says what each column is.

Data Package v1 (tabular). Every figure is a row: of a place, a code and a period. Where there is no number the cell is
empty and `reason` says why. Numbers are as they were reckoned, with a point, never rounded again.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from kiosk.province.indicators.ask import WHOLE, By
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.value import Value
from kiosk.province.outputs import words
from kiosk.province.outputs.datapackage import described
from kiosk.province.outputs.material import Counted, Gathered
from kiosk.province.outputs.packed import packed
from kiosk.rules.periods import Period

Row = Sequence[object]
NO_CODE = "whole"  # the place of a province that has no code in the register
FIGURES = ("kind", "place", "code", "period", "first_day", "last_day", "value", "low", "high", "part", "whole", "sites",
           "verdict", "trend", "before_kiosk", "reason", "version")  # fmt: skip
PLACES = ("kind", "place", "name", "above", "line", "department")
DEFINED = ("code", "group", "label_vi", "label_en", "unit", "formula_vi", "formula_en", "version", "source")
LIST = ("rank", "name", "count", "sites")


def files(found: Gathered) -> dict[str, bytes]:
    """Name -> bytes: the tables, and last what describes them."""
    tables = {
        "figures.csv": _csv(FIGURES, _figures(found)),
        "places.csv": _csv(PLACES, _places(found)),
        "definitions.csv": _csv(DEFINED, _definitions(found)),
        "opened.csv": _csv(LIST, _list(found.opened)),
        "missed.csv": _csv(LIST, _list(found.missed)),
    }
    return {**tables, "datapackage.json": described(found, tables)}


def archive(found: Gathered) -> bytes:
    """The same as one zip."""
    return packed(files(found))


def _figures(found: Gathered) -> Iterable[Row]:
    """The whole, every place, the years before kiosk, and the months of the whole with those of the year before."""
    kind, period = found.scope.by, found.ask.period
    seen: set[tuple[str, str]] = set()
    for code, value in found.whole.of().items():
        seen.add((code, period.text))
        yield _row(kind, found.scope.key, code, period, value)
    for by, told in found.tables.items():
        for key, values in told.places.items():
            if key != WHOLE:
                yield from (_row(by, key, code, period, value) for code, value in values.items())
    for year in found.years:
        for code, value in year.values.items():
            if (code, year.period.text) not in seen:
                yield _row(kind, found.scope.key, code, year.period, value)
    for month in found.months:
        before = month.before_days(found.ask.last)
        for one, values in ((before, month.before), (month.period, month.values)):
            for code, value in values.items() if one is not None else ():
                if one is not None and (code, one.text) not in seen:
                    seen.add((code, one.text))
                    yield _row(kind, found.scope.key, code, one, value)


def _row(kind: By, place: str, code: str, period: Period, value: Value) -> Row:
    return (
        kind, place or NO_CODE, code, period.text, period.first, period.last, value.number, value.low, value.high,
        value.part, value.whole, value.sites, value.verdict, value.trend, "true" if value.own else "false",
        value.reason or ("nothing_told" if value.number is None else ""), DEFINITIONS[code].version,
    )  # fmt: skip


def _places(found: Gathered) -> Iterable[Row]:
    every = [found.scope, *(one for by in found.tables for one in found.listed(by))]
    for one in {(one.by, one.key): one for one in every}.values():
        yield one.by, one.key or NO_CODE, harmless(one.name), harmless(one.above), one.line, harmless(one.department)


def _definitions(found: Gathered) -> Iterable[Row]:
    told = {code for one in (found.whole, *found.tables.values()) for values in one.places.values() for code in values}
    told |= {code for month in found.months for code in (*month.values, *month.before)}
    told |= {code for year in found.years for code in year.values}
    for code, one in DEFINITIONS.items():
        if code in told:
            names = (words.name(code, "vi"), words.name(code, "en"))
            formulas = (words.formula(code, "vi"), words.formula(code, "en"))
            yield code, one.group, *names, one.unit, *formulas, one.version, one.source


def _list(told: Sequence[Counted]) -> Iterable[Row]:
    for rank, one in enumerate(told, 1):
        yield rank, harmless(one.name), one.count, one.sites


def harmless(text: str) -> str:
    """Text that somebody typed, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") or text[:1] in ("\t", "\r", "\n") else text


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(columns)
    table.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _plain(cell: object) -> object:
    """Nothing as nothing; and no spaces that hold words together on a page."""
    return "" if cell is None else cell.replace("\N{NO-BREAK SPACE}", " ") if isinstance(cell, str) else cell
