"""A month of a table as one Parquet file: what is there already, without the PCs that told a day anew, and their rows.

The bytes depend on the rows alone: rows by day, site, station, lineage and as the bundle has them, cut into groups of
always the same size, written by one thread, with no time stamp. A day of a table is the most that is in memory.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.errors import DamagedError
from kiosk.province.lake.tables import Column, arrow_schema
from kiosk.translations import _

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

GROUP = 65_536  # rows of a group: what an engine reads at once, and what is held until it is full
BATCH = 16_384  # rows that are read at once
ORDER = ("site", "station", "lineage")

# By day the PCs that told it anew, as "site_station" (a station's name has no "_"); None: all of them.
Changed = Mapping[date, "pa.Array | None"]


class Groups:
    """A Parquet file that is being written, flushed to the disk when it is closed."""

    def __init__(self, path: Path, columns: tuple[Column, ...]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.rows = 0
        self._schema = arrow_schema(columns)
        self._file = open(path, "wb")  # noqa: SIM115 (closed in close)
        self._writer = pq.ParquetWriter(
            pa.PythonFile(self._file, "w"), self._schema, compression="zstd", compression_level=3, version="2.6",
            store_schema=False,
        )  # fmt: skip
        self._waiting: list[pa.Table] = []
        self._count = 0

    def add(self, table: "pa.Table") -> None:
        """More rows, behind those before."""
        self._waiting.append(table)
        self._count += table.num_rows
        while self._count >= GROUP:
            self._write(GROUP)

    def _write(self, rows: int) -> None:
        import pyarrow as pa

        whole = pa.concat_tables(self._waiting)
        self._writer.write_table(whole.slice(0, rows).combine_chunks(), row_group_size=GROUP)
        self._waiting = [whole.slice(rows)] if self._count > rows else []
        self._count -= rows
        self.rows += rows

    def close(self) -> None:
        """The file is whole and on the disk. OSError where there is no room."""
        try:
            if self._count:
                self._write(self._count)
            self._writer.close()
            self._file.flush()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()

    def abandon(self) -> None:
        """The file is of no use any more."""
        try:
            self._writer.close()
        except OSError:
            pass
        self._file.close()


def write_rows(path: Path, columns: tuple[Column, ...], tables: "Iterable[pa.Table]") -> int:
    """A new file with these rows; how many there are. With none, the file still says the columns."""
    groups = Groups(path, columns)
    try:
        for table in tables:
            groups.add(table)
    except BaseException:
        groups.abandon()
        raise
    groups.close()
    return groups.rows


def merged(old: "Iterable[pa.Table]", new: "Iterable[pa.Table]", changed: Changed) -> "Iterator[pa.Table]":
    """Day by day the rows of both; of the old ones none of a PC that told the day anew."""
    before, after = by_day(old), by_day(new)
    left, right = next(before, None), next(after, None)
    while left is not None or right is not None:
        day = min(one[0] for one in (left, right) if one is not None)
        kept = fresh = None
        if left is not None and left[0] == day:
            kept, left = _without(left[1], changed[day]) if day in changed else left[1], next(before, None)
        if right is not None and right[0] == day:
            fresh, right = right[1], next(after, None)
        yield _together(kept, fresh)


def by_day(tables: "Iterable[pa.Table]") -> "Iterator[tuple[date, pa.Table]]":
    """Rows that are ordered by day, a day at a time."""
    import pyarrow as pa

    parts: list[pa.Table] = []
    here: date | None = None
    for table in tables:
        for day, part in _runs(table):
            if day != here and here is not None:
                yield here, pa.concat_tables(parts)
                parts = []
            here = day
            parts.append(part)
    if here is not None:
        yield here, pa.concat_tables(parts)


def _runs(table: "pa.Table") -> "Iterator[tuple[date, pa.Table]]":
    import pyarrow.compute as pc

    if not table.num_rows:
        return
    runs = pc.run_end_encode(table["day"].combine_chunks())
    begin = 0
    for day, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        yield day, table.slice(begin, end - begin)
        begin = end


def _without(table: "pa.Table", changed: "pa.Array | None") -> "pa.Table":
    import pyarrow.compute as pc

    if changed is None:
        return table.slice(0, 0)
    who = pc.binary_join_element_wise(table["site"], table["station"], "_")
    return table.filter(pc.invert(pc.is_in(who, value_set=changed)))


def _together(kept: "pa.Table | None", fresh: "pa.Table | None") -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as pc

    tables = [one for one in (kept, fresh) if one is not None and one.num_rows]
    if len(tables) < 2:
        return tables[0] if tables else kept if kept is not None else fresh
    whole = pa.concat_tables(tables)
    # A stable sort: the lines of a bundle stay as they stand in it.
    return whole.take(pc.sort_indices(whole, sort_keys=[(name, "ascending") for name in ORDER]))


def read_rows(path: Path, columns: tuple[Column, ...], only: Sequence[str] = ()) -> "Iterator[pa.Table]":
    """The rows of a file of ours, some at a time; `only` some of its columns.

    DamagedError when it is none, or has other columns.
    """
    import pyarrow as pa

    names = list(only) or None
    try:
        with _opened(path) as file:
            if not file.schema_arrow.equals(arrow_schema(columns)):
                raise damaged(path)
            for batch in file.iter_batches(batch_size=BATCH, columns=names, use_threads=False):
                yield pa.Table.from_batches([batch])
    except (pa.ArrowException, OSError, ValueError) as error:
        raise damaged(path) from error


def _opened(path: Path) -> "pq.ParquetFile":
    import pyarrow.parquet as pq

    return pq.ParquetFile(path, memory_map=False, pre_buffer=False)


def damaged(path: Path) -> DamagedError:
    """What is said of a file of the lake that cannot be read."""
    return DamagedError(
        _("{path} of the lake is damaged.", path=path),
        _("It is made anew from the archive: kiosk province rebuild --all."),
    )
