"""Tickets as staff handle them: made by the sheet, printed, counted, taken back. For web threads and commands.

The codes of a sheet are kept in memory only, so that it can be printed again until this service ends; the store has
nothing but their slow hashes. After that, new numbers take the place of those still good.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kiosk.clock import Reading
from kiosk.errors import RefusedError, UsageError
from kiosk.lean_sqlite import Database
from kiosk.rules.policy import Policy
from kiosk.rules.tickets import DIGITS, SHEET, code_of
from kiosk.store import audit, tickets
from kiosk.store.thread import Store
from kiosk.store.tickets import Sheet
from kiosk.translations import _

MOST_DAYS = 31
# Sheets whose codes are remembered; older ones get new numbers when they are printed again.
REMEMBERED = 40


@dataclass(frozen=True)
class Printed:
    """A sheet with those of its codes that still open a session; `codes` is empty where nobody remembers them."""

    sheet: Sheet
    codes: tuple[str, ...]


class TicketDesk:
    """The tickets of this station. `policy` and `read` are asked anew each time."""

    def __init__(self, store: Store, read: Callable[[], Reading], policy: Callable[[], Policy]) -> None:
        self._store, self.read, self.policy = store, read, policy
        self._codes: dict[int, dict[str, str]] = {}  # sheet -> key -> code
        self._at_work = threading.Lock()

    @property
    def allowed(self) -> bool:
        """Whether tickets are a way in here."""
        return "ticket" in self.policy().entry.ways

    def sheets(self) -> list[Sheet]:
        """All that are remembered, the newest first."""
        return self._store.run(tickets.sheets)

    def make(self, who: str, minutes: float | None = None, days: int | None = None, count: int = 1) -> Printed:
        """New tickets on one sheet; the policy's minutes and days where none are named. Noted without their codes."""
        policy, now = self.policy(), self.read()
        most, wanted = policy.tickets.most_minutes, minutes or policy.session.minutes
        days = policy.tickets.days if days is None else days
        if not 0 < wanted <= max(most, policy.session.minutes) or minutes == 0:
            raise UsageError(_("Minutes go from 1 to {n}.", n=f"{most:g}"), _("Choose another number."))
        if not 0 < days <= MOST_DAYS:
            raise UsageError(_("A ticket is good for 1 to {n} days.", n=MOST_DAYS), _("Choose another number."))
        if not 0 < count <= SHEET:
            raise UsageError(_("A sheet has 1 to {n} tickets.", n=SHEET), _("Choose another number."))
        if not self.allowed:
            raise RefusedError(_("This site does not use tickets."), _('Add "ticket" to [entry] ways in policy.toml.'))

        def keep(db: Database, keys: list[str]) -> int:
            number = tickets.keep(db, keys, wanted, now, tickets.end_of(now, days))
            if number:
                audit.note(db, now.wall, who, "ticket", f"{count} × {wanted:g}")
            return number

        return self.printed(self._with_codes(count, keep))

    def withdraw(self, who: str, number: int) -> int:
        """Make what is unused of a sheet worthless; how many there were."""
        now = self.read()

        def work(db: Database) -> int:
            done = tickets.withdraw(db, number)
            if done:
                audit.note(db, now.wall, who, "ticket_withdraw", str(done))
            return done

        self._codes.pop(number, None)
        return self._store.run(work)

    def renew(self, who: str, number: int) -> Printed:
        """New numbers in the place of those that are still good, for a sheet whose codes nobody remembers."""
        now, old = self.read(), self._sheet(number)
        count = old.open(now.wall.timestamp(), now.trusted)
        if not count:
            raise RefusedError(_("None of these tickets is good any more."), _("Make new ones."))

        def keep(db: Database, keys: list[str]) -> int:
            new = tickets.replace(db, number, keys, now)
            if new:
                audit.note(db, now.wall, who, "ticket_renew", str(count))
            return new

        return self.printed(self._with_codes(count, keep))

    def printed(self, number: int) -> Printed:
        """A sheet and its codes that are still good. RefusedError for one that is not there."""
        found, now = self._sheet(number), self.read()
        codes = self._codes.get(number, {})
        if not codes or not found.open(now.wall.timestamp(), now.trusted):
            return Printed(found, ())
        good = self._store.run(tickets.still_good, list(codes))
        return Printed(found, tuple(code for key, code in codes.items() if key in good))

    def remembers(self, number: int) -> bool:
        """Whether a sheet can be printed again as it was."""
        return number in self._codes

    def _sheet(self, number: int) -> Sheet:
        found = self._store.run(tickets.sheet, number)
        if found is None:
            raise RefusedError(_("These tickets are not known here."), _("Make new ones."))
        return found

    def _with_codes(self, count: int, keep: Callable[[Database, list[str]], int]) -> int:
        """Fresh codes, hashed outside of the store's thread; tried again in the rare case that one is there already."""
        with self._at_work:
            salt = self._store.run(tickets.salt_of)
            for _again in range(5):
                codes = dict[str, str]()
                while len(codes) < count:
                    code = code_of(secrets.randbelow(10 ** (DIGITS - 1)))
                    codes[tickets.hashed(salt, code)] = code
                number = self._store.run(keep, list(codes))
                if number:
                    self._codes[number] = codes
                    while len(self._codes) > REMEMBERED:
                        del self._codes[min(self._codes)]
                    return number
        raise RefusedError(_("Things changed meanwhile."), _("Please look again before you choose."))


def told(printed: Printed) -> dict[str, Any]:
    """For the command line: the code, or all of a sheet, with minutes and the end of their time (since 1970)."""
    sheet = printed.sheet
    return {"code": printed.codes[0], "codes": list(printed.codes), "minutes": sheet.minutes, "expires": sheet.expires}
