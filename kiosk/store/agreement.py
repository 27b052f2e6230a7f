"""Whether a file that passes SQLite's check is still ours: a flipped bit in a name or a key is no damage to SQLite."""

import re
import sqlite3
from functools import cache

from kiosk.lean_sqlite import Database
from kiosk.store.schema import migrations


def agrees(database: Database) -> bool:
    """Whether steps, tables, columns and epoch are as some version of kiosk made them; a newer one may have more."""
    known = [step.name for step in migrations._migrations]
    applied = [step.name for step in migrations.applied(database)]
    if applied[: len(known)] != known[: len(applied)]:
        return False
    epoch = database.execute("SELECT value FROM facts WHERE key = 'epoch'").fetchone()
    if epoch is None or not re.fullmatch("[0-9a-f]{16}", epoch[0]):
        return False
    return len(applied) < len(known) or _expected() <= _columns(database.conn)


@cache
def _expected() -> frozenset[tuple[str, str]]:
    """(table, column) of a file that has taken every step."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrations.apply(Database(connection, strict=True, execute_plugins=False))
        return _columns(connection)
    finally:
        connection.close()


def _columns(connection: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    found = connection.execute(
        """SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_xinfo(tables.name) AS columns
           WHERE tables.type = 'table' AND tables.name NOT GLOB '_sqlite_*'"""
    )
    return frozenset((table, column) for table, column in found)
