"""Files, links and folders put in place whole or not at all, and only where something is different."""

import os
from pathlib import Path

import record

ASIDE = ".before-kiosk"


def folder(path: Path, mode: int = 0o755) -> None:
    """A folder, with what is missing above it; what we made is ours to remove."""
    missing = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    for one in reversed(missing):
        record.note("folders", str(one))
        one.mkdir(mode=mode)


def put(path: Path, content: bytes, mode: int = 0o644) -> bool:
    """A file with this content; False, and nothing is touched, where it is just so."""
    try:
        if not path.is_symlink() and path.read_bytes() == content:
            return False
    except FileNotFoundError:
        pass
    _make_way(path)
    new = path.with_name(path.name + ".kiosk-new")
    with open(new, "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    return True


def link(path: Path, target: str) -> bool:
    """A symbolic link; False, and nothing is touched, where it leads there."""
    if path.is_symlink() and os.readlink(path) == target:
        return False
    _make_way(path)
    new = path.with_name(path.name + ".kiosk-new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(path)
    return True


def _make_way(path: Path) -> None:
    """Before one of ours is put there: it is written down, and somebody else's is set aside."""
    folder(path.parent)
    name = str(path)
    if os.path.lexists(path) and name not in record.noted("files"):
        record.note("aside", name)
        path.rename(path.with_name(path.name + ASIDE))
    record.note("files", name)


def take_away() -> None:
    """All that was put in place, newest first; what had been set aside comes back. Folders go when they are empty."""
    for name in reversed(record.noted("files")):
        path = Path(name)
        path.with_name(path.name + ".kiosk-new").unlink(missing_ok=True)
        kept = path.with_name(path.name + ASIDE)
        if name in record.noted("aside") and os.path.lexists(kept):
            kept.replace(path)
        elif name not in record.noted("aside"):
            path.unlink(missing_ok=True)
    remove_folders()


def remove_folders() -> None:
    """The folders that we made, where nothing lies in them."""
    for name in reversed(record.noted("folders")):
        try:
            Path(name).rmdir()
        except OSError:
            continue
