"""Archive and ledger as one: first the bytes are on the disk, then the row that tells of them; never the other way.

Whatever goes wrong between the two, or ends the process, is mended before anything else is kept: what is torn is cut
off, and whole records without a row are judged as if they had come again.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from itertools import groupby
from math import inf

from kiosk.province.intake import judging
from kiosk.province.intake.looks import Look, look_at
from kiosk.province.intake.posting import Posting, known, number_in
from kiosk.province.memory.archive import Archive
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.records import FIRST, Place, Record

MOST = 4_000  # bundles of one commit: a receipt of all of them is still no more than a text may have


class Keeping:
    """Of one thread at a time, who holds the turn (intake.py). `changes`: how often it has written to the ledger."""

    def __init__(self, ledger: Ledger, archive: Archive) -> None:
        self.ledger, self.archive = ledger, archive
        self.changes = 0
        self._agrees = False  # archive and ledger end at the same record

    def keep(self, new: list[Look]) -> list[list[Look]]:
        """Brings new bundles to the disk, then into the ledger; by receipt. KioskError: nothing of them is kept."""
        self.make_agree()
        self._agrees = False
        for at, looks in groupby((look for look in new if not look.dropped), key=lambda look: look.at):
            some = list(looks)
            for look, place in zip(some, self.archive.append([one.bundle for one in some], at), strict=True):
                look.place = place.number
        return self._enter(new, self.archive.sync())

    def make_agree(self) -> None:
        """Mends what a failure has left, where there was one."""
        if not self._agrees:
            self.recover()

    def recover(self) -> int:
        """Judges what the ledger does not know of the archive, cuts what is torn; how many it judged.

        DamagedError when bytes are missing that the ledger has a row for.
        """
        with self.ledger.reading() as db:
            committed = Place.of(number_in(db, "archive_end") or FIRST.number)
        self.archive.recover(committed)
        count, looks = 0, list[Look]()
        for record in self.archive.records(committed):
            looks.append(self._found(record))
            if len(looks) == MOST:
                count += self._adopt(looks, record.next)
                looks = []
        if looks:
            count += self._adopt(looks, self.archive.end)
        self._agrees = True
        return count

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction of the ledger about bundles that are in the archive already."""
        self.make_agree()
        with self.ledger.writing() as db:
            yield db
        self.changes += 1

    def _found(self, record: Record) -> Look:
        look = look_at(record.bundle, self.ledger.key(record.bundle.key), record.received, "archive")
        look.place = record.place.number
        if look.proved and look.key is not None:
            then = datetime.fromtimestamp(record.received, timezone.utc)
            look.verdict = judging.content(look.bundle, look.key, judging.last_day(then))
        return look

    def _adopt(self, looks: list[Look], end: Place) -> int:
        """Enters records that are in the archive already; what the ledger knows all the same stays as it is."""
        with self.ledger.reading() as db:
            new, _dropped = sift(db, looks, self.changes, inf)
        self._enter(new, end)
        return len(new)

    def _enter(self, new: list[Look], end: Place) -> list[list[Look]]:
        groups: dict[int | None, list[Look]] = {}
        for look in new:
            groups.setdefault(look.owner, []).append(look)
        with self.ledger.writing(keys=False) as db:
            posting = Posting(db)
            for owner, looks in groups.items():
                posting.receipt(owner, looks)
            posting.close(end)
            self.changes += 1
        self._agrees = True
        return list(groups.values())


def sift(db: sqlite3.Connection, looks: Iterable[Look], changes: int, room: float) -> tuple[list[Look], list[Look]]:
    """What is new of them, and of that the junk that finds no room in so many bytes.

    What is known is settled, and of the same bytes all but the first are twins of it. `changes` as in Keeping: what
    was not known after so many is not asked for again.
    """
    first: dict[object, Look] = {}
    dropped: list[Look] = []
    for look in looks:
        if look.new_at != changes and (before := known(db, look)) is not None:
            look.settle("duplicate", *before)
        elif look.name in first:
            look.twin = first[look.name]
        elif look.proved or (room := room - look.room) >= 0:
            first[look.name] = look
        else:
            look.dropped = True
            dropped.append(look)
    return list(first.values()), dropped
