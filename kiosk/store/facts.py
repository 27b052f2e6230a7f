"""Single things the station must remember: a key, a value, nothing about a citizen.

Keys in use: epoch and lineage (random, made with the file), wall (last good wall time, UTC), demo, province
(acknowledged.py), sending and brought (service/way_up.py), replaced and unsure (losses.py), and those below that have a
function of their own.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from kiosk.clock import LOCAL, Reading
from kiosk.lean_sqlite import Database


def get(db: Database, key: str) -> str | None:
    """The value, or None."""
    row = db.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def put(db: Database, key: str, value: str | None) -> None:
    """Keeps a value; None forgets it."""
    if value is None:
        db.execute("DELETE FROM facts WHERE key = ?", (key,))
    else:
        db.execute(
            "INSERT INTO facts (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )


def touch(db: Database) -> None:
    """Changes a row that says nothing (a write of equal bytes would be left out by SQLite)."""
    db.execute(
        """INSERT INTO facts (key, value) VALUES ('touched', '0')
           ON CONFLICT (key) DO UPDATE SET value = iif(value = '0', '1', '0')"""
    )


def epoch(db: Database) -> str:
    """The random id of this file's series of bundles."""
    value = get(db, "epoch")
    assert value is not None, "made with the tables"
    return value


def lineage(db: Database) -> str:
    """The random id of what is remembered here: it stays through copies, restores and new epochs."""
    value = get(db, "lineage")
    assert value is not None, "made with the tables"
    return value


def good_wall(db: Database) -> datetime | None:
    """The last wall time that was trusted."""
    value = get(db, "wall")
    return None if value is None else datetime.fromisoformat(value)


def keep_wall(db: Database, wall: datetime) -> None:
    """Notes a trusted wall time (call only while trusted). A step back by a trusted clock is a correction, and kept."""
    put(db, "wall", wall.isoformat())


def clock(db: Database) -> dict[str, Any]:
    """What was found out about the date in the boot that is named in it; empty before the first time."""
    value = get(db, "clock")
    return {} if value is None else dict(json.loads(value))


def keep_clock(db: Database, found: Mapping[str, Any]) -> None:
    """Keeps that, so that a restart of the service does not forget what its boot knew."""
    put(db, "clock", json.dumps(dict(found)))


def seen(db: Database) -> tuple[datetime, ...]:
    """What the clocks of this PC showed last, trusted or not: where a clock that stood still goes on from."""
    value = get(db, "seen")
    return () if value is None else tuple(datetime.fromisoformat(one) for one in json.loads(value))


def keep_seen(db: Database, walls: Iterable[datetime]) -> None:
    """Keeps what the clocks show."""
    put(db, "seen", json.dumps([wall.isoformat() for wall in walls]))


def first_use(db: Database) -> str | None:
    """The first day of this station, from which on every day has a bundle; None until a date was trusted."""
    return get(db, "first_use")


def keep_first_use(db: Database, today: str) -> str:
    """Notes the first day once: the first with a visit of trusted date, else today (call only while trusted)."""
    known = first_use(db)
    if known is None:
        found = db.execute("SELECT min(day) FROM sessions WHERE trusted = 1 AND day <= ?", (today,)).fetchone()[0]
        known = str(found or today)
        put(db, "first_use", known)
    return known


def lost_until(db: Database, now: Reading) -> None:
    """Notes that what was counted of days before this moment may be lost; its date may not be known yet."""
    put(db, "whole_from", now.day if now.trusted else json.dumps([now.boot_id, now.boot]))


def whole_from(db: Database, now: Reading) -> str:
    """The day from which on everything that was counted is here, "" for ever (call only while trusted)."""
    value = get(db, "whole_from") or ""
    if value.startswith("["):
        boot_id, boot = json.loads(value)
        gone = now.boot - float(boot) if boot_id == now.boot_id else 0.0
        value = (now.wall - timedelta(seconds=gone)).astimezone(LOCAL).date().isoformat()
        put(db, "whole_from", value)
    return value


def out_of_order(db: Database) -> tuple[str, datetime] | None:
    """(reason, since) where a manager has taken the station out of order."""
    value = get(db, "out_of_order")
    if value is None:
        return None
    reason, since = json.loads(value)
    return reason, datetime.fromisoformat(since)


def set_out_of_order(db: Database, reason: str | None, since: datetime) -> None:
    """Takes the station out of order, or with None back into service."""
    put(db, "out_of_order", None if reason is None else json.dumps([reason, since.isoformat()], ensure_ascii=False))


def waiting(db: Database) -> bool:
    """Whether somebody waits for a PC."""
    return get(db, "waiting") is not None


def set_waiting(db: Database, waits: bool) -> None:
    """Notes that somebody waits, or no longer."""
    put(db, "waiting", "1" if waits else None)


def queue(db: Database) -> dict[str, Any]:
    """The waiting numbers, as rules/queue.py understands them."""
    value = get(db, "queue")
    return {} if value is None else dict(json.loads(value))


def keep_queue(db: Database, kept: Mapping[str, Any]) -> None:
    """Keeps them."""
    put(db, "queue", json.dumps(dict(kept)))


def stars(db: Database) -> dict[str, bool]:
    """Items that a manager put forward on the menu (True) or took off (False), the newest first."""
    value = get(db, "stars")
    return {} if value is None else {str(item): bool(on) for item, on in json.loads(value).items()}


def keep_stars(db: Database, chosen: Mapping[str, bool]) -> None:
    """Keeps them, in their order."""
    put(db, "stars", json.dumps(dict(chosen), ensure_ascii=False) if chosen else None)
