"""The tables of answers as rules/disclosure.py keeps them: the month's end, releases, and what is HELD.

New answers lie in `tallies` by month until that month's end, then in windows. HELD is only ever told as of the last
month's end, and of a child only what its parents' releases have handed to it: anything more would tell an answer.
"""

from collections.abc import Mapping

from kiosk.clock import Reading
from kiosk.lean_sqlite import Database
from kiosk.rules import disclosure as rule
from kiosk.rules.disclosure import Books, Limits, Pair, Release, Window
from kiosk.rules.tallies import CHILDREN, MONTHLY, ROOTS, Row
from kiosk.store import facts
from kiosk.store.jobs import forgetting

COLUMNS = "release, table_name, first_day, last_day, yes, no, versions"


def releases(db: Database, first_day: str = "0000-01-01", last_day: str = "9999-12-31") -> list[Release]:
    """Every release whose last day lies in that span: the year or month that it belongs to."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM releases WHERE last_day BETWEEN ? AND ? ORDER BY last_day, table_name, release",
        (first_day, last_day),
    )
    return [Release(*row) for row in rows]


def held(db: Database) -> dict[str, int]:
    """HELD visits of every table as of the last month's end: recorded in it, not released."""
    closed = facts.get(db, "month_closed") or ""
    released = _released(db)
    books = _books(db)
    known = {table: books.windows[table].visits if table in books.windows else 0 for table in ROOTS}
    for table, visits in db.execute("SELECT table_name, visits FROM held WHERE month <= ?", (closed,)):
        known[table] += visits
    for child in CHILDREN:
        known[child] = rule.handed_down(child, released) - sum(released.get(child, (0, 0)))
    return {table: known[table] for table in rule.ORDER}


@forgetting
def month_ends(db: Database, now: Reading, limits: Limits, site: str) -> list[Release]:
    """Closes every month that is over and not closed yet, in order, and returns what that released.

    One transaction, and nothing the second time. None while the date is not trusted.
    """
    if not now.trusted:
        return []
    agree(db, limits, site)
    last, this = rule.last_month(now.day), now.day[:7]
    closed = facts.get(db, "month_closed")
    if closed is not None and closed > last:
        # A clock that was wrong and trusted has closed months that have not come; what they held is closed already.
        facts.put(db, "month_closed", last)
    month = rule.next_month(closed) if closed else facts.keep_first_use(db, now.day)[:7]
    issued = []
    while month <= last:
        issued += _close(db, month, this, limits)
        month = rule.next_month(month)
    return issued


@forgetting
def agree(db: Database, limits: Limits, site: str) -> bool:
    """Holds everything when tables, order, k, B or the site are no longer those that it was counted under."""
    meant, known = rule.fingerprint(limits, site), facts.get(db, "disclosure")
    if known == meant:
        return False
    facts.put(db, "disclosure", meant)
    if known is not None:
        hold_all(db, "policy")
    return known is not None


@forgetting
def hold_all(db: Database, reason: str, until: str = "9999-12") -> None:
    """Makes every open window HELD for good: its visits stay counted, their answers are forgotten, tables start empty.

    `reason`: restore, policy or codes. `until`: the last month whose new answers are meant too; by default all.
    """
    month = facts.get(db, "month_closed") or ""
    books = _books(db)
    for table in ROOTS:
        _hold(db, table, month, reason, books.windows[table].visits if table in books.windows else 0)
    for name, of, row, visits in _new(db):
        if of <= until:
            if row[0] in ROOTS:
                _hold(db, row[0], max(of, month), reason, visits)
            _forget(db, name)
    db.execute("DELETE FROM windows")
    db.execute("DELETE FROM pending")


def adopt(db: Database, release: Release) -> bool:
    """Takes back a release that left before a copy of this file was made older by a restore; False if it is known.

    What the copy had HELD of that table up to then went out with it, so it is HELD no longer.
    """
    new = db.execute(
        f"INSERT INTO releases ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", _values(release)
    )
    if new.rowcount != 1:
        return False
    db.execute(
        "DELETE FROM held WHERE table_name = ? AND month <= ? AND cause = 'restore'",
        (release.table, release.last_day[:7]),
    )
    return True


def _close(db: Database, month: str, this: str, limits: Limits) -> list[Release]:
    """One month's end. Answers of months that cannot be (a wrong clock) are counted in the first that ends."""
    new: dict[Row, int] = {}
    for name, of, row, visits in _new(db):
        if of <= month or of > this:
            new[row] = new.get(row, 0) + visits
            _forget(db, name)
    for table, reason, visits in db.execute(
        "DELETE FROM held WHERE month > ? RETURNING table_name, cause, visits", (this,)
    ).fetchall():
        _hold(db, table, month, reason, visits)
    books, issued = rule.month_end(_books(db), new, month, limits)
    _keep(db, books)
    facts.put(db, "month_closed", month)
    if rule.codes_change(month):
        hold_all(db, "codes", until=month)
    return [_issue(db, release) for release in issued]


def _new(db: Database) -> list[tuple[str, str, Row, int]]:
    """(name, month, row, visits) of the answers that no month's end has counted; a month of "" is any."""
    found = []
    for name, side, visits in db.execute("SELECT table_name, side, visits FROM tallies").fetchall():
        table, _colon, month = name.partition(":")
        if table not in MONTHLY:
            found.append((name, month if month[:1].isdigit() else "", (table, side), visits))
    return found


def _forget(db: Database, name: str) -> None:
    db.execute("DELETE FROM tallies WHERE table_name = ?", (name,))


def _hold(db: Database, table: str, month: str, reason: str, visits: int) -> None:
    if visits:
        db.execute(
            """INSERT INTO held (table_name, month, cause, visits) VALUES (?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET visits = visits + excluded.visits""",
            (table, month, reason, visits),
        )


def _books(db: Database) -> Books:
    kept = db.execute("SELECT table_name, first_day, yes, no, since FROM windows")
    windows = {table: Window(*window) for table, *window in kept}
    parts = db.execute("SELECT table_name, waits_for, yes, no FROM pending")
    pending = {(table, waits_for): (yes, no) for table, waits_for, yes, no in parts}
    return Books(windows, pending)


def _keep(db: Database, books: Books) -> None:
    db.execute("DELETE FROM windows")
    db.execute("DELETE FROM pending")
    rows = [(name, one.first_day, one.yes, one.no, one.since) for name, one in books.windows.items()]
    db.conn.executemany("INSERT INTO windows (table_name, first_day, yes, no, since) VALUES (?, ?, ?, ?, ?)", rows)
    parts = [(*key, *pair) for key, pair in books.pending.items()]
    db.conn.executemany("INSERT INTO pending (table_name, waits_for, yes, no) VALUES (?, ?, ?, ?)", parts)


def _issue(db: Database, release: Release) -> Release:
    number = str(db.execute("SELECT lower(hex(randomblob(8)))").fetchone()[0])
    issued = Release(number, *_values(release)[1:])
    db.execute(f"INSERT INTO releases ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", _values(issued))
    return issued


def _values(one: Release) -> tuple[str, str, str, str, int, int, str]:
    return one.id, one.table, one.first_day, one.last_day, one.yes, one.no, one.versions


def _released(db: Database) -> Mapping[str, Pair]:
    rows = db.execute("SELECT table_name, sum(yes), sum(no) FROM releases GROUP BY table_name")
    return {table: (yes, no) for table, yes, no in rows}
