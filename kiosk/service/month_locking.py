"""Locks months when they are due, and notes what changed in them since. Asked after every look for due bundles.

The PC may be off on the day: then the month is locked when it is on again, by a date that is trusted, and the report
says on which day that was.
"""

import logging
from collections.abc import Sequence
from datetime import date

from kiosk.report import Reports, locked
from kiosk.rules.month_lock import Revision, due, utc
from kiosk.rules.periods import months_period
from kiosk.store import Store, facts, journal, month_locks
from kiosk.store.folding import before
from kiosk.store.month_locks import Lock

log = logging.getLogger(__name__)


class MonthLocks:
    """The months of this station. `look` waits for the store; never call it on the store's thread."""

    def __init__(self, store: Store, reports: Reports) -> None:
        self._store, self._reports = store, reports
        # Month -> what its days were like when it was compared last; so most looks read nothing else.
        self._seen: dict[str, tuple[object, ...]] = {}

    def look(self) -> int:
        """Lock what is due and note what changed; how many of both. KioskError where the disk refuses."""
        now = self._reports.read()
        first = self._store.run(facts.first_use)
        if not now.trusted or first is None:
            return 0
        today = now.local.date()
        kept = before(today, 12 * self._reports.policy.retention.totals_years)
        return self._lock(max(date.fromisoformat(first), kept), today) + self._compare(kept, today)

    def _lock(self, first: date, today: date) -> int:
        policy = self._reports.policy
        starts_on, lock_day = policy.report.month_starts_on, policy.export.lock_day
        months = due(first, today, lock_day, starts_on, self._store.run(month_locks.months))
        for month in months:
            report = self._reports.of(month, starts_on)
            lock = Lock(month.text, month.first.isoformat(), month.last.isoformat(), utc(report.made),
                        locked.told(report), locked.versions(report))  # fmt: skip
            self._store.run(month_locks.keep, lock)
            log.info("locked the figures of %s", month.text)
        return len(months)

    def _compare(self, kept: date, today: date) -> int:
        locks, noted = locked.read(self._store, kept, today)
        return sum(self._compare_one(lock, [one for one in noted if one.month == lock.month], today) for lock in locks)

    def _compare_one(self, lock: Lock, noted: Sequence[Revision], today: date) -> int:
        first, last = date.fromisoformat(lock.first), date.fromisoformat(lock.last)
        here = self._store.submit_later(month_locks.fingerprint, lock.first, lock.last).result()
        written = self._store.submit_later(journal.sums, first, last).result()
        seen = (here, tuple(written.values()), today, self._reports.policy)
        if self._seen.get(lock.month) == seen:
            return 0
        year, number = (int(part) for part in lock.month.split("-"))
        report = self._reports.of(months_period((year, number), (year, number), first.day), first.day)
        found = locked.pending(lock, list(noted), report, locked.since(self._store, lock, noted), utc(report.made))
        if found:
            self._store.run(month_locks.revise, found)
            log.info("%d figures of %s changed after their lock", len(found), lock.month)
        self._seen[lock.month] = seen
        return len(found)
