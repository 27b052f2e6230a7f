"""Checks PINs: the slow hash in the caller's thread, the counting of tries on the store thread.

This is the `Managers` of service/face.py, and what `kiosk manager` uses.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk.clock import Reading
from kiosk.errors import DamagedError, KioskError, UsageError
from kiosk.lean_sqlite import Database
from kiosk.rules.roles import MANAGER, ROLES
from kiosk.store import audit, managers
from kiosk.store.managers import Try
from kiosk.store.thread import Store
from kiosk.store.throttle import Row
from kiosk.translations import _

LONGEST_PIN = 64
# Who does something at a terminal of this PC, in the journal of deeds.
CONSOLE = "cli"

Kind = Literal["ok", "wrong", "locked", "nobody"]

# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane; 119 ms here, and light enough for old PCs.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# One hash at a time: guessing from many browser tabs must not take the memory of a 2 GB PC.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Outcome:
    """What became of a PIN. `seconds`: how long no further try is allowed. `role` only with `ok`.

    `left`: with `wrong`, how many more tries there are before there is a wait.
    """

    kind: Kind
    seconds: int = 0
    role: str = ""
    left: int = 0


class Managers:
    """The station's managers. `tries` wrong PINs cost `wait` seconds, doubling; a PIN has at least `digits` digits."""

    def __init__(
        self, store: Store, now: Callable[[], Reading], *, digits: int = 6, tries: int = 5, wait: float = 300.0
    ) -> None:
        self._store, self._now = store, now
        self.digits, self._tries, self._wait = digits, tries, wait
        self._unwritten: dict[str, Row] = {}
        self._counting = threading.Lock()
        self.changed: Callable[[str], None] = lambda _name: None  # whoever is signed in under that name is no longer

    def names(self) -> list[str]:
        """All managers, in the order in which they were added."""
        return self._store.run(managers.names)

    def version(self) -> str:
        """A short name of who there is: equal names, nothing was changed."""
        return self._store.run(managers.version)

    def add(self, name: str, pin: str, role: str = MANAGER, who: str = CONSOLE) -> None:
        """A new manager. UsageError for an unfit name or PIN, RefusedError for a name that is taken."""
        name, role = managers.clean_name(name), _role(role)
        managers.check_pin(pin, self.digits)
        wall = self._now().wall
        self._do(who, "person_add", f"{name} ({role})", managers.add, name, hash_pin(pin), role, wall)

    def unfit(self, name: str | None = None, pin: str | None = None) -> dict[str, UsageError]:
        """What is wrong with a name and a PIN in themselves, by `name` and `pin`."""
        found = dict[str, UsageError]()
        for field, value, check in (("name", name, managers.clean_name), ("pin", pin, self._fits)):
            try:
                if value is not None:
                    check(value)
            except UsageError as error:
                found[field] = error
        return found

    def _fits(self, pin: str) -> None:
        managers.check_pin(pin, self.digits)

    def set_pin(self, name: str, pin: str, who: str = CONSOLE) -> None:
        """A new PIN for a manager. UsageError for an unfit PIN, RefusedError for a name that nobody has."""
        managers.check_pin(pin, self.digits)
        name = managers.clean_name(name)
        self._do(who, "person_pin", name, managers.set_pin, name, hash_pin(pin))
        self.changed(name)

    def set_role(self, name: str, role: str, who: str = CONSOLE) -> None:
        """What a manager may do from now on. RefusedError for a name that nobody has, and for the only manager."""
        name, role = managers.clean_name(name), _role(role)
        self._do(who, "person_role", f"{name} ({role})", managers.set_role, name, role)
        self.changed(name)

    def remove(self, name: str, who: str = CONSOLE) -> None:
        """Nobody of that name may sign in any more. RefusedError like set_role."""
        name = managers.clean_name(name)
        self._do(who, "person_remove", name, managers.remove, name)
        self.changed(name)

    def _do(self, who: str, action: str, detail: str, job: Callable[..., None], *values: object) -> None:
        """A change of the people, and in the same transaction the line that tells who made it."""
        wall = self._now().wall

        def work(db: Database) -> None:
            job(db, *values)
            audit.note(db, wall, who, action, detail)

        self._store.run(work)

    def listed(self) -> list[tuple[str, str]]:
        """(name, role) of all, in the order in which they were added."""
        return self._store.run(managers.listed)

    def check(self, name: str, pin: str) -> Outcome:
        """Whether `pin` is that of `name`; counts the try. An unknown name takes as long, and reads as `wrong`."""
        try:
            name = managers.clean_name(name)
        except UsageError:
            name = ""
        pin = pin if pin.isascii() and len(pin) <= LONGEST_PIN else ""
        attempt = self._begin(name)
        if attempt.nobody:
            return Outcome("nobody")
        if not attempt.allowed:
            return Outcome("locked", attempt.wait)
        right = _verify(attempt.hash or _nobodys_hash(), pin)
        if right and attempt.hash is not None:
            self._forgive(name)
            return Outcome("ok", role=attempt.role)
        return Outcome("wrong", attempt.wait, left=attempt.left)

    def _begin(self, name: str) -> Try:
        """The try, counted on the disk. One that takes nothing must not hide from staff that it takes nothing.

        Then the try is counted in memory, and since a restart forgets it, the first wrong PIN costs the wait already.
        """
        with self._counting:
            now = self._now()
            try:
                attempt = self._store.run(managers.begin_try, name, now, self._tries, self._wait, dict(self._unwritten))
            except DamagedError:
                raise
            except KioskError:
                attempt, rows = self._store.run(managers.judge, name, now, 1, self._wait, dict(self._unwritten))
                self._unwritten.update(rows)
            else:
                if attempt.allowed:
                    self._let_go(name if attempt.hash else "")
            return attempt

    def _forgive(self, name: str) -> None:
        with self._counting:
            self._let_go(name)
            try:
                self._store.run(managers.forgive, name)
            except DamagedError:
                raise
            except KioskError:
                pass  # the older tries stay counted, until the next right PIN on a disk that writes

    def _let_go(self, name: str) -> None:
        for key in (name, managers.STATION):
            self._unwritten.pop(key, None)


def _role(role: str) -> str:
    if role not in ROLES:
        raise UsageError(_("{role} is no role.", role=role), _("Choose one of {roles}.", roles=", ".join(ROLES)))
    return role


def hash_pin(pin: str) -> str:
    """The argon2id hash of a PIN, with its own random salt."""
    with _one_at_a_time:
        return HASHER.hash(pin)


def _verify(hashed: str, pin: str) -> bool:
    with _one_at_a_time:
        try:
            return HASHER.verify(hashed, pin)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys_hash() -> str:
    """What an unknown name is checked against, so that it takes as long as a known one."""
    return hash_pin("no PIN has letters")
