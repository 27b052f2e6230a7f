"""What one day says to the province: exact totals of use, and of answers only what a month's end has released.

First-time answers, visits without a picture and "prefer not to say" are exact by *month* (DOMAIN.md, Disclosure).
Counted nightly "so far", the difference of two nights would be exact by day, and at one visit a day by visit; so a
month's counts stand in one bundle only: that of the first day after it. The month's releases stand beside them, and
before any bundle is made the months that are over are ended (run.py): so they are there from its first revision on.
"""

from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date, datetime, time, timedelta

from kiosk.clock import LOCAL
from kiosk.export.formats import MAX_COUNT, Line
from kiosk.lean_sqlite import Database
from kiosk.rules.disclosure import Release, last_month, month_days
from kiosk.rules.figures import day_line
from kiosk.rules.health_days import CODES
from kiosk.rules.month_lock import Revision, utc
from kiosk.rules.tallies import MONTHLY
from kiosk.store import facts, journal_telling, missed, month_locks, sessions, usage, windows

# Reasons of a revision, and the day total that counts each: sessions that came to the day when the date of their boot
# was known; times that its journal was changed after it had been told.
REASONS = {"redated": "redated", "journal": "journal_late"}


def body(db: Database, day: str) -> list[Line]:
    """The lines of a day after the manifest, in a fixed order. Runs on the store thread."""
    totals = usage.totals(db, day)
    ends = {code.removeprefix("end:"): count for code, count in totals.items() if code.startswith("end:")}
    return [
        {"kind": "day", **day_line(totals)},
        *({"kind": "end", "code": code, "count": count} for code, count in sorted(ends.items())),
        *(_month(db, last_month(day)) if day.endswith("-01") else ()),
        *_reasons(totals),
        *({"kind": "print", "pages": pages} for pages in [totals.get("pages", 0)] if pages),
        *_health(totals),
        *({"kind": "open", "item": item, "count": count} for item, count in usage.opens(db, day).items()),
        *({"kind": "missed", "words": words, "count": count} for words, count in missed.of_day(db, day).items()),
        *_locks(db, day),
        *_journal(db, day),
    ]


def _health(totals: dict[str, int]) -> list[Line]:
    """How the PC did; a dying disk may take longer than a count can say."""
    if not totals.get("looks"):
        return []
    return [{"kind": "health", **{code: min(MAX_COUNT, totals.get(code, 0)) for code in CODES}}]


def _reasons(totals: dict[str, int]) -> list[Line]:
    """Why a day says something else than it did before."""
    counts = ((code, totals.get(total, 0)) for code, total in REASONS.items())
    return [{"kind": "reason", "code": code, "count": count} for code, count in counts if count]


def _month(db: Database, month: str) -> list[Line]:
    """On the first of a month: exact counts and releases of the month before. No other tally is ever read."""
    return [
        *(
            {"kind": "month", "month": month, "table": table, "side": side, "count": count}
            for table in MONTHLY
            for (_name, side), count in sorted(sessions.tallies(db, f"{table}:{month}").items())
        ),
        *({"kind": "release", **asdict(release)} for release in windows.releases(db, *month_days(month))),
    ]


def _locks(db: Database, day: str) -> Iterator[Line]:
    """The months that were locked on a day, and the changes of locked months that were noted on it."""
    midnight = datetime.combine(date.fromisoformat(day), time.min, LOCAL)
    locks, revisions = month_locks.noted_between(db, *(utc(midnight + timedelta(days=number)) for number in (0, 1)))
    for lock in locks:
        yield {"kind": "lock", "month": lock.month, "first_day": lock.first, "last_day": lock.last, "at": lock.at,
               "figures": dict(lock.figures), "versions": dict(lock.versions)}  # fmt: skip
    for one in revisions:
        yield {"kind": "revision", **asdict(one)}


def _journal(db: Database, day: str) -> Iterator[Line]:
    """What staff wrote down, as sums; on the station's first day also the months before it, by month."""
    here = date.fromisoformat(day)
    for code, count in journal_telling.of_day(db, here).items():
        yield {"kind": "journal", "code": code, "count": count}
    if day == facts.first_use(db):
        for month, counts in journal_telling.before(db, here).items():
            yield from ({"kind": "journal_before", "month": month, "code": code, "count": count}
                        for code, count in counts.items())  # fmt: skip


def locked(line: Line) -> month_locks.Lock:
    """The lock in a line of kind `lock`."""
    days = (line["first_day"], line["last_day"], line["at"])
    return month_locks.Lock(line["month"], *days, line["figures"], line["versions"])


def revised(line: Line) -> Revision:
    """The revision in a line of kind `revision`."""
    return Revision(**{field.name: line[field.name] for field in fields(Revision)})


def released(line: Line) -> Release:
    """The release in a line of kind `release`; fields that later versions add are left out."""
    return Release(**{field.name: line[field.name] for field in fields(Release)})
