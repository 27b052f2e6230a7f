"""What of the journal the province is told: sums of days, those it is owed anew, and what a lost file had told it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from kiosk.lean_sqlite import Database
from kiosk.rules.journal import KINDS, LEVELS, Kind
from kiosk.rules.journal_entry import Entry
from kiosk.store import journal

Span = tuple[str, str]
BY = "kiosk"


def of_day(db: Database, day: date) -> dict[str, int]:
    """The sums of a day by code; noughts are not told."""
    return {code: count for code, count in journal.sums(db, day, day).items() if count}


def before(db: Database, first_use: date) -> dict[str, dict[str, int]]:
    """The sums of the months before the station's first day, which have no bundle of their own: {YYYY-MM: sums}."""
    found = dict[str, dict[str, int]]()
    first = journal.first_day(db)
    while first is not None and first < first_use:
        last = min(_month_end(first), first_use - timedelta(days=1))
        counts = journal.sums(db, first, last)
        if told := {code: count for code, count in counts.items() if count and code not in LEVELS}:
            found[f"{first:%Y-%m}"] = told
        first = last + timedelta(days=1)
    return found


def owed(db: Database) -> list[Span]:
    """First and last days of what was changed since it was told."""
    return [(str(first), str(last)) for first, last in db.execute("SELECT first, last FROM journal_changed")]


def days_in(spans: Iterable[Span], have: Iterable[str], first_use: str | None) -> set[str]:
    """Those of the days with a bundle that lie in the spans; changes before the first day are told on that day."""
    found, bundles = set[str](), sorted(have)
    for first, last in spans:
        found.update(day for day in bundles if first <= day <= last)
        if first_use is not None and first < first_use and first_use in bundles:
            found.add(first_use)
    return found


def paid(db: Database, spans: Iterable[Span]) -> None:
    """These were told."""
    db.conn.executemany("DELETE FROM journal_changed WHERE first = ? AND last = ?", list(spans))


def put_back(db: Database, first: date, last: date, told: Mapping[str, int], now: datetime) -> None:
    """After a copy took the store's place: lines without words, so that some days sum up to what was told of them.

    Numbers above ours become a line of their own; where ours are above, somebody had struck or mended a line since.
    """
    have = journal.sums(db, first, last)
    for kind in KINDS.values():
        if kind.numbers:
            _put_back_numbers(db, kind, first, last, told, have, now)
    what = "pc" if told.get("pc_days_down", 0) > have["pc_days_down"] else "other"
    for _fault in range(told.get("faults_opened", 0) - have["faults_opened"]):
        entry = Entry("fault", first, None, {}, {"what": what, "words": "?"})
        journal.add_entry(db, entry, BY, now, act="restored")
    for _fault in range(told.get("faults_closed", 0) - have["faults_closed"]):
        if (still := journal.open_faults(db)) and still[0].since <= last:
            journal.close_fault(db, still[0].what, BY, datetime(last.year, last.month, last.day, 12, tzinfo=now.tzinfo))


def _put_back_numbers(
    db: Database, kind: Kind, first: date, last: date, told: Mapping[str, int], have: Mapping[str, int], now: datetime
) -> None:
    missing = {one.name: told.get(one.code, 0) - have[one.code] for one in kind.numbers}
    if any(count < 0 for count in missing.values()):
        for line in journal.lines(db, first, last, kind.code):
            if not line.struck:
                journal.strike(db, line.id, line.version, BY, now)
        missing = {one.name: told.get(one.code, 0) for one in kind.numbers}
    if numbers := {name: count for name, count in missing.items() if count}:
        journal.add_entry(db, Entry(kind.code, first, None, numbers), BY, now, act="restored")


def month_span(month: str, first_use: date) -> tuple[date, date]:
    """The days of a month (YYYY-MM) before the station's first day."""
    first = date.fromisoformat(f"{month}-01")
    return first, min(_month_end(first), first_use - timedelta(days=1))


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
