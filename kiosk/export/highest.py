"""The last number given to a bundle, noted in a file of its own: whoever restores the store can see a gap."""

from pathlib import Path

from kiosk.export.files import put


def place(store: Path) -> Path:
    """Where it is noted: beside the store, apart from the bundles."""
    return store.with_name("last_bundle")


def mark(store: Path, epoch: str, sequence: int) -> None:
    """Notes it; called before the bundle of that number can be seen by anyone."""
    if marked(store) != (epoch, sequence):
        put(place(store), f"{epoch} {sequence}\n".encode())


def marked(store: Path) -> tuple[str, int] | None:
    """(epoch, sequence) as noted; None where nothing can be read."""
    try:
        epoch, sequence = place(store).read_text(encoding="ascii").split()
        return epoch, int(sequence)
    except (OSError, ValueError):
        return None
