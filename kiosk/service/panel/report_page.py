"""A report as the page draws it: rows of words and numbers in the reader's language. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.clock import LOCAL
from kiosk.report import words
from kiosk.report.model import Line, Part, Report, Said, Why
from kiosk.report.words import say
from kiosk.rules.indicators import INDICATORS, label
from kiosk.rules.periods import KINDS, Period, period_around, shifted

# So many changes after a lock stand on the page; its files and its paper have all of them.
MOST_CHANGES = 100
INDENTED = frozenset({"TARGET_USERS"})
# What stands in the official table; the rest follows in a second, smaller one.
MAIN = ("VISITS", "USERS", "TARGET_USERS", "PC_HOURS", "NET_HOURS", "USE_RATE", "OPEN_DAYS")
NOBODY: Mapping[Why | None, str] = {
    "missing": label("No figures in this period."),
    "ahead": label("This period has not come yet."),
    "month_open": label("These numbers are told when the month is over, so that nobody's answer can be guessed."),
    "whole_months": label("These numbers are told by whole months only, so that nobody's answer can be guessed."),
}


@dataclass(frozen=True)
class Cell:
    """A number and what stands small beside it; `why` in place of a number."""

    text: str
    small: str = ""
    why: bool = False
    held: bool = False


@dataclass(frozen=True)
class Row:
    """One figure. `sign` and `means`: the change on the year before; `number`: its place in the official table."""

    number: str
    name: str
    cells: tuple[Cell, Cell, Cell]
    sign: str
    means: str


@dataclass(frozen=True)
class Level:
    """One lying bar: `share` of the longest, in percent."""

    name: str
    cell: Cell
    share: float


@dataclass(frozen=True)
class Step:
    """A link to another period."""

    text: str
    name: str
    here: bool = False


def rows(report: Report, lang: str) -> tuple[list[Row], list[Row]]:
    """The official table, and the other figures."""
    by_code = {line.code: line for line in report.lines}
    numbered, count = list[Row](), 0
    for code in MAIN:
        count += code not in INDENTED
        numbered.append(_row(by_code[code], lang, "" if code in INDENTED else str(count)))
    return numbered, [_row(line, lang, "") for line in report.lines if line.code not in MAIN]


@dataclass(frozen=True)
class Changed:
    """One figure that changed after a lock, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Because:
    """What changed for one reason on one day."""

    reason: str
    day: str
    figures: list[Changed]


def changed(report: Report, lang: str, at_most: int | None = None) -> list[Because]:
    """What has changed in the locked months of a report, the oldest first; of too many only the last."""
    groups = dict[tuple[str, str], Because]()
    for one in report.revisions[-at_most if at_most else 0 :]:
        month = "" if report.period.kind == "month" else f"{one.month[5:]}/{one.month[:4]} – "
        key = (words.reason(one, lang), words.day(words.local_day(one.at)))
        group = groups.setdefault(key, Because(*key, []))
        name = month + words.figure(one.code, lang)
        group.figures.append(Changed(name, words.text(one.before, lang), words.text(one.after, lang)))
    return list(groups.values())


def locked_on(report: Report) -> str:
    """The day of a month's lock; of a longer period that is locked whole, of its last month's."""
    months = len(report.months) or 1
    if not report.over or not report.locks or (report.period.kind != "month" and len(report.locks) < months):
        return ""
    return words.day(report.locks[-1].at.astimezone(LOCAL).date())


def written(report: Report, lang: str) -> list[Level]:
    """What the journal sums up, without what was not written."""
    return levels(tuple(part for part in report.journal if part.value), lang)


def levels(parts: tuple[Part, ...], lang: str) -> list[Level]:
    """A list as lying bars."""
    most = max((part.value or 0 for part in parts), default=0)
    return [
        Level(say(lang, part.label), _part(part, lang), round(100 * (part.value or 0) / most, 1) if most else 0.0)
        for part in parts
    ]


def steps(report: Report, today: date, lang: str, starts_on: int) -> tuple[Step, Step | None, list[Step]]:
    """To the period before, to the one after (None: it has not come), and to the other kinds of periods."""
    here = report.period
    before, after = shifted(here, -1, starts_on), shifted(here, 1, starts_on)
    anchor = min(here.last, today)
    kinds = [(kind, period_around(kind, anchor, starts_on)) for kind in KINDS]
    return (
        _step(before, lang),
        _step(after, lang) if after.first <= today else None,
        [Step(one.text, say(lang, words.KIND_NAMES[kind]), kind == here.kind) for kind, one in kinds],
    )


def definitions(report: Report, lang: str) -> list[tuple[str, str, str]]:
    """(label, formula, version) of everything that the page shows."""
    return [(words.name(code, lang), words.formula(code, lang), INDICATORS[code].version) for code in report.used()]


def nobody(report: Report, lang: str) -> str:
    """One sentence where all numbers about who came are missing for the same reason; empty where they are not."""
    whys = {part.why for parts in report.answers.values() for part in parts}
    only = whys.pop() if len(whys) == 1 else None
    return say(lang, NOBODY[only]) if only in NOBODY else ""


def through(report: Report) -> str:
    """The last day that the estimate of users counts."""
    last = report.line("USERS").now.through
    return "" if last is None else words.day(last)


def _row(line: Line, lang: str, number: str) -> Row:
    now = _cell(line.now, lang, line.out_of)
    sign, means = words.TRENDS[line.change.trend] if line.change else ("", "")
    if line.change and line.change.percent is not None:
        sign += f" {words.number(line.change.percent, lang, sign=True)} %"
    return Row(
        number,
        words.name(line.code, lang),
        (now, _cell(line.previous, lang), _cell(line.last_year, lang)),
        sign,
        say(lang, means) if means else "",
    )


def _cell(one: Said | None, lang: str, out_of: int | None = None) -> Cell:
    if one is None:
        return Cell("")
    if one.value is None:
        return Cell(words.said(one, lang), why=True, held=one.why == "held")
    small = words.spread(one, lang)
    return Cell(words.said(one, lang) + (f"/{out_of}" if out_of is not None else ""), small)


def _part(part: Part, lang: str) -> Cell:
    said = Said(part.value, part.why)
    since = "" if part.since is None else words.since(part.since, lang)
    return Cell(words.said(said, lang), since, why=part.value is None, held=part.why == "held")


def _step(period: Period, lang: str) -> Step:
    return Step(period.text, words.title(period, lang))
