"""Brings bundles to a folder as they are, for a station that has joined no province; and says how far the export is.

They bear no signature, so none takes them: with a province the courier brings them (service/way_up.py).
"""

from dataclasses import dataclass
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.export import destination
from kiosk.export.run import Exporter
from kiosk.lean_sqlite import Database
from kiosk.store import bundles
from kiosk.translations import together


@dataclass(frozen=True)
class Status:
    """How far the export is: the latest day with a bundle, days not yet in the folder, and what is wrong."""

    last_day: str | None
    waiting_days: int
    trouble: str | None = None


def deliver(exporter: Exporter) -> int:
    """Copies what the folder `to` has not had yet; how many. KioskError when it is not there or full."""
    if exporter.to is None:
        return 0
    folder = str(exporter.to)
    names = [name for name, _day in exporter.store.run(bundles.undelivered, folder)]
    if not names:
        return 0
    copied = destination.copy(exporter.store.run(bundles.contents, names), exporter.to)
    exporter.store.run(bundles.mark_delivered, names, folder)
    return len(copied)


def export_write_to(exporter: Exporter, folder: Path, mark: bool = True) -> list[str]:
    """Copies every bundle still kept to `folder` (a stick); the names that were not there before.

    `mark`: they count as carried; not so where nobody knows yet whether they go anywhere.
    """
    names = [name for name, _size in exporter.store.run(bundles.files)]
    written = destination.copy(exporter.store.run(bundles.contents, names), folder)
    if mark:
        exporter.store.run(bundles.mark_carried, names, str(folder))
    return written


def export_status(exporter: Exporter, trouble: KioskError | None = None) -> Status:
    """How far the export is; `trouble` is what the last run or delivery raised, if it did."""
    last, waiting = exporter.store.run(_progress, None if exporter.to is None else str(exporter.to))
    return Status(last, waiting, None if trouble is None else together(trouble.message, trouble.hint))


def _progress(db: Database, folder: str | None) -> tuple[str | None, int]:
    return bundles.last_day(db), len({day for _name, day in bundles.undelivered(db, folder)})
