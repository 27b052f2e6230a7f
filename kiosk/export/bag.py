"""What a courier takes along: bundles out of the outbox, each as the ledger knows it, signed, as many as fit."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from kiosk.export.batch import MAX_BUNDLES, Signed, signed
from kiosk.export.formats import MAX_COMPRESSED
from kiosk.export.signing import Key

Names = list[tuple[str, str]]


class Bag:
    """`missing` is told the name of each file that is not there, or whose bytes are not those of the ledger."""

    def __init__(self, outbox: Path, missing: Callable[[str], None]) -> None:
        self._outbox, self._missing = outbox, missing

    def content(self, name: str, digest: str) -> bytes | None:
        """The bytes of that sha256; None, and told, where the outbox has others or none."""
        try:
            with open(self._outbox / name, "rb") as file:
                content = file.read(MAX_COMPRESSED + 1)
        except OSError:
            content = b""
        if sha256(content).hexdigest() == digest:
            return content
        self._missing(name)
        return None

    def together(self, key: Key, names: Names, size: int) -> tuple[list[tuple[str, Signed]], Names]:
        """The next bundles that fit into a body of `size`, one at least, signed; and what is left after them."""
        batch: list[tuple[str, Signed]] = []
        while names and len(batch) < MAX_BUNDLES:
            name, digest = names[0]
            content = self.content(name, digest)
            if content is not None:
                size -= len(content)
                if batch and size < 0:
                    break
                batch.append((name, signed(key, content)))
            names = names[1:]
        return batch, names
