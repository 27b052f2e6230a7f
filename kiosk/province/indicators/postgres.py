"""Where the tables of an edition lie in PostgreSQL, how one comes to it, and what is said where one does not.

They lie in the schema `kiosk` of the database: every table and rollup of the lake with a column `lake_month` before its
own, and `loaded`, which says of which files they were made. Texts are compared byte by byte, as in the lake.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

from kiosk.errors import KioskError, UsageError
from kiosk.province.indicators.engine_words import no_library
from kiosk.province.lake.rollups import ROLLUPS
from kiosk.province.lake.tables import TABLES, Column
from kiosk.translations import _

if TYPE_CHECKING:
    import psycopg

    from kiosk.province.lake.lake import Lake

SCHEMA = "kiosk"
MONTH = "lake_month"
NO_MONTH = "0000-00"  # of what was loaded as a whole, not by months
PATIENCE = 10  # seconds until a server counts as away
_TYPES = {"text": 'text COLLATE "C"', "whole": "bigint", "day": "date"}


def columns(table: str) -> tuple[Column, ...]:
    """Those of a table or rollup of the lake."""
    return ROLLUPS[table] if table in ROLLUPS else TABLES[table].columns


def stamp(lake: "Lake") -> str:
    """Of which files an edition is made: another one has another stamp."""
    files = (f"{name} {file.sha256}\n" for name, file in lake.edition.about.files.items() if "/month=" in name)
    return sha256("".join(sorted(files)).encode()).hexdigest()


def definition(own: tuple[Column, ...]) -> str:
    """The columns as CREATE TABLE wants them."""
    return ", ".join(f'"{column.name}" {_TYPES[column.type]}' for column in own)


@contextmanager
def connected(url: str) -> Iterator["psycopg.Connection"]:
    """A connection within one transaction: it is committed by its user, or nothing has happened."""
    try:
        import psycopg
    except ImportError as error:
        raise no_library(error, "postgres") from error
    try:
        wanted = {"connect_timeout": str(PATIENCE), **psycopg.conninfo.conninfo_to_dict(url)}
    except psycopg.ProgrammingError as error:
        raise UsageError(
            _("This is no address of a PostgreSQL database."),
            _("Write it like this: postgresql://user@host/database. The password belongs into ~/.pgpass."),
        ) from error
    with troubles():
        db = psycopg.connect(**wanted)  # type: ignore[arg-type]
    try:
        db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield db
    finally:
        db.close()


@contextmanager
def troubles() -> Iterator[None]:
    """What a person can do about it when PostgreSQL is away, or not as it must be."""
    import psycopg
    from psycopg import errors

    try:
        yield
    except (errors.DiskFull, errors.OutOfMemory) as error:
        raise KioskError(
            _("PostgreSQL has no room left: {reason}.", reason=_said(error)), _("Make room there and try again.")
        ) from error
    except (errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidSchemaName) as error:
        raise not_loaded() from error
    except errors.InsufficientPrivilege as error:
        raise KioskError(
            _("PostgreSQL does not allow this user to do that: {reason}.", reason=_said(error)),
            _("Let the database's administrator allow it: GRANT CREATE ON DATABASE … TO …."),
        ) from error
    except psycopg.OperationalError as error:
        raise _away(error) from error


def not_loaded() -> KioskError:
    """The tables are not there, or not those of this edition."""
    return KioskError(
        _("The newest edition of the lake is not in this PostgreSQL."),
        _("Bring it there: kiosk province load --to postgresql://user@host/database."),
    )


def _away(error: "psycopg.OperationalError") -> KioskError:
    state = error.pgconn
    if error.sqlstate is None and state is not None and (state.used_password or state.needs_password):
        return KioskError(
            _("PostgreSQL does not accept this user or this password."),
            _("Correct the user in the address, and the password in ~/.pgpass."),
        )
    return KioskError(
        _("PostgreSQL does not answer: {reason}.", reason=_said(error)),
        _("Look whether it is running and whether the address is right, then try again."),
    )


def _said(error: "psycopg.Error") -> str:
    """The last of its lines that asks nothing back; they name hosts and users, never a password."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip() and not line.rstrip().endswith("?")]
    return lines[-1].rstrip(".") if lines else type(error).__name__
