"""The one way in: judged, appended to the archive, noted in the ledger, then answered by signed receipts.

A receipt is given only for what is on the disk: one fsync of the segment and one commit of the ledger for all callers
that wait at the same time. HTTPS, sticks and folders all come this way.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from kiosk.errors import RefusedError
from kiosk.export.batch import Signed
from kiosk.export.signing import Key
from kiosk.province.home import Home, key_is_lost, load
from kiosk.province.intake import judging
from kiosk.province.intake.judging import Spoiled
from kiosk.province.intake.looks import Look, Outcome, look_at, spoiled_look
from kiosk.province.intake.posting import known, number_in
from kiosk.province.intake.receipt_texts import Texts
from kiosk.province.memory.archive import Archive
from kiosk.province.memory.keeping import MOST, Keeping, sift
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import seconds
from kiosk.translations import _

__all__ = ["Answer", "Intake", "Outcome", "open_intake"]

JUNK_BYTES = 256 << 20


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
        self.keeping = Keeping(ledger, archive)
        self._junk_bytes = junk_bytes
        self._queue: list[_Work] = []
        self._queue_lock, self._turn = Lock(), Lock()

    def take(self, bundles: Sequence[Signed | Spoiled], now: datetime, way: str = "https") -> Answer:
        """Takes them; when it returns, all that the receipts say is on the disk.

        KioskError: the disk takes nothing; nothing was promised. RefusedError: only junk, and too much of it.
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
            return self.keeping.recover()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction of the ledger for what officers decide about bundles; nothing is taken in meanwhile."""
        with self._turn, self.keeping.changing() as db:
            yield db

    def close(self) -> None:
        """Closes ledger and archive."""
        with self._turn:
            self.archive.close()
            self.ledger.close()

    def _look(self, bundles: Sequence[Signed | Spoiled], now: datetime, way: str) -> list[Look]:
        """Everything that can be found out without waiting for others. Proved first; only what is new is unpacked."""
        at, latest = seconds(now), judging.last_day(now)
        looks = [
            spoiled_look(one, at, way) if isinstance(one, Spoiled) else look_at(one, self.ledger.key(one.key), at, way)
            for one in bundles
        ]
        with self.ledger.reading() as db:
            changes = self.keeping.changes
            new = [look for look in looks if look.proved and known(db, look) is None]
        for look in new:
            assert look.key is not None
            look.new_at = changes
            look.verdict = judging.content(look.bundle, look.key, latest)
        return looks

    def _work_for_all(self) -> None:
        while works := self._next_works():
            try:
                self._commit(works)
            except BaseException as error:
                for work in works:
                    work.error = error
            finally:
                for work in works:
                    work.done = True

    def _next_works(self) -> list[_Work]:
        with self._queue_lock:
            count = number = 0
            while number < len(self._queue) and (not number or count + len(self._queue[number].looks) <= MOST):
                count += len(self._queue[number].looks)
                number += 1
            works, self._queue = self._queue[:number], self._queue[number:]
        return works

    def _commit(self, works: list[_Work]) -> None:
        self.keeping.make_agree()
        new, texts = self._new(works), Texts(self.key, self.ledger.id)
        for looks in self.keeping.keep(new) if new else ():
            texts.add(looks[0].receipt, looks)
        with self.ledger.reading() as db:
            for work in works:
                if work.error is None:
                    for look in work.looks:
                        if look.twin is not None:
                            look.settle("duplicate", look.twin.receipt, look.twin.code)
                    work.receipts = texts.of(db, work.looks)

    def _new(self, works: list[_Work]) -> list[Look]:
        """What has to be kept. Junk without room: who brought nothing else is refused, of others it is only told."""
        with self.ledger.reading() as db:
            room = self._junk_bytes - number_in(db, "junk")
            new, dropped = sift(db, (look for work in works for look in work.looks), self.keeping.changes, room)
        for work in works:
            if work.looks and all(look.dropped for look in work.looks):
                work.error = RefusedError(
                    _("Too much has come that nobody known has signed."),
                    _("Look who it is: kiosk province quarantine list. For more room: junk_mb in province.toml."),
                )
        refused = {id(look) for work in works if work.error for look in work.looks}
        return [*new, *(look for look in dropped if id(look) not in refused)]


def open_intake(home: Home) -> Intake:
    """Ledger, archive and key of a home as one intake, recovered. KioskError when something of it is missing."""
    junk = load(home.path).quarantine.junk_mb << 20
    if not home.key.exists():
        raise key_is_lost(home)
    key = Key.load(home.key)
    intake = Intake(home, Ledger(home), Archive(home), key, junk)
    try:
        intake.recover()
    except BaseException:
        intake.close()
        raise
    return intake
