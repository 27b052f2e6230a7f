"""Fetching objects one by one into a folder of their own: resumed after a cut, held against hash and length.

`arriving/<sha256>` is whole; `arriving/<sha256>.part` is what came of one so far. Both outlive a cut and a kill, after
which they are read again before they are believed: a power failure may have left anything in them. Nothing else reads
them, so that a library can be changed meanwhile. They are flushed when they are taken over.
"""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from kiosk.content.files import CHUNK, digest_of, no_room
from kiosk.content.updates.refusals import cut_off, not_taken
from kiosk.content.updates.sources import Cut, Gone, Source
from kiosk.content.updates.tree import Ref
from kiosk.translations import _, said_by

# Tries in a row that bring nothing; after one that brings something they are counted anew.
TRIES = 4


class Brake:
    """No more than so many bytes a second; 0 is no brake."""

    def __init__(
        self, rate: int = 0, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._rate, self._clock, self._sleep, self._paid = rate, clock, sleep, 0.0

    def passed(self, count: int) -> None:
        """Told of bytes that came; sleeps as long as they were too fast."""
        if not self._rate:
            return
        now = self._clock()
        self._paid = max(self._paid, now) + count / self._rate
        if self._paid - now > 0.1:
            self._sleep(self._paid - now)


class Fetching:
    """Brings objects from a source. `told`: how many bytes more; `cut`: how often it was cut in this run.

    `brought`: those that were seen to be whole in this run, by their hash; whatever else lies there is not believed.
    """

    def __init__(
        self, source: Source, folder: Path, brake: Brake, told: Callable[[int], None],
        cut: Callable[[int], None] = lambda _n: None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._source, self._folder, self._brake, self._told, self._pause = source, folder, brake, told, pause
        self._cut = cut
        self.moved = self.cuts = 0
        self.brought: dict[str, Path] = {}

    def path(self, ref: Ref) -> Path:
        """Where it lies once it is whole."""
        return self._folder / ref.sha256

    def got(self, ref: Ref) -> int:
        """How many of its bytes are here."""
        for path in (self.path(ref), self._part(ref)):
            if path.exists():
                return min(path.stat().st_size, ref.size)
        return 0

    def bring(self, ref: Ref) -> Path:
        """Have it whole. Interrupted, or DamagedError when what is at the source is not what was signed."""
        target = self.path(ref)
        try:
            if target.exists():
                if ref.sha256 in self.brought or digest_of(target) == (ref.sha256, ref.size):
                    self.brought[ref.sha256] = target
                    return target
                target.unlink()
            self._whole(ref)
            os.replace(self._part(ref), target)
            self.brought[ref.sha256] = target
        except OSError as error:
            raise no_room(self._folder, error) from error
        return target

    def _part(self, ref: Ref) -> Path:
        return self._folder / f"{ref.sha256}.part"

    def _whole(self, ref: Ref) -> None:
        tries = anew = 0
        while True:
            begun = self.got(ref)
            try:
                right = self._more(ref)
            except Cut as error:
                self.cuts += 1
                self._cut(self.cuts)
                tries = 0 if self.got(ref) > begun else tries + 1
                if tries >= TRIES:
                    raise cut_off(self._source, said_by(error)) from None
                self._pause(min(2.0**tries, 30.0))
                continue
            except Gone:
                raise not_taken(self._source, _("a file is missing there")) from None
            if right:
                return
            self._part(ref).unlink(missing_ok=True)
            # What was kept from before may have been the wrong part: once more, from the beginning.
            anew += 1
            if not begun or anew > 1:
                raise not_taken(self._source, _("a file is not what was signed"))

    def _more(self, ref: Ref) -> bool:
        """Read what is missing; whether the file is whole and right. Cut keeps what came."""
        with open(self._part(ref), "ab+") as file:
            if file.tell() > ref.size:
                file.truncate(0)
            digest, size = _read_again(file)
            if size < ref.size or not size:
                with self._source.open(_place(ref), size) as (start, chunks):
                    if start != size:
                        file.truncate(0)
                        digest, size = hashlib.sha256(), 0
                    if start < 0:
                        return False
                    for chunk in chunks:
                        size += len(chunk)
                        if size > ref.size:
                            return False  # endless, or another file: not one byte more
                        file.write(chunk)
                        digest.update(chunk)
                        self.moved += len(chunk)
                        self._told(len(chunk))
                        self._brake.passed(len(chunk))
                if size < ref.size:
                    raise Cut(_("the connection was cut"))
        return digest.hexdigest() == ref.sha256


def _read_again(file: IO[bytes]) -> "tuple[hashlib._Hash, int]":
    """The hash and number of the bytes that are there; the next ones are written behind them."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest, size


def _place(ref: Ref) -> str:
    return f"objects/{ref.sha256[:2]}/{ref.sha256}"
