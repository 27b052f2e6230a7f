"""Writes what the rules order to the store, in order, and again when the disk refused: nothing counted is lost.

It mirrors the live row, because the end of a session needs the answers and the way in, which the rules do not keep.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from kiosk.clock import Reading
from kiosk.errors import KioskError
from kiosk.lean_sqlite import Database
from kiosk.rules import effects as do
from kiosk.rules.answers import Answers
from kiosk.rules.tallies import tally_rows
from kiosk.store import facts, sessions, tickets, undated
from kiosk.store.sessions import Ended, Live
from kiosk.store.thread import Store

log = logging.getLogger(__name__)

Job = Callable[[Database], object]

# Sessions, extensions and what staff did: a busy PC makes some fifty a day, so this is half a year of a full disk.
# What comes by the minute (opening time, opened guides) is summed up in memory by those who count it.
MOST_UNSAVED = 10_000


class Recorder:
    """The station's way to its memory. `trouble` is what the panel says while writes wait, else None."""

    def __init__(self, store: Store, station: str) -> None:
        self._store, self._station = store, station
        self._unsaved: deque[Job] = deque(maxlen=MOST_UNSAVED)
        self.live: Live | None = store.run(sessions.live)
        self.trouble: KioskError | None = None

    def start(self, effect: do.RecordStart, now: Reading) -> bool:
        """Keep a new session; committed when this returns, unless the disk refuses.

        False for a ticket that could not be used up: then nothing was kept, and the session must not open.
        """
        self.live = Live(
            session=effect.session,
            boot_id=now.boot_id,
            boot_started=now.boot,
            boot_beat=now.boot,
            charged=0.0,
            granted=effect.granted,
            wall_started=now.wall,
            wall_beat=now.wall,
            entry=effect.by,
            trusted=now.trusted,
            beat_trusted=now.trusted,
            time_factor=effect.time_factor,
            prefs=vars(effect.prefs),
            answers={"codes": list(effect.answers.codes())},
        )
        live = self.live
        if effect.ticket:
            return self._start_by_ticket(effect.ticket, live)
        self._write(lambda db: sessions.start(db, live))
        return True

    def _start_by_ticket(self, key: str, live: Live) -> bool:
        """Both in one transaction and now: a start kept for later would leave the ticket good until then."""

        def work(db: Database) -> None:
            tickets.redeem(db, key)
            sessions.start(db, live)

        try:
            if self.retry():
                self._store.run(work)
                return True
        except KioskError as error:
            log.error("a ticket was not taken: %s", error.message)
        self.live = None
        return False

    def beat(self, effect: do.RecordHeartbeat, now: Reading) -> None:
        """Keep what was charged until now. A beat that cannot be written is not kept: the next one says more."""
        if self.live is None or self.live.session != effect.session:
            return
        if self.live.boot_id != now.boot_id:
            self.live = replace(self.live, boot_id=now.boot_id, boot_started=now.boot)
        self.live = replace(self.live, charged=effect.charged, boot_beat=now.boot, wall_beat=now.wall)
        self.live = replace(self.live, beat_trusted=now.trusted)
        if self.retry():
            self._write(lambda db: _beat(db, effect, now), keep=False)

    def extend(self, effect: do.RecordExtension) -> None:
        """Keep the new grant."""
        if self.live is None or self.live.session != effect.session:
            return
        staff = int(effect.by == "staff")
        self.live = replace(
            self.live,
            granted=effect.granted,
            extensions=effect.extensions,
            staff_extensions=self.live.staff_extensions + staff,
        )
        self._write(lambda db: sessions.extend(db, effect.session, effect.granted, staff=bool(staff)))

    def take_back(self, effect: do.RecordTakenBack) -> None:
        """Keep the grant without what staff took back."""
        if self.live is None or self.live.session != effect.session:
            return
        short = max(1, self.live.staff_extensions - 1) if effect.staff_extended else 0
        self.live = replace(self.live, granted=effect.granted, extensions=effect.extensions, staff_extensions=short)
        self._write(
            lambda db: sessions.take_back(
                db, effect.session, effect.granted, effect.extensions, staff_extended=effect.staff_extended
            )
        )

    def note(self, effect: do.RecordNote) -> None:
        """Keep what staff wrote to this citizen, as long as the session lives."""
        if self.live is None or self.live.session != effect.session:
            return
        note = None if effect.note is None else vars(effect.note)
        self.live = replace(self.live, note=note)
        self._write(lambda db: sessions.keep_note(db, effect.session, note))

    def stretch(self, effect: do.RecordFactor) -> None:
        """Keep that this session has longer for everything, as long as it lives."""
        if self.live is None or self.live.session != effect.session:
            return
        self.live = replace(self.live, granted=effect.granted, time_factor=effect.factor)
        self._write(lambda db: sessions.stretch(db, effect.session, effect.factor, effect.granted))

    def printed(self, session: str, pages: int) -> None:
        """Keep how many pages the printer took in this session by now."""
        if self.live is None or self.live.session != session or self.live.pages == pages:
            return
        self.live = replace(self.live, pages=pages)
        self._write(lambda db: sessions.printed(db, session, pages))

    def end(self, effect: do.RecordEnd, now: Reading) -> None:
        """Count the session and forget its answers, in one transaction. Without a date yet, by its boot."""
        live, self.live = self.live, None
        if live is None or live.session != effect.session:
            return
        started = _started(live, now)
        if live.entry == "class":
            place = undated.place(started or replace(now, boot=live.boot_started, boot_id=live.boot_id, trusted=False))
            self._write(lambda db: sessions.end_class(db, live.session, place, round(effect.charged), live.pages))
            return
        ended = Ended(
            day=started.day if started else "",
            hour=started.local.hour if started else 0,
            station=self._station,
            seconds=round(effect.charged),
            reason=effect.reason,
            visit=effect.visit,
            extensions=live.extensions,
            entry=live.entry,
            pages=live.pages,
            trusted=started is not None,
            boot_id=None if started else live.boot_id,
            boot_at=live.boot_started,
        )
        answers = Answers.from_codes(live.answers["codes"]) if live.answers else Answers()
        # The month of this moment, not of the start: that one may have been told, and told again it would differ by
        # this visitor's answer. Without a date now they wait for a month that was not told (redating.py).
        rows = tally_rows(answers, now.day[:7] if now.trusted else undated.NO_MONTH)
        self._write(lambda db: sessions.end(db, live.session, ended, rows))

    def keep(self, job: Job) -> None:
        """Any other write that must not be lost."""
        self._write(job)

    def retry(self) -> bool:
        """Write what waits, oldest first; True when nothing waits any more."""
        while self._unsaved:
            if not self._try(self._unsaved[0]):
                return False
            self._unsaved.popleft()
        return True

    def waiting(self) -> bool:
        """Whether something counted could not be written yet."""
        return bool(self._unsaved)

    def _write(self, job: Job, keep: bool = True) -> None:
        if (not self.retry() or not self._try(job)) and keep:
            self._unsaved.append(job)

    def _try(self, job: Job) -> bool:
        try:
            self._store.run(job)
        except KioskError as error:
            if self.trouble is None:
                log.error("not written, will be tried again: %s", error.message)
            self.trouble = error
            return False
        self.trouble = None
        return True


def _started(live: Live, now: Reading) -> Reading | None:
    """When the session started, as far as that is known: by its own date, or by one that this boot got since."""
    if live.trusted:
        return Reading(live.boot_started, live.boot_id, live.wall_started)
    if now.trusted and now.boot_id == live.boot_id:
        return replace(now, boot=live.boot_started, wall=now.wall - timedelta(seconds=now.boot - live.boot_started))
    return None


def _beat(db: Database, effect: do.RecordHeartbeat, now: Reading) -> None:
    sessions.heartbeat(db, effect.session, effect.charged, now.boot_id, now.boot, now.wall, now.trusted)
    if now.trusted:
        facts.keep_wall(db, now.wall)
