"""What loads the same lines as the lake does: DuckDB's own loader of JSON lines, and PostgreSQL's COPY.

    lines = write_lines(folder / "lines.jsonl", bundles)      # (site, station, day, bytes of a bundle), one file
    duckdb_loads(lines), postgresql_copies(lines)             # seconds; None where there is no PostgreSQL

Neither checks, replaces nor sums anything: that is what it costs to bring the rows into tables at all. DuckDB writes
one Parquet file for each kind of line; PostgreSQL fills one table of plain columns, from rows that were made before.
"""

import csv
import json
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.province.lake_lines import lines_of
from kiosk.province.lake_tables import BY_KIND

COLUMNS = "site VARCHAR, station VARCHAR, day DATE, kind VARCHAR"
MEMORY = "200MB"


def write_lines(path: Path, bundles: Iterable[tuple[str, str, str, bytes]]) -> Path:
    """All lines of some bundles, each with whose it is, as JSON lines; and beside them the same as CSV for COPY."""
    fields = sorted({column.field for table in BY_KIND.values() for column in table.own} - {"kind"})
    with open(path, "w", encoding="utf-8") as file, open(path.with_suffix(".csv"), "w", encoding="utf-8") as rows:
        writer = csv.writer(rows)
        for site, station, day, content in bundles:
            for line in lines_of(content)[1:]:
                whose = {"site": site, "station": station, "day": day}
                file.write(json.dumps(whose | line, ensure_ascii=False) + "\n")
                values = (line.get(name) for name in fields)
                texts = (json.dumps(one) if isinstance(one, dict) else one for one in values)
                writer.writerow([site, station, day, line["kind"], *texts])
    return path


def duckdb_loads(lines: Path) -> float:
    """Seconds until a Parquet file for each kind of line is on the disk; one thread, as the lake is built by."""
    import duckdb

    out = lines.with_suffix(".duckdb")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    begun = time.monotonic()
    with duckdb.connect(config={"threads": 1, "memory_limit": MEMORY}) as db:
        types = {"text": "VARCHAR", "whole": "BIGINT", "day": "DATE"}
        for kind, table in BY_KIND.items():
            own = {column.field: types[column.type] for column in table.own}
            columns = {"site": "VARCHAR", "station": "VARCHAR", "day": "DATE", "kind": "VARCHAR"} | own
            told = ", ".join(f"'{name}': '{type_}'" for name, type_ in columns.items())
            db.execute(
                f"COPY (SELECT * EXCLUDE kind FROM read_json('{lines}', format = 'newline_delimited', "
                f"columns = {{{told}}}) WHERE kind = '{kind}' ORDER BY day, site, station) "
                f"TO '{out / table.name}.parquet' (FORMAT parquet, COMPRESSION zstd)"
            )
    for path in out.iterdir():
        with open(path, "rb") as file:
            os.fsync(file.fileno())
    return time.monotonic() - begun


def postgresql_copies(lines: Path) -> float | None:
    """Seconds until COPY has the rows in a table; None where PostgreSQL or its user is not there."""
    with _postgresql(lines.with_suffix(".pg")) as ask:
        if ask is None:
            return None
        source = lines.with_suffix(".csv")
        with open(source, encoding="utf-8") as file:
            width = len(next(csv.reader(file)))
        own = ", ".join(f"c{number} TEXT" for number in range(width - 4))
        subprocess.run([*ask, "-c", f"CREATE TABLE lines ({COLUMNS}, {own})"], check=True, stdout=subprocess.DEVNULL)
        begun = time.monotonic()
        with open(source, "rb") as file:
            subprocess.run([*ask, "-c", "COPY lines FROM STDIN (FORMAT csv)"], stdin=file, check=True,
                           stdout=subprocess.DEVNULL)  # fmt: skip
        return time.monotonic() - begun


@contextmanager
def _postgresql(folder: Path) -> Iterator[list[str] | None]:
    """A server of its own on a socket in `folder`, with durable commits; the words that ask it something."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found or os.geteuid() or not any(user.pw_name == "postgres" for user in pwd.getpwall()):
        yield None
        return
    programs, user = found[-1].parent, ["runuser", "-u", "postgres", "--"]
    folder.mkdir(mode=0o755)
    shutil.chown(folder, "postgres")
    data = str(folder / "data")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": folder}
    subprocess.run([*user, programs / "initdb", "-D", data, "-E", "UTF8", "--locale=C.UTF-8"], **quiet)  # type: ignore[call-overload]
    control = [*user, str(programs / "pg_ctl"), "-D", data, "-w"]
    settings = f"-c listen_addresses= -c unix_socket_directories={folder}"
    subprocess.run([*control, "-o", settings, "-l", str(folder / "log"), "start"], **quiet)  # type: ignore[call-overload]
    try:
        yield [*user, str(programs / "psql"), "-q", "-h", str(folder), "-d", "postgres", "-v", "ON_ERROR_STOP=1"]
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)  # type: ignore[call-overload]
