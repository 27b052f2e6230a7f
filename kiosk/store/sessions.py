"""The live session and the visits: two places that nothing joins.

`end` deletes the live row, its answers with it, and counts the visit and the answers in the same transaction, so that
neither is ever lost, counted twice, or found beside the other.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, fields
from datetime import date, datetime
from typing import Any

from kiosk.errors import RefusedError
from kiosk.lean_sqlite import Database
from kiosk.store import undated
from kiosk.store.jobs import forgetting
from kiosk.store.undated import Place
from kiosk.store.usage import add
from kiosk.translations import _

TallyRow = tuple[str, str]  # (table, side), one visit more


@dataclass(frozen=True)
class Live:
    """The session that runs, as it is kept for a restart. All spans in seconds.

    `charged` was right at the last heartbeat, which was `boot_beat` seconds after boot `boot_id` and at `wall_beat`
    (UTC). `entry` is who opened it: citizen, ticket or staff. `trusted`: the date could be used at the start,
    `beat_trusted`: at the last heartbeat.
    """

    session: str
    boot_id: str
    boot_started: float
    boot_beat: float
    charged: float
    granted: float
    wall_started: datetime
    wall_beat: datetime
    extensions: int = 0
    staff_extensions: int = 0
    entry: str = "citizen"
    trusted: bool = True
    beat_trusted: bool = True
    time_factor: float = 1.0
    pages: int = 0
    note: Mapping[str, Any] | None = None
    prefs: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Ended:
    """A session that is over, without its answers and without its id. `day` and `hour` are local, of its start.

    Not `trusted`: they say nothing, and it is kept by boot `boot_id` and the boot second `boot_at` of its start.
    """

    day: str
    hour: int
    station: str
    seconds: int
    reason: str
    visit: bool
    extensions: int = 0
    entry: str = "citizen"
    pages: int = 0
    trusted: bool = True
    boot_id: str | None = None
    boot_at: float = 0.0


def start(db: Database, live: Live) -> None:
    """Keeps a new session; one that is kept already stays as it is. RefusedError when another one runs."""
    started = db.execute(
        """INSERT INTO live (one, session, boot_id, boot_started, boot_beat, charged, granted, extensions,
               staff_extensions, entry, wall_started, wall_beat, trusted, beat_trusted, time_factor, prefs, answers)
           VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (one) DO UPDATE SET session = session WHERE session = excluded.session""",
        (
            live.session,
            live.boot_id,
            live.boot_started,
            live.boot_beat,
            live.charged,
            live.granted,
            live.extensions,
            live.staff_extensions,
            live.entry,
            live.wall_started.isoformat(),
            live.wall_beat.isoformat(),
            int(live.trusted),
            int(live.beat_trusted),
            live.time_factor,
            json.dumps(dict(live.prefs), ensure_ascii=False),
            json.dumps(dict(live.answers), ensure_ascii=False),
        ),
    )
    if started.rowcount != 1:
        raise RefusedError(_("A session is already running here."), _("Wait until it has ended."))


def live(db: Database) -> Live | None:
    """The session that runs, or that ran when the power went."""
    names = [each.name for each in fields(Live)]
    row = db.execute(f"SELECT {', '.join(names)} FROM live").fetchone()
    if row is None:
        return None
    found = dict(zip(names, row, strict=True))
    found |= {name: datetime.fromisoformat(found[name]) for name in ("wall_started", "wall_beat")}
    found |= {name: json.loads(found[name]) for name in ("prefs", "answers", "note")}
    return Live(**found | {name: bool(found[name]) for name in ("trusted", "beat_trusted")})


def heartbeat(
    db: Database, session: str, charged: float, boot_id: str, boot: float, wall: datetime, trusted: bool = True
) -> bool:
    """Notes how much is charged by now; after a resume also the new boot. False when this session does not run."""
    changed = db.execute(
        """UPDATE live SET charged = ?, boot_started = iif(boot_id = ?, boot_started, ?), boot_beat = ?, boot_id = ?,
               wall_beat = ?, beat_trusted = ? WHERE session = ?""",
        (charged, boot_id, boot, boot, boot_id, wall.isoformat(), int(trusted), session),
    )
    return changed.rowcount == 1


def extend(db: Database, session: str, granted: float, *, staff: bool = False) -> bool:
    """Notes more time: `granted` seconds in all from now on. False when this session does not run."""
    changed = db.execute(
        """UPDATE live SET granted = ?, extensions = extensions + 1, staff_extensions = staff_extensions + ?
           WHERE session = ?""",
        (granted, int(staff), session),
    )
    return changed.rowcount == 1


def take_back(db: Database, session: str, granted: float, extensions: int, *, staff_extended: bool) -> bool:
    """Notes that staff took back what they had just added. False when this session does not run."""
    changed = db.execute(
        """UPDATE live SET granted = ?, extensions = ?, staff_extensions = iif(?, max(1, staff_extensions - 1), 0)
           WHERE session = ?""",
        (granted, extensions, int(staff_extended), session),
    )
    return changed.rowcount == 1


@forgetting
def keep_note(db: Database, session: str, note: Mapping[str, Any] | None) -> bool:
    """Keeps what staff wrote to this citizen, or nothing any more. False when this session does not run."""
    text = json.dumps(None if note is None else dict(note), ensure_ascii=False)
    return db.execute("UPDATE live SET note = ? WHERE session = ?", (text, session)).rowcount == 1


@forgetting
def end_class(db: Database, session: str, place: Place, seconds: int, pages: int) -> bool:
    """Ends a class: its time and pages are counted with those of its day, and no visit. False when it does not run."""
    if db.execute("DELETE FROM live WHERE session = ?", (session,)).rowcount != 1:
        return False
    counted = {"seconds": seconds, "minutes": (seconds + 59) // 60, "pages": pages}
    undated.add(db, place, {code: count for code, count in counted.items() if count})
    return True


def stretch(db: Database, session: str, factor: float, granted: float) -> bool:
    """Notes that everything takes `factor` times as long, `granted` seconds in all; no extension is counted."""
    changed = db.execute("UPDATE live SET time_factor = ?, granted = ? WHERE session = ?", (factor, granted, session))
    return changed.rowcount == 1


def printed(db: Database, session: str, pages: int) -> bool:
    """Notes how many pages the printer took by now. False when this session does not run."""
    return db.execute("UPDATE live SET pages = ? WHERE session = ?", (pages, session)).rowcount == 1


@forgetting
def end(db: Database, session: str, ended: Ended, tally_rows: Iterable[TallyRow]) -> bool:
    """Counts a session and forgets its answers. False, and nothing counted, when it is not the one that runs.

    The answers of a session too short to be a visit are dropped.
    """
    if db.execute("DELETE FROM live WHERE session = ?", (session,)).rowcount != 1:
        return False
    record(db, ended, tally_rows)
    return True


def record(db: Database, ended: Ended, tally_rows: Iterable[TallyRow]) -> None:
    """The rows of a session that is over; called inside the transaction that ends it."""
    if ended.trusted == (ended.boot_id is not None):
        raise ValueError("a boot id stays with an untrusted date, and only with one")
    if ended.trusted:
        db.execute(
            """INSERT INTO sessions (day, hour, station, seconds, reason, visit, extensions, entry, pages, trusted)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)""",
            astuple(ended)[:9],
        )
        add(db, ended.day, totals_of(ended))
    else:
        _record_undated(db, ended)
    if ended.visit:
        db.conn.executemany(
            """INSERT INTO tallies (table_name, side, visits) VALUES (?, ?, 1)
               ON CONFLICT (table_name, side) DO UPDATE SET visits = visits + 1""",
            list(tally_rows),
        )


def _record_undated(db: Database, ended: Ended) -> None:
    """Its day is not known, so no day's totals change: redating.py counts it when they may."""
    db.execute(
        """INSERT INTO undated_sessions
               (boot_id, boot_minute, station, seconds, reason, visit, extensions, entry, pages)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (ended.boot_id, int(max(0.0, ended.boot_at) // 60), *astuple(ended)[2:9]),
    )


def totals_of(ended: Ended) -> dict[str, int]:
    """What one session adds to its day: time, pages and ends for every session, the rest for visits only."""
    minutes = (ended.seconds + 59) // 60  # as in the row (schema.py): a minute begun is a minute
    totals = {"seconds": ended.seconds, "minutes": minutes, f"end:{ended.reason}": 1, "pages": ended.pages}
    if ended.visit:
        totals |= {"visits": 1, "extensions": ended.extensions, "assisted": int(ended.entry == "staff")}
    else:
        totals |= {"too_short": 1}
    return totals


def counts(db: Database, day: str) -> tuple[int, int]:
    """Visits of `day`, and of its month up to it."""
    first = date.fromisoformat(day).replace(day=1).isoformat()
    row = db.execute(
        """SELECT coalesce(sum(count) FILTER (WHERE day = ?), 0), coalesce(sum(count), 0) FROM day_totals
           WHERE code = 'visits' AND day BETWEEN ? AND ?""",
        (day, first, day),
    ).fetchone()
    return int(row[0]), int(row[1])


def tallies(db: Database, prefix: str = "") -> dict[TallyRow, int]:
    """Tallied visits by (table, side), of the tables whose name begins with `prefix`."""
    rows = db.execute(
        "SELECT table_name, side, visits FROM tallies WHERE substr(table_name, 1, ?) = ?", (len(prefix), prefix)
    )
    return {(table, side): visits for table, side, visits in rows}
