"""A report as tables of typed cells: what the workbook has a sheet for each of. Nothing here knows a file format.

A cell is text, a whole number, a decimal, a day, or nothing. What may not be said is text that says why, never nought.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.clock import LOCAL
from kiosk.report import words
from kiosk.report.model import Line, Part, Report, Said
from kiosk.rules.indicators import INDICATORS, label

Cell = str | int | Decimal | date | None

CODE, NAME, UNIT, VERSION, NOTE = label("Code"), label("Figure"), label("Unit"), label("Version"), label("Note")
COUNT, SINCE = label("Number"), label("Counted from")


@dataclass(frozen=True)
class Sheet:
    """One table: its name, (heading, width in characters) of each column, its rows."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Cell]]


def sheets(report: Report, lang: str) -> list[Sheet]:
    """Every table of a report; one without a row is left out."""
    made = [
        _figures(report, lang),
        _journal(report, lang),
        _who_came(report, lang),
        _days(report, lang),
        _months(report, lang),
        _list(report.ends, "ENDS", label("How ended"), lang),
        _list(report.themes, "OPENS", label("Guides opened"), lang),
        _revisions(report, lang),
        _definitions(report, lang),
        _about(report, lang),
    ]
    return [one for one in made if one.rows]


def _sheet(name: str, columns: Iterable[tuple[str, int]], rows: Iterable[Sequence[Cell]], lang: str) -> Sheet:
    headings = [(words.say(lang, heading), width) for heading, width in columns]
    return Sheet(words.say(lang, name), headings, [tuple(_breakable(cell) for cell in row) for row in rows])


def _breakable(cell: Cell) -> Cell:
    """Spaces that hold words together on a screen would be searched for in vain in a spreadsheet."""
    return cell.replace("\N{NO-BREAK SPACE}", " ") if isinstance(cell, str) else cell


def _figures(report: Report, lang: str) -> Sheet:
    columns = [
        (NAME, 44), (label("This period"), 14), (UNIT, 10), (label("At least"), 11), (label("At most"), 11),
        (label("Out of"), 9), (label("Counted up to"), 13), (label("Period before"), 14),
        (label("Same period last year"), 14), (label("More or fewer"), 24), (label("Change (%)"), 11),
        (CODE, 16), (VERSION, 9),
    ]  # fmt: skip
    return _sheet(label("Figures"), columns, (_figure(line, lang) for line in report.lines), lang)


def _figure(line: Line, lang: str) -> list[Cell]:
    one, change = INDICATORS[line.code], line.change
    sign = "" if change is None else " ".join(part for part in words.trend(change.trend, lang) if part)
    return [
        words.name(line.code, lang),
        _said(line.now, lang),
        words.say(lang, one.unit) if one.unit else "",
        line.now.low,
        line.now.high,
        line.out_of,
        line.now.through,
        _said(line.previous, lang),
        _said(line.last_year, lang),
        sign,
        change.percent if change else None,
        line.code,
        one.version,
    ]


def _journal(report: Report, lang: str) -> Sheet:
    columns = [(NAME, 44), (COUNT, 14), (UNIT, 12), (CODE, 20), (VERSION, 9)]
    rows = [
        (words.say(lang, part.label), part.value, words.say(lang, INDICATORS[part.code].unit), part.code,
         INDICATORS[part.code].version)
        for part in report.journal
    ]  # fmt: skip
    return _sheet(label("Journal"), columns, rows, lang)


def _who_came(report: Report, lang: str) -> Sheet:
    columns = [(label("Question"), 14), (label("Answer"), 34), (COUNT, 24), (SINCE, 13), (CODE, 16), (VERSION, 9)]
    rows = [
        (words.say(lang, words.SECTIONS[section]), words.say(lang, part.label), _part(part, lang), part.since,
         part.code, INDICATORS[section].version)
        for section, parts in report.answers.items()
        for part in parts
    ]  # fmt: skip
    held = (("pictures", label("Withheld visits with a picture")), ("groups", label("Withheld visits with groups")))
    rows += [
        (
            words.say(lang, label("Withheld")),
            words.say(lang, name),
            report.withheld[code],
            None,
            f"HELD_{code}".upper(),
            "",
        )
        for code, name in held
    ]
    return _sheet(label("Who came"), columns, rows, lang)


def _days(report: Report, lang: str) -> Sheet:
    by_day = len(report.bars) == len(report.period)
    columns = [
        (label("From day"), 13), (label("to day"), 13), (label("Visits"), 12), (label("Same period last year"), 14),
        (NOTE, 30),
    ]  # fmt: skip
    rows = [
        (
            bar.first,
            bar.last,
            bar.visits,
            bar.last_year,
            words.say(lang, words.STATES[bar.state]) if bar.visits is None else "",
        )
        for bar in report.bars
    ]
    return _sheet(label("Days") if by_day else label("Months"), columns, rows, lang)


def _months(report: Report, lang: str) -> Sheet:
    columns = [(label("Month"), 18), (label("From day"), 13), (label("to day"), 13), (label("Activity"), 24)]
    rows = [
        (words.title(month, lang), month.first, month.last, words.say(lang, words.EFFECTS[effect]))
        for month, effect in report.months
    ]
    return _sheet(label("Active months"), columns, rows, lang)


def _list(parts: Iterable[Part], code: str, name: str, lang: str) -> Sheet:
    columns = [(INDICATORS[code].label, 44), (COUNT, 14), (CODE, 16), (VERSION, 9)]
    rows = [(words.say(lang, part.label), _part(part, lang), part.code, INDICATORS[code].version) for part in parts]
    return _sheet(name, columns, rows, lang)


def _revisions(report: Report, lang: str) -> Sheet:
    columns = [
        (label("Month"), 10), (NAME, 40), (label("As told"), 12), (label("As it is now"), 12), (label("Reason"), 48),
        (label("Noted on"), 13), (CODE, 24),
    ]  # fmt: skip
    return _sheet(label("Changes after the lock"), columns, _revision_rows(report, lang), lang)


def _revision_rows(report: Report, lang: str) -> Iterator[list[Cell]]:
    for one in report.revisions:
        day = words.local_day(one.at)
        name = words.figure(one.code, lang)
        yield [one.month, name, _number(one.before), _number(one.after), words.reason(one, lang), day, one.code]


def _definitions(report: Report, lang: str) -> Sheet:
    columns = [(NAME, 38), (label("How it is counted"), 76), (UNIT, 10), (VERSION, 9), (CODE, 18)]
    rows = [
        (words.name(code, lang), words.formula(code, lang), words.say(lang, INDICATORS[code].unit or ""),
         INDICATORS[code].version, code)
        for code in report.used()
    ]  # fmt: skip
    return _sheet(label("Definitions"), columns, rows, lang)


def _about(report: Report, lang: str) -> Sheet:
    made = report.made.astimezone(LOCAL)
    rows: list[tuple[str, Cell]] = [
        (label("Site"), report.site), (label("Code"), report.site_code), (label("Computer"), report.station),
        (label("Period"), words.title(report.period, lang)), (label("From day"), report.period.first),
        (label("to day"), report.period.last), (label("Made on"), made.date()),
        (label("Days without figures"), report.missing_days),
        *((label("Locked on"), f"{one.month}: {words.day(one.at.astimezone(LOCAL).date())}") for one in report.locks),
        *([(label("Works effectively this year"), words.say(lang, words.EFFECTIVE[report.effective]))]
          if report.effective else []),
    ]  # fmt: skip
    told = [(words.say(lang, name), value) for name, value in rows]
    return _sheet(label("About this report"), [(label("About"), 34), (label("Value"), 60)], told, lang)


def _said(one: Said | None, lang: str) -> Cell:
    if one is None:
        return None
    return words.said(one, lang) if one.value is None else one.value


def _part(part: Part, lang: str) -> Cell:
    return words.said(Said(None, part.why), lang) if part.value is None else part.value


def _number(text: str | None) -> Cell:
    if text is None:
        return None
    return Decimal(text) if "." in text else int(text)
