"""What a backup may not take away from the PC, carried over from the present file when a backup is put in its place."""

from typing import Any

from kiosk.lean_sqlite import Database
from kiosk.store.images import STAYS_HERE

Rows = dict[str, list[tuple[Any, ...]]]


def rows(db: Database) -> Rows:
    """All rows of those tables, as they can be put into others of the same columns."""
    return {table: db.execute(f"SELECT {_columns(db, table)} FROM {table}").fetchall() for table in sorted(STAYS_HERE)}


def put_where_empty(db: Database, kept: Rows) -> None:
    """Puts the rows into those tables that hold none."""
    for table, found in kept.items():
        if found and db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None:
            marks = ", ".join("?" * len(found[0]))
            db.conn.executemany(f"INSERT INTO {table} ({_columns(db, table)}) VALUES ({marks})", found)


def _columns(db: Database, table: str) -> str:
    """Generated columns are left out."""
    names = db.execute("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", (table,))
    return ", ".join(name for (name,) in names)
