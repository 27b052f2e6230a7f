"""The table of figures: each beside the period before and the same period a year before, as far as they may be said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.report.answers import Months, first_visits, target_users, users_of, whole_months, year_so_far
from kiosk.report.model import Line, Said
from kiosk.report.reading import Reader
from kiosk.rules.figures import MIN_USERS, MIN_VISITS, Change, Effect, Usage, change, comparable, hours, use_rate
from kiosk.rules.periods import Period, same_date_before

UNKNOWN = Change("unknown")


@dataclass(frozen=True)
class Spans:
    """The days that each column is about. `ours`: since the station's first day and up to today.

    Changes compare `compared` (days that are over) with `same`, its dates a year before.
    """

    asked: Period
    ours: Period | None
    previous: Period
    last_year: Period | None
    compared: Period | None
    same: Period | None
    today: date
    first_use: date | None


def _rate(usage: Usage) -> Said:
    rate = use_rate(usage)
    return Said(rate, None if rate is not None else "no_base")


# Figures that are sums of day totals: how each is said of a period's usage.
SUMS: dict[str, Callable[[Usage], Said]] = {
    "VISITS": lambda usage: Said(usage["visits"]),
    "PC_HOURS": lambda usage: Said(hours(usage["seconds"], 3600)),
    "NET_HOURS": lambda usage: Said(hours(usage["internet_minutes"], 60)),
    "OPEN_HOURS": lambda usage: Said(hours(usage["open_minutes"], 60)),
    "USE_RATE": _rate,
    "OPEN_DAYS": lambda usage: Said(usage.opened),
    "PLANNED_DAYS": lambda usage: Said(usage.planned),
    "REPORTED_DAYS": lambda usage: Said(usage.reported),
    "ASSISTED": lambda usage: Said(usage["assisted"]),
    "EXTENSIONS": lambda usage: Said(usage["extensions"]),
    "TOO_SHORT": lambda usage: Said(usage["too_short"]),
    "PAGES": lambda usage: Said(usage["pages"]),
    "UNCLEAN": lambda usage: Said(usage["unclean"]),
}
# Where none was ever known to be otherwise than nought, nothing is said of it: a site without a printer.
ONLY_WHERE_ANY = frozenset({"PAGES"})

# A day without figures was planned to be open, or not: that is known all the same.
OF_THE_PLAN = frozenset({"PLANNED_DAYS", "REPORTED_DAYS"})


def lines(reader: Reader, spans: Spans, months: Sequence[tuple[Period, Effect]]) -> tuple[Line, ...]:
    """Every line, in the order of the report."""
    usage = reader.of(spans.ours)
    before, year = _known(reader, spans.previous, spans), _known(reader, spans.same, spans)
    sums = {
        code: Line(
            code,
            now=_said(code, usage, spans, spans.asked),
            previous=_said(code, before, spans, spans.previous),
            last_year=_said(code, year, spans, spans.asked),
        )
        for code in SUMS
    }
    for code in ONLY_WHERE_ANY:
        if not any(said and said.value for said in (sums[code].now, sums[code].previous, sums[code].last_year)):
            del sums[code]
    visits = sums.pop("VISITS")
    table = [
        Line("VISITS", visits.now, visits.previous, visits.last_year, _visits_change(reader, spans)),
        _users(reader, spans),
        _answers("TARGET_USERS", reader, spans, target_users, year_so_far),
        _answers("FIRST", reader, spans, first_visits, whole_months),
        *sums.values(),
    ]
    if months:
        active = Said(sum(effect == "yes" for _month, effect in months), through=months[-1][0].last)
        table.append(Line("ACTIVE_MONTHS", active, None, None, out_of=len(months)))
    return tuple(table)


def _known(reader: Reader, asked: Period | None, spans: Spans) -> Usage:
    """The sums of an earlier period from the station's first day on; nothing known of the time before."""
    if asked is None or spans.first_use is None or asked.last < spans.first_use:
        return Usage()
    return reader.usage(max(asked.first, spans.first_use), min(asked.last, spans.today))


def _said(code: str, usage: Usage, spans: Spans, asked: Period) -> Said:
    if asked.first > spans.today:
        return Said(None, "ahead")
    sayable = usage.days > 0 if code in OF_THE_PLAN else usage.known
    return SUMS[code](usage) if sayable else Said(None, "missing")


def _visits_change(reader: Reader, spans: Spans) -> Change:
    if spans.compared is None or spans.same is None:
        return UNKNOWN
    now, before = reader.of(spans.compared), reader.of(spans.same)
    return change(now["visits"], before["visits"], MIN_VISITS) if comparable(now, before) else UNKNOWN


def _users(reader: Reader, spans: Spans) -> Line:
    line = _answers("USERS", reader, spans, users_of, year_so_far)
    months = year_so_far(spans.asked, spans.today)
    if months.why is not None or not isinstance(line.now.value, int):
        return Line("USERS", line.now, line.previous, line.last_year, UNKNOWN)
    earlier = _a_year_before(months)
    said = users_of(reader, earlier)
    if not comparable(reader.usage(months.first, months.last), reader.usage(earlier.first, earlier.last)):
        return Line("USERS", line.now, line.previous, said, UNKNOWN)
    before = said.value if isinstance(said.value, int) else None
    return Line("USERS", line.now, line.previous, said, change(line.now.value, before, MIN_USERS))


def _answers(
    code: str,
    reader: Reader,
    spans: Spans,
    say: Callable[[Reader, Months], Said],
    months_of: Callable[[Period, date], Months],
) -> Line:
    """A line of exact monthly counts: of the period, of the one before, and of the same months a year before."""
    if spans.asked.first > spans.today:
        return Line(code, Said(None, "ahead"), Said(None, "ahead"), Said(None, "ahead"))
    months = months_of(spans.asked, spans.today)
    last_year = say(reader, _a_year_before(months)) if spans.last_year is not None else Said(None, "missing")
    return Line(code, say(reader, months), say(reader, months_of(spans.previous, spans.today)), last_year)


def _a_year_before(months: Months) -> Months:
    """The same calendar months of the year before, leap years included."""
    last = same_date_before(months.last + timedelta(days=1)) - timedelta(days=1)
    return Months(same_date_before(months.first), last, months.why)
