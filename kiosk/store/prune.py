"""Lets go of the bytes of bundles that the province has: the ledger's line stays, so that nothing is made again.

Only what a verified receipt says is stored, and only once that receipt is older than 35 days by a date that can be
trusted: so long a province that lost its disk can ask for them again (acknowledged.py). Without one nothing goes.
The days count from when the province had it and from when this station heard so, whichever is later: neither clock
alone can let them go at once.
"""

from datetime import datetime, timedelta
from pathlib import Path

from kiosk.clock import Reading
from kiosk.lean_sqlite import Database
from kiosk.store.thread import Store

KEPT_DAYS = 35
SLICE = 50  # bundles in one transaction


def prune(store: Store, outbox: Path, now: Reading) -> int:
    """Takes away bytes and files of bundles that may go; how many. OSError where a file cannot be deleted."""
    if not now.trusted:
        return 0
    gone = 0
    store.run(_hear, now.wall)
    while names := store.run(_let_go, now.wall - timedelta(days=KEPT_DAYS)):
        gone += len(names)
    # Also those that a power cut left: the ledger is first, so a file without bytes there is one that may go.
    for name in {path.name for path in outbox.glob("*.jsonl.gz")} & store.run(_without_bytes):
        (outbox / name).unlink(missing_ok=True)
    return gone


def _let_go(db: Database, before: datetime) -> list[str]:
    rows = db.execute(
        "SELECT name, acknowledged, heard FROM bundles WHERE content IS NOT NULL AND acknowledged IS NOT NULL"
    )
    names = [name for name, *moments in rows if max(map(datetime.fromisoformat, moments)) < before][:SLICE]
    db.conn.executemany("UPDATE bundles SET content = NULL WHERE name = ?", [(name,) for name in names])
    return names


def _hear(db: Database, now: datetime) -> None:
    """What was heard while nobody knew the date counts from now on: at a moment that is to come, or at none."""
    db.execute(
        """UPDATE bundles SET heard = :now WHERE acknowledged IS NOT NULL AND content IS NOT NULL
           AND (heard IS NULL OR julianday(heard) > julianday(:now))""",
        {"now": now.isoformat(timespec="seconds")},
    )


def _without_bytes(db: Database) -> set[str]:
    return {row[0] for row in db.execute("SELECT name FROM bundles WHERE content IS NULL")}
