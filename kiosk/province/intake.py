"""The one way in: judged, appended to the archive, noted in the ledger, then answered by signed receipts.

A receipt is given only for what is on the disk: one fsync of the segment and one commit of the ledger for all callers
that wait at the same time. HTTPS, sticks and folders all come this way.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from hashlib import sha256
from itertools import groupby
from math import inf
from threading import Lock

from kiosk.errors import RefusedError
from kiosk.export.batch import Signed
from kiosk.export.signing import Key
from kiosk.province import judging
from kiosk.province.archive import Archive
from kiosk.province.home import Home, load
from kiosk.province.judging import Spoiled
from kiosk.province.ledger import Ledger
from kiosk.province.ledger_rows import seconds
from kiosk.province.looks import Look, Outcome, spoiled_look
from kiosk.province.posting import Posting, known, number_in
from kiosk.province.receipt_texts import Texts, of_looks
from kiosk.province.records import FIRST, Place, Record
from kiosk.translations import _

__all__ = ["Answer", "Intake", "Outcome", "open_intake"]

JUNK_BYTES = 256 << 20
MAX_COMMIT = 4_000  # bundles of one commit: a receipt of all of them is still no more than a text may have


@dataclass(frozen=True, slots=True)
class Answer:
    """Sealed receipts (export/receipts.py) that between them name every bundle, and the outcomes in their order."""

    receipts: list[str]
    outcomes: list[Outcome]


@dataclass(slots=True)
class _Work:
    """What one caller waits for."""

    looks: list[Look]
    done: bool = False
    error: BaseException | None = None
    receipts: list[str] = field(default_factory=list)


class Intake:
    """Takes bundles into a home. Any thread may call `take`; the process holds home.the_one."""

    def __init__(self, home: Home, ledger: Ledger, archive: Archive, key: Key, junk_bytes: int = JUNK_BYTES) -> None:
        """Opens nothing: `recover` is called by the first `take`, or before it. `junk_bytes`: the quota of junk."""
        self.home, self.ledger, self.archive, self.key = home, ledger, archive, key
        self._junk_bytes = junk_bytes
        self._queue: list[_Work] = []
        self._queue_lock, self._turn = Lock(), Lock()
        self.changes = 0  # how often the ledger has been written to since this began
        self._agrees = False  # archive and ledger end at the same record

    def take(self, bundles: Sequence[Signed | Spoiled], now: datetime, way: str = "https") -> Answer:
        """Takes them; when it returns, all that the receipts say is on the disk.

        KioskError: the disk takes nothing, and nothing of it was taken. RefusedError: only junk, and too much of it.
        """
        work = _Work(self._look(bundles, now, way))
        with self._queue_lock:
            self._queue.append(work)
        with self._turn:  # who comes first works for all who have come by then
            if not work.done:
                self._work_for_all()
        if work.error is not None:
            raise work.error
        return Answer(work.receipts, [look.outcome() for look in work.looks])

    def recover(self) -> int:
        """After a crash: judges what the ledger does not know of the archive, cuts what is torn; how many it judged.

        DamagedError when bytes are missing that the ledger has a row for.
        """
        with self._turn:
            return self._recover()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction of the ledger for what officers decide about bundles; nothing is taken in meanwhile."""
        with self._turn:
            if not self._agrees:
                self._recover()
            with self.ledger.writing() as db:
                yield db
            self.changes += 1

    def close(self) -> None:
        """Closes ledger and archive."""
        with self._turn:
            self.archive.close()
            self.ledger.close()

    def _look(self, bundles: Sequence[Signed | Spoiled], now: datetime, way: str) -> list[Look]:
        """Everything that can be found out without waiting for others. Proved first; only what is new is unpacked."""
        at, latest = seconds(now), judging.last_day(now)
        looks = [self._proved(one, at, way) for one in bundles]
        with self.ledger.reading() as db:
            before = self.changes
            new = [look for look in looks if look.proved and known(db, look) is None]
        for look in new:
            assert look.key is not None
            look.new_at = before
            look.verdict = judging.content(look.bundle, look.key, latest)
        return looks

    def _proved(self, one: Signed | Spoiled, at: int, way: str) -> Look:
        if isinstance(one, Spoiled):
            return spoiled_look(one, at, way)
        key = self.ledger.key(one.key)
        return Look(one, sha256(one.content).digest(), at, way, key, judging.proof(one, key))

    def _work_for_all(self) -> None:
        while True:
            with self._queue_lock:
                works = self._next_works()
            if not works:
                return
            try:
                self._commit(works)
            except BaseException as error:
                for work in works:
                    work.error = error
            finally:
                for work in works:
                    work.done = True

    def _next_works(self) -> list[_Work]:
        count, number = 0, 0
        while number < len(self._queue) and (not number or count + len(self._queue[number].looks) <= MAX_COMMIT):
            count += len(self._queue[number].looks)
            number += 1
        works, self._queue = self._queue[:number], self._queue[number:]
        return works

    def _commit(self, works: list[_Work]) -> None:
        if not self._agrees:
            self._recover()
        with self.ledger.reading() as db:
            room = self._junk_bytes - number_in(db, "junk")
        new = self._new(works, room)
        texts = Texts(self.key)
        if new:
            groups = self._keep(works, new)
            for looks in groups:
                texts.add(looks[0].receipt, of_looks(looks))
        with self.ledger.reading() as db:
            for work in works:
                if work.error is None:
                    for look in work.looks:
                        if look.twin is not None:
                            look.settle("duplicate", look.twin.receipt, look.twin.code)
                    numbers = sorted({look.receipt for look in work.looks})
                    work.receipts = [texts.get(db, number) for number in numbers]

    def _new(self, works: list[_Work], room: float) -> list[Look]:
        """What has to be kept: neither known, nor the same as another one of these, nor junk beyond `room` bytes."""
        first: dict[object, Look] = {}
        dropped: list[Look] = []
        with self.ledger.reading() as db:
            for look in (look for work in works for look in work.looks):
                if look.new_at != self.changes and (before := known(db, look)) is not None:
                    look.settle("duplicate", *before)
                elif look.name in first:
                    look.twin = first[look.name]
                elif look.proved or (room := room - len(look.bundle.content)) >= 0:
                    first[look.name] = look
                else:
                    look.dropped = True
                    dropped.append(look)
        if dropped:
            _refuse(works)
        refused = {id(look) for work in works if work.error for look in work.looks}
        return [*first.values(), *(look for look in dropped if id(look) not in refused)]

    def _keep(self, works: list[_Work], new: list[Look]) -> list[list[Look]]:
        """Brings new bundles to the disk, then into the ledger; by receipt."""
        groups: dict[int | None, list[Look]] = {}
        for look in new:
            groups.setdefault(look.owner, []).append(look)
        for at, looks in _by_time([look for look in new if not look.dropped]):
            places = self.archive.append([look.bundle for look in looks], at)
            for look, place in zip(looks, places, strict=True):
                look.place = place.number
        end = self.archive.sync()
        self._enter(list(groups.values()), end)
        return list(groups.values())

    def _enter(self, groups: list[list[Look]], end: Place) -> None:
        self._agrees = False
        with self.ledger.writing(keys=False) as db:
            posting = Posting(db)
            for looks in groups:
                posting.receipt(looks[0].owner, looks)
            posting.close(end)
            self.changes += 1
        self._agrees = True

    def _recover(self) -> int:
        with self.ledger.reading() as db:
            committed = Place.of(number_in(db, "archive_end") or FIRST.number)
        self.archive.recover(committed)
        count, looks = 0, list[Look]()
        for record in self.archive.records(committed):
            looks.append(self._recovered(record))
            if len(looks) == MAX_COMMIT:
                count += self._adopt(looks, record.next)
                looks = []
        if looks:
            count += self._adopt(looks, self.archive.end)
        self._agrees = True
        return count

    def _recovered(self, record: Record) -> Look:
        look = self._proved(record.bundle, record.received, "archive")
        look.place = record.place.number
        if look.proved and look.key is not None:
            then = datetime.fromtimestamp(record.received, timezone.utc)
            look.verdict = judging.content(look.bundle, look.key, judging.last_day(then))
        return look

    def _adopt(self, looks: list[Look], end: Place) -> int:
        """Enters records that are in the archive already; those that the ledger knows all the same stay as they are."""
        new = self._new([_Work(looks)], inf)
        groups: dict[int | None, list[Look]] = {}
        for look in new:
            groups.setdefault(look.owner, []).append(look)
        self._enter(list(groups.values()), end)
        return len(new)


def _refuse(works: list[_Work]) -> None:
    """No room for junk: who brought nothing else is refused, of the others it is told as refused and not kept."""
    for work in works:
        if all(look.dropped for look in work.looks):
            work.error = RefusedError(
                _("Too much has come that nobody known has signed."),
                _("Look at it: kiosk province quarantine list."),
            )


def _by_time(looks: list[Look]) -> list[tuple[int, list[Look]]]:
    return [(at, list(found)) for at, found in groupby(looks, key=lambda look: look.at)]


def open_intake(home: Home) -> Intake:
    """Ledger, archive and key of a home as one intake, recovered. KioskError when something of it is missing."""
    junk = load(home.path).quarantine.junk_mb << 20
    key = Key.load(home.key)
    intake = Intake(home, Ledger(home), Archive(home), key, junk)
    try:
        intake.recover()
    except BaseException:
        intake.close()
        raise
    return intake
