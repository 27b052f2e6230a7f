"""What staff may do with the journal, from panel or terminal: checked, under a known date, in its month's lock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kiosk.clock import LOCAL, Reading
from kiosk.errors import RefusedError
from kiosk.rules.journal import KINDS
from kiosk.rules.journal_columns import Found, Row, found_in
from kiosk.rules.journal_entry import LONGEST_WORDS, Entry, WrongEntry, check, tidy
from kiosk.rules.month_lock import day_locked
from kiosk.rules.periods import month_of, month_start
from kiosk.rules.policy import Policy
from kiosk.store import Store, facts, journal, journal_import, journal_trace
from kiosk.store.journal import Line
from kiosk.store.journal_trace import Trace
from kiosk.translations import _


@dataclass(frozen=True)
class Standing:
    """What lasts on a day: faults that are open, services on offer, copies on hand (below 0: a box is missing)."""

    faults: list[Line]
    services: list[Line]
    books: int


class Journal:
    """The journal of this site. `policy`: that of now; `read`: the clock."""

    def __init__(self, store: Store, policy: Callable[[], Policy], read: Callable[[], Reading]) -> None:
        self._store, self._policy, self._read = store, policy, read

    @property
    def starts_on(self) -> int:
        """The day on which a reported month begins."""
        return self._policy().report.month_starts_on

    def today(self) -> date:
        """The local day; where the date is not trusted, the last one that was. RefusedError where there was none."""
        now = self._read()
        if now.trusted:
            return now.local.date()
        known = self._store.run(facts.good_wall)
        if known is None:
            raise RefusedError(
                _("The date of this PC cannot be trusted yet."), _("Confirm date and time on the panel.")
            )
        return known.astimezone(LOCAL).date()

    def is_dated(self) -> bool:
        """Whether a day is known that lines may stand under."""
        return self._read().trusted or self._store.run(facts.good_wall) is not None

    def is_locked(self, *days: date) -> bool:
        """Whether one of these days lies in a month that has been reported."""
        policy, today, first = self._policy(), self.today(), self._store.run(facts.first_use)
        if first is None:
            return False
        starts_on = policy.report.month_starts_on
        begun = month_start(
            *month_of(date.fromisoformat(first), starts_on), starts_on
        )  # before it, nothing was reported
        return any(day >= begun and day_locked(day, today, policy.export.lock_day, starts_on) for day in days)

    def checked(self, kind: str, given: Mapping[str, Any]) -> Entry:
        """What was typed as a line. WrongEntry where a field is wrong."""
        return check(kind, given, self.today())

    def add(self, kind: str, given: Mapping[str, Any], who: str, key: str | None = None) -> int:
        """Writes a line; the same `key` again is no second one. RefusedError for a fault that is open already."""
        entry = self.checked(kind, given)
        reason = self._reason(given, entry.day)
        write = journal.report_fault if entry.kind == "fault" else journal.add_entry
        return self._store.run(write, entry, who, self._now(), key, reason)

    def edit(self, number: int, version: int, given: Mapping[str, Any], who: str) -> None:
        """Mends a line. Overtaken where it is not as it was when `version` was shown."""
        known = self.line(number)
        entry = self.checked(known.kind, given)
        reason = self._reason(given, known.day, entry.day)
        self._store.run(journal.edit, number, version, entry, who, self._now(), reason)

    def strike(self, number: int, version: int, given: Mapping[str, Any], who: str) -> None:
        """Strikes a line."""
        reason = self._reason(given, self.line(number).day)
        self._store.run(journal.strike, number, version, who, self._now(), reason)

    def restore(self, number: int, version: int, given: Mapping[str, Any], who: str) -> None:
        """Brings a struck line back."""
        reason = self._reason(given, self.line(number).day)
        self._store.run(journal.restore, number, version, who, self._now(), reason)

    def repaired(self, number: int, version: int, given: Mapping[str, Any], who: str) -> None:
        """Ends a fault today, or a service on offer. Needs no reason: it changes no day before today."""
        known = self.line(number)
        if not KINDS[known.kind].spans or known.until is not None:
            return  # sent twice
        entry = Entry(known.kind, known.day, max(known.day, self.today()), known.numbers, known.words)
        self._store.run(journal.edit, number, version, entry, who, self._now())

    def found_in(self, rows: Sequence[Row]) -> Found:
        """The lines of a table, and its mistakes. UsageError where it is none of ours."""
        return found_in(rows, self.today())

    def take(self, entries: Sequence[Entry], given: Mapping[str, Any], who: str) -> int:
        """Writes the lines of a file, all or none; how many were new. The same line of a file is written once."""
        reason = self._reason(given, *(one.day for one in entries))
        return self._store.run(journal_import.take, entries, who, self._now(), reason)

    def line(self, number: int) -> Line:
        """One line. RefusedError where there is none of that number."""
        found = self._store.run(journal.line, number)
        if found is None:
            raise RefusedError(_("There is no such line in the journal."), _("Look at the journal again."))
        return found

    def lines(self, first: date, last: date, kind: str = "") -> list[Line]:
        """The lines of some days, the newest day first."""
        return self._store.run(journal.lines, first, last, kind)

    def sums(self, first: date, last: date) -> dict[str, int]:
        """The figures of some days up to today."""
        today = self.today()
        return self._store.run(journal.sums, first, min(last, today) if first <= today else last)

    def standing(self) -> Standing:
        """What lasts today."""
        today = self.today()
        run = self._store.run
        faults = [self.line(one.id) for one in run(journal.open_faults)]
        return Standing(faults, run(journal.standing, "offered_service", today), run(journal.books_on_hand, today))

    def trace(self, number: int) -> list[Trace]:
        """What became of a line, the latest change first."""
        return self._store.run(journal_trace.of_line, number)

    def _now(self) -> datetime:
        return self._read().wall

    def _reason(self, given: Mapping[str, Any], *days: date) -> str:
        """The reason that was typed; WrongEntry where a locked month needs one."""
        if not self.is_locked(*days):
            return ""
        reason = tidy(given.get("reason") or "")[:LONGEST_WORDS]
        if not reason:
            raise WrongEntry({"reason": _("This month has been reported. Please write why it changes now.")})
        return reason
