"""An edition of the lake in PostgreSQL: what changed since it was last loaded, month by month, in one transaction.

Whoever asks meanwhile sees the edition of before, as a whole; a load that was cut off has not happened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.errors import RefusedError
from kiosk.province.indicators.postgres import MONTH, SCHEMA, columns, connected, definition, stamp, troubles
from kiosk.province.lake.months import damaged, read_rows
from kiosk.province.lake.rollups import ROLLUPS
from kiosk.province.lake.tables import TABLES, VERSION
from kiosk.translations import _

if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa

    from kiosk.province.lake.edition import File
    from kiosk.province.lake.lake import Lake

# Step, what, done, whole: as the load goes on.
Told = Callable[[str, str, int, int], object]
_LOCK = 0x6B696F736B  # one load at a time, whoever starts it


@dataclass(frozen=True)
class Loaded:
    """What a load did. `files`: months of tables that were put in; `gone`: that are there no more; `rows`: put in."""

    edition: int
    files: int
    gone: int
    rows: int


def load(lake: "Lake", url: str, told: Told = lambda *_: None) -> Loaded:
    """Makes what lies in PostgreSQL the same as the edition. RefusedError where it is not ours."""
    with connected(url) as db, troubles():
        db.execute("SET LOCAL client_min_messages = warning")
        _alone(db)
        before = _before(db)
        files = {name: file for name, file in lake.edition.about.files.items() if "/month=" in name}
        changed = [name for name, file in files.items() if before.get(name) != file.sha256]
        rows = 0
        for number, name in enumerate(changed):
            told("write", name, number, len(changed))
            if name in before:
                _take_out(db, name)
            rows += _put_in(db, lake.edition.path / name, name, files[name])
        gone = [name for name in before if name not in files]
        for name in gone:
            _take_out(db, name)
        _say(db, lake, files)
        db.commit()
        _tidy(db, {name.partition("/")[0] for name in (*changed, *gone)})
    return Loaded(lake.edition.number, len(changed), len(gone), rows)


def _alone(db: "psycopg.Connection") -> None:
    locked = db.execute("SELECT pg_try_advisory_xact_lock(%s)", (_LOCK,)).fetchone()
    if locked != (True,):
        raise RefusedError(
            _("Another load into this PostgreSQL is running."), _("Wait until that has ended, and try again.")
        )


def _before(db: "psycopg.Connection") -> Mapping[str, str]:
    """The files of which the tables were made; the tables are there after this, those of another version empty."""
    there = {name for (name,) in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (SCHEMA,))}
    if there and "loaded" not in there:
        raise RefusedError(
            _("The schema {schema} of this database holds tables that are not of kiosk.", schema=SCHEMA),
            _("Give kiosk a database of its own."),
        )
    if there and db.execute(f"SELECT 1 FROM {SCHEMA}.loaded WHERE version = %s", (VERSION,)).fetchone():
        return dict(db.execute(f"SELECT name, sha256 FROM {SCHEMA}.loaded_files").fetchall())
    for name in there:
        db.execute(f'DROP TABLE {SCHEMA}."{name}"')
    db.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    for name in (*TABLES, *ROLLUPS):
        db.execute(f'CREATE TABLE {SCHEMA}."{name}" ({MONTH} text COLLATE "C" NOT NULL, {definition(columns(name))})')
        db.execute(f'CREATE INDEX ON {SCHEMA}."{name}" ({MONTH})')
    db.execute(f"CREATE TABLE {SCHEMA}.loaded (edition bigint, built text, files text, version bigint)")
    db.execute(f"CREATE TABLE {SCHEMA}.loaded_files (name text PRIMARY KEY, sha256 text NOT NULL)")
    return {}


def _put_in(db: "psycopg.Connection", path: Path, name: str, meant: "File") -> int:
    """The rows of a file. DamagedError when it cannot be read, or has not as many as it was made with."""
    table, month = _parts(name)
    count = 0
    with db.cursor().copy(f'COPY {SCHEMA}."{table}" FROM STDIN (FORMAT csv)') as copy:
        for rows in read_rows(path, columns(table)):
            count += rows.num_rows
            copy.write(_text(rows, month))
        if count != meant.rows:
            raise damaged(path)
    return count


def _text(rows: "pa.Table", month: str) -> bytes:
    """Rows as CSV, the month before them; a number that is not told is empty, an empty text is quoted."""
    import pyarrow as pa
    from pyarrow import csv

    text = pa.BufferOutputStream()
    wanted = csv.WriteOptions(include_header=False, quoting_style="all_valid")
    csv.write_csv(rows.add_column(0, MONTH, pa.repeat(month, rows.num_rows)), text, wanted)
    return bytes(text.getvalue().to_pybytes())


def _take_out(db: "psycopg.Connection", name: str) -> None:
    table, month = _parts(name)
    db.execute(f'DELETE FROM {SCHEMA}."{table}" WHERE {MONTH} = %s', (month,))


def _say(db: "psycopg.Connection", lake: "Lake", files: "Mapping[str, File]") -> None:
    about = lake.edition.about
    db.execute(f"DELETE FROM {SCHEMA}.loaded")
    db.execute(f"DELETE FROM {SCHEMA}.loaded_files")
    db.execute(f"INSERT INTO {SCHEMA}.loaded VALUES (%s, %s, %s, %s)",
               (lake.edition.number, about.built, stamp(lake), VERSION))  # fmt: skip
    with db.cursor().copy(f"COPY {SCHEMA}.loaded_files FROM STDIN") as copy:
        for name, file in files.items():
            copy.write_row((name, file.sha256))


def _tidy(db: "psycopg.Connection", tables: set[str]) -> None:
    """Room of rows that were taken out, and what the planner must know; a load is whole without it."""
    db.autocommit = True
    for table in sorted(tables):
        db.execute(f'VACUUM (ANALYZE) {SCHEMA}."{table}"')


def _parts(name: str) -> tuple[str, str]:
    table, _sep, month = name.removesuffix(".parquet").partition("/month=")
    return table, month
