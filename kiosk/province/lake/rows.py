"""Bundles become rows: what intake has checked is parsed lightly, and kept by table until it is merged into a month."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.clock import LOCAL
from kiosk.province.lake.lines import Line, figures_of, lines_of
from kiosk.province.lake.source import Source, Stored
from kiosk.province.lake.tables import ARRIVALS, BY_KIND, KEYS, TABLES, Table, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

# What is in memory together: bundles, bytes of them, and their lines. A bundle has some twenty lines as a rule.
BUNDLES, BYTES, LINES = 1_000, 4_000_000, 20_000
DAYS_BEFORE_1970 = date(1970, 1, 1).toordinal()


class Rows:
    """Rows of bundles, waiting in files under `folder` in the order in which they were given."""

    def __init__(self, folder: Path) -> None:
        import pyarrow as pa

        self._folder, self._stack = folder, ExitStack()
        self._options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._writers: dict[str, pa.ipc.RecordBatchFileWriter] = {}
        self._clear()
        self.bundles = 0
        self.unreadable: list[Stored] = []

    def _clear(self) -> None:
        self._whose: list[Stored] = []
        self._waiting = 0
        self._lines: dict[str, list[Line]] = {name: [] for name in TABLES}
        self._of: dict[str, list[int]] = {name: [] for name in TABLES}

    def take(self, stored: Sequence[Stored], source: Source) -> None:
        """All that some PCs told of a day, ordered by site, station, lineage, revision."""
        for some in _some(stored):
            contents = iter(source.contents(some))
            for _pc, told in groupby(some, key=lambda one: (one.site, one.station)):
                known: set[tuple[str, str]] = set()
                for _lineage, revisions in groupby(told, key=lambda one: one.lineage):
                    self._take_lineage(list(revisions), contents, known)
                if self._waiting >= LINES:
                    self.flush()

    def _take_lineage(
        self, revisions: list[Stored], contents: Iterator[bytes | None], known: set[tuple[str, str]]
    ) -> None:
        for one, content in zip(revisions, contents, strict=False):
            lines = self._parsed(one, content)
            newest = one is revisions[-1]
            if lines is None:
                continue
            self._whose.append(one)
            self._waiting += len(lines)
            for line in lines:
                if line["kind"] == "release":
                    if (line["id"], line["table"]) in known:
                        continue
                    known.add((line["id"], line["table"]))
                elif not newest:
                    continue
                self._add(line)
            if newest and content is not None:
                self._arrive(lines[0], revisions, len(content))

    def _parsed(self, one: Stored, content: bytes | None) -> list[Line] | None:
        self.bundles += 1
        try:
            if content is not None:
                return lines_of(content)
        except (ValueError, RecursionError):
            pass
        self.unreadable.append(one)
        return None

    def _add(self, line: Line) -> None:
        table = BY_KIND.get(line["kind"])
        if table is None:
            return
        found = figures_of(line) if table.kind == "lock" else (line,)
        self._lines[table.name] += found
        self._of[table.name] += [len(self._whose) - 1] * len(found)

    def _arrive(self, manifest: Line, revisions: list[Stored], size: int) -> None:
        first, newest = min(one.received for one in revisions), revisions[-1].received
        self._lines[ARRIVALS.name].append(
            {**manifest, "first_received": first, "first_received_on": _local_day(first), "received": newest,
             "received_on": _local_day(newest), "revisions": len(revisions), "bytes": size}
        )  # fmt: skip
        self._of[ARRIVALS.name].append(len(self._whose) - 1)

    def flush(self) -> None:
        """What is in memory goes into the files."""
        if self._whose:
            keys = _keys(self._whose)
            for name, lines in self._lines.items():
                if lines:
                    self._writer(TABLES[name]).write_batch(_batch(TABLES[name], keys, self._of[name], lines))
        self._clear()

    def _writer(self, table: Table) -> "pa.ipc.RecordBatchFileWriter":
        import pyarrow as pa

        if table.name not in self._writers:
            path, schema = str(self._path(table.name)), arrow_schema(table.columns)
            sink = self._stack.enter_context(pa.OSFile(path, "wb"))
            self._writers[table.name] = self._stack.enter_context(pa.ipc.new_file(sink, schema, options=self._options))
        return self._writers[table.name]

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.rows"

    def close(self) -> None:
        """The files are whole."""
        self.flush()
        self._stack.close()

    def batches(self, table: str) -> "Iterator[pa.RecordBatch]":
        """The rows of a table, once closed."""
        import pyarrow as pa

        if table in self._writers:
            with pa.OSFile(str(self._path(table)), "rb") as file, pa.ipc.open_file(file) as reader:
                for number in range(reader.num_record_batches):
                    yield reader.get_batch(number)

    def remove(self) -> None:
        """The files are needed no more."""
        for name in self._writers:
            self._path(name).unlink(missing_ok=True)


def _some(stored: Sequence[Stored]) -> Iterator[Sequence[Stored]]:
    """In parts, none of which begins inside what a PC told."""
    begin = size = 0
    for number, one in enumerate(stored):
        before = stored[number - 1]
        if (number - begin >= BUNDLES or size >= BYTES) and (one.site, one.station) != (before.site, before.station):
            yield stored[begin:number]
            begin, size = number, 0
        size += one.size
    if begin < len(stored):
        yield stored[begin:]


def _days_since_1970(day: str) -> int:
    """Days since 1970, as the files say a date."""
    return date.fromisoformat(day).toordinal() - DAYS_BEFORE_1970


def _local_day(moment: str) -> int:
    return datetime.fromisoformat(moment).astimezone(LOCAL).date().toordinal() - DAYS_BEFORE_1970


def _keys(whose: Iterable[Stored]) -> "pa.RecordBatch":
    import pyarrow as pa

    columns = zip(*((one.site, one.station, _days_since_1970(one.day), one.lineage, one.revision) for one in whose),
                  strict=True)  # fmt: skip
    schema = arrow_schema(KEYS)
    return pa.record_batch([pa.array(list(c), type=t) for c, t in zip(columns, schema.types, strict=True)], schema)


def _batch(table: Table, keys: "pa.RecordBatch", of: list[int], lines: list[Line]) -> "pa.RecordBatch":
    import pyarrow as pa

    schema = arrow_schema(table.columns)
    own = schema.types[len(KEYS) :]
    values = [
        _array([line.get(column.field or column.name) for line in lines], kind)
        for column, kind in zip(table.own, own, strict=True)
    ]
    return pa.record_batch([*keys.take(pa.array(of, type=pa.int32())).columns, *values], schema)


def _array(values: list[Any], kind: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    try:
        return pa.array(values, type=kind)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        # A field that was added later than the check of it: what has not its type is not told.
        meant = str if kind == pa.string() else int
        good = (value if type(value) is meant and _fits(value) else None for value in values)
        return pa.array(list(good), type=kind)


def _fits(value: object) -> bool:
    return not isinstance(value, int) or abs(value) < 2**63
