"""When trust comes in a boot, what it counted without a date moves to the days that the boot's offset tells.

Exact tallies of a month (FST, NO_PICTURE, GRP_U) wait in `tallies` as `TABLE:undated`, without a boot: with one they
would join the answers of a boot's only visitor to the visit. So they move together, to one month, those of boots that
never got a date too; and never to a month that was told already, because the difference of two tellings would be that
visitor's answer again.
"""

from datetime import datetime, timedelta

from kiosk.clock import LOCAL, Reading
from kiosk.lean_sqlite import Database
from kiosk.store import facts, sessions, undated, usage


def due(db: Database, boot_id: str) -> bool:
    """Whether a trusted date would move anything in this boot."""
    found = db.execute(
        """SELECT EXISTS (SELECT 1 FROM undated_sessions WHERE boot_id = :boot)
               OR EXISTS (SELECT 1 FROM undated_totals WHERE boot_id = :boot)
               OR EXISTS (SELECT 1 FROM undated_opens WHERE boot_id = :boot)
               OR EXISTS (SELECT 1 FROM tallies WHERE substr(table_name, -8) = :none)""",
        {"boot": boot_id, "none": f":{undated.NO_MONTH}"},
    ).fetchone()
    return bool(found[0])


def redate(db: Database, now: Reading) -> list[str]:
    """Moves all that this boot counted without a date to its days, now that `now` is trusted; the days that changed.

    Runs again without harm: what was moved is not there any more. A day's total `redated` counts the sessions that
    came to it so; in its bundle it is the reason of the revision (export/bundle.py).
    """
    if not now.trusted:
        raise ValueError("only a trusted date can date anything")
    days = [*_sessions(db, now), *_totals(db, now), *_opens(db, now)]
    for table in ("undated_sessions", "undated_totals", "undated_opens"):
        db.execute(f"DELETE FROM {table} WHERE boot_id = ?", (now.boot_id,))
    _move_tallies(db, max(days, default=now.day))
    if days:
        first = facts.first_use(db)
        if first is not None and min(days) < first:
            facts.put(db, "first_use", min(days))
    return sorted(set(days))


def _moment(now: Reading, boot_seconds: float) -> datetime:
    """The local time of a boot second, by the offset of the trusted date."""
    return (now.wall - timedelta(seconds=now.boot - boot_seconds)).astimezone(LOCAL)


def _sessions(db: Database, now: Reading) -> list[str]:
    rows = db.execute(
        """SELECT boot_minute, station, seconds, extensions, reason, entry, visit, pages FROM undated_sessions
           WHERE boot_id = ? ORDER BY id""",
        (now.boot_id,),
    ).fetchall()
    days = []
    for minute, station, seconds, extensions, reason, entry, visit, pages in rows:
        moment = _moment(now, minute * 60)
        day = moment.date().isoformat()
        ended = sessions.Ended(day, moment.hour, station, seconds, reason, bool(visit), extensions, entry, pages)
        sessions.record(db, ended, ())
        usage.add(db, day, {"redated": 1})
        days.append(day)
    return days


def _totals(db: Database, now: Reading) -> list[str]:
    rows = db.execute("SELECT slot, code, count FROM undated_totals WHERE boot_id = ?", (now.boot_id,)).fetchall()
    for slot, code, count in rows:
        usage.add(db, _day(now, slot), {code: count})
    return [_day(now, slot) for slot, _code, _count in rows]


def _opens(db: Database, now: Reading) -> list[str]:
    rows = db.execute("SELECT slot, item, count FROM undated_opens WHERE boot_id = ?", (now.boot_id,)).fetchall()
    for slot, item, count in rows:
        usage.opened(db, _day(now, slot), {item: count})
    return [_day(now, slot) for slot, _item, _count in rows]


def _day(now: Reading, slot: int) -> str:
    return _moment(now, slot * undated.SLOT_SECONDS).date().isoformat()


def _move_tallies(db: Database, last: str) -> None:
    """All `TABLE:undated` to the month of the last day that was dated, or to the first later one not told yet."""
    told = db.execute("SELECT max(day) FROM bundles").fetchone()[0] or last
    month = max(last, told)[:7]  # a month is told by the first day after it
    db.execute(
        """INSERT INTO tallies (table_name, side, visits)
           SELECT substr(table_name, 1, length(table_name) - 8) || ':' || :month, side, visits FROM tallies
           WHERE substr(table_name, -8) = :none
           ON CONFLICT (table_name, side) DO UPDATE SET visits = visits + excluded.visits""",
        {"none": f":{undated.NO_MONTH}", "month": month},
    )
    db.execute("DELETE FROM tallies WHERE substr(table_name, -8) = ?", (f":{undated.NO_MONTH}",))
