"""Brings bundles to a folder: a share, a synchronised folder, a stick."""

from collections.abc import Iterable
from pathlib import Path

from kiosk.export.files import put, trouble


def open_folder(folder: Path) -> None:
    """The folder is there, or is made inside one that is: a missing mount point is never made up on our own disk."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise trouble(folder, error) from error


def copy(files: Iterable[tuple[str, bytes]], folder: Path) -> list[str]:
    """Writes the (name, bytes) that `folder` does not have yet, each whole; the names that were written."""
    open_folder(folder)
    written = []
    for name, content in files:
        target = folder / name
        try:
            same = target.is_file() and target.read_bytes() == content
        except OSError as error:
            raise trouble(folder, error) from error
        if not same:
            put(target, content)
            written.append(name)
    return written
