"""Brings bundles to a folder as they are, for a station that has joined no province.

They bear no signature, so none takes them: with a province the courier brings them (service/way_up.py).
"""

from pathlib import Path

from kiosk.export import destination
from kiosk.export.run import Exporter
from kiosk.store import bundles


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
