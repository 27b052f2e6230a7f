"""One build: which months and days are to be made anew, their rows, their files, and the edition of all of them."""

import ctypes
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.province.lake.edition import EMPTY, About, Edition, File, digest, file_name
from kiosk.province.lake.editions import Editions
from kiosk.province.lake.months import damaged, merged, read_rows, write_rows
from kiosk.province.lake.rollups import ROLLUPS, rolled_up
from kiosk.province.lake.rows import Rows
from kiosk.province.lake.source import Source
from kiosk.province.lake.tables import TABLES, VERSION, described

if TYPE_CHECKING:
    import pyarrow as pa

    from kiosk.province.lake.lake import Told

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # mallopt(3)
COLUMNS = {**{name: table.columns for name, table in TABLES.items()}, **ROLLUPS}


class Building:
    """One build, and what there is to tell of it."""

    def __init__(self, editions: Editions, source: Source, told: "Told") -> None:
        self._editions, self._source, self._told = editions, source, told
        self.months: list[str] = []
        self.mended: list[str] = []
        self.bundles = self.rows = self.files = self.kept = 0
        self.new = False
        self._made: dict[str, File] = {}
        self._incomplete: Counter[str] = Counter()

    def run(self, now: datetime, everything: bool) -> Edition:
        """The edition that says what the source says now: the current one where it does already."""
        _lean()
        before = self._editions.current()
        if everything or before is None or not self._continues(before):
            before = None
        through = self._source.newest()
        plan = self._plan(before, through)
        if before is not None and not plan and not self._lost(before) and before.about.through == through:
            self.kept = len(before.about.files)
            self._editions.clean()  # one that was killed after it had published may have left something
            return before
        part = self._editions.begin([*COLUMNS])
        try:
            self._make(part, before, plan, through)
            about = About(
                self._source.id, through, self._source.stamp(through), now.isoformat(timespec="seconds"),
                files=dict(sorted(self._made.items())), incomplete=dict(sorted(self._incomplete.items())),
            )  # fmt: skip
            edition = self._editions.publish(part, about, described(COLUMNS))
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        self.new = True
        return edition

    def _continues(self, before: Edition) -> bool:
        """Whether it was made of this ledger: in one that was put back by hand, numbers may stand for other bundles."""
        about, source = before.about, self._source
        return (about.ledger, about.version, about.stamp) == (source.id, VERSION, source.stamp(about.through))

    def _plan(self, before: Edition | None, through: int) -> dict[str, dict[str, int]]:
        """Month -> its days to look at -> after which number; 0: the whole day is made anew."""
        if before is None:
            return _by_month(dict.fromkeys(self._source.days(0, through), 0))
        days = dict.fromkeys(self._source.days(before.about.through, through), before.about.through)
        plan = _by_month(days | dict.fromkeys(before.about.incomplete, 0))
        whole = {month: self._is_whole(before, month, month in plan) for month in before.months}
        whole |= {self._looked_at(before): self._is_whole(before, self._looked_at(before), True)} if whole else {}
        self.mended = sorted(month for month, good in whole.items() if not good)
        if self.mended:
            for month, all_days in _by_month(dict.fromkeys(self._source.days(0, through), 0)).items():
                if month in self.mended:
                    plan[month] = all_days
        return plan

    def _looked_at(self, before: Edition) -> str:
        """One month is read to its last byte in every build, each in its turn."""
        return before.months[before.number % len(before.months)]

    def _is_whole(self, before: Edition, month: str, thoroughly: bool) -> bool:
        return all(before.is_whole(name, thoroughly) for name in before.about.files if f"month={month}." in name)

    @staticmethod
    def _lost(before: Edition | None) -> list[str]:
        """Tables whose file without rows is not as it was made."""
        return [name for name in COLUMNS if before is None or not before.is_whole(f"{name}/{EMPTY}", thoroughly=True)]

    def _make(self, part: Path, before: Edition | None, plan: dict[str, dict[str, int]], through: int) -> None:
        for name in self._lost(before):
            self._write(part, name, f"{name}/{EMPTY}", ())
        for month, days in sorted(plan.items()):
            old = before if before is not None and month not in self.mended else None
            self._make_month(part, old, month, days, through)
            self.months.append(month)
        if before is not None:
            kept = {name for name in before.about.files if _month_of(name) not in plan}
            self._keep(part, before, kept - self._made.keys())

    def _keep(self, part: Path, before: Edition, names: set[str]) -> None:
        """The same files in the new edition; copied where the disk knows no links."""
        for name in sorted(names):
            old, new = before.path / name, part / name
            try:
                os.link(old, new)
            except OSError as error:
                if not old.exists():
                    raise damaged(old) from error
                shutil.copyfile(old, new)
                with open(new, "rb") as file:
                    os.fsync(file.fileno())
            self._made[name] = before.about.files[name]
        self.kept += len(names)

    def _make_month(self, part: Path, old: Edition | None, month: str, days: dict[str, int], through: int) -> None:
        rows = Rows(part)
        changed = self._read(rows, month, days, through)
        for number, (name, table) in enumerate(TABLES.items()):
            self._told("write", f"{name} {month}", number, len(TABLES))
            path = None if old is None else old.file(name, month)
            kept = read_rows(path, table.columns) if path is not None and path.exists() else ()
            new = merged(kept, _tables(rows.batches(name)), changed)
            self._write(part, name, file_name(name, month), new)
        rows.remove()
        self._roll_up(part, month)

    def _read(self, rows: Rows, month: str, days: dict[str, int], through: int) -> "dict[date, pa.Array | None]":
        """What PCs told of these days goes into `rows`; by day, whose rows of before no longer count (None: all)."""
        import pyarrow as pa

        changed: dict[date, pa.Array | None] = {}
        for number, (day, after) in enumerate(sorted(days.items())):
            self._told("read", month, number, len(days))
            stored = self._source.of_day(day, after, through)
            rows.take(stored, self._source)
            whose = dict.fromkeys(f"{one.site}_{one.station}" for one in stored)
            changed[date.fromisoformat(day)] = pa.array(list(whose), pa.string()) if after else None
        rows.close()
        self.bundles += rows.bundles
        self._incomplete.update(one.day for one in rows.unreadable)
        return changed

    def _write(self, part: Path, name: str, file: str, tables: "Iterable[pa.Table]") -> None:
        count = write_rows(part / file, COLUMNS[name], tables)
        if not count and not file.endswith(EMPTY):
            (part / file).unlink()
            return
        self._made[file] = File(count, (part / file).stat().st_size, digest(part / file))
        self.rows += count
        self.files += 1

    def _roll_up(self, part: Path, month: str) -> None:
        def read(name: str, columns: tuple[str, ...]) -> "Iterable[pa.Table]":
            path = part / file_name(name, month)
            return read_rows(path, COLUMNS[name], columns) if path.exists() else ()

        self._told("write", f"figures {month}", len(TABLES), len(TABLES))
        for name, table in rolled_up(month, read).items():
            self._write(part, name, file_name(name, month), [table])


def _by_month(days: dict[str, int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for day, after in days.items():
        found.setdefault(day[:7], {})[day] = after
    return found


def _tables(batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.Table]":
    import pyarrow as pa

    for batch in batches:
        yield pa.Table.from_batches([batch])


def _month_of(name: str) -> str:
    return name.partition("month=")[2][:7]


def _lean() -> None:
    """One thread, and memory that goes back to the system when it is not needed, as freed_memory.py has it."""
    import pyarrow as pa

    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        for option, value in ((_MMAP_THRESHOLD, 65_536), (_TRIM_THRESHOLD, 131_072)):
            library.mallopt(option, value)
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    pa.set_memory_pool(pa.system_memory_pool())
