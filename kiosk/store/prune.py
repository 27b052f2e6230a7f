"""Lets go of the bytes of bundles that the province has: the ledger's line stays, so that nothing is made again.

Only what a verified receipt says is stored, and only once that receipt is older than 35 days by a date that can be
trusted: so long a province that lost its disk can ask for them again (acknowledged.py). Without one nothing goes.
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
    while names := store.run(_let_go, now.wall - timedelta(days=KEPT_DAYS)):
        gone += len(names)
    # Also those that a power cut left: the ledger is first, so a file without bytes there is one that may go.
    for name in {path.name for path in outbox.glob("*.jsonl.gz")} & store.run(_without_bytes):
        (outbox / name).unlink(missing_ok=True)
    return gone


def _let_go(db: Database, before: datetime) -> list[str]:
    rows = db.execute("SELECT name, acknowledged FROM bundles WHERE content IS NOT NULL AND acknowledged IS NOT NULL")
    names = [name for name, at in rows if datetime.fromisoformat(at) < before][:SLICE]
    db.conn.executemany("UPDATE bundles SET content = NULL WHERE name = ?", [(name,) for name in names])
    return names


def _without_bytes(db: Database) -> set[str]:
    return {row[0] for row in db.execute("SELECT name FROM bundles WHERE content IS NULL")}
