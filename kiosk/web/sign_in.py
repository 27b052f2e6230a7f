"""Who is signed in to a web face: in memory only, so that a restart signs everybody out and nothing is stored."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil

COOKIE = "web_session"
IDLE_SECONDS = 15 * 60
LONGEST_SECONDS = 12 * 3600
MOST = 100  # signed in at once; the one who was silent longest makes room
TOKEN_SECONDS = 60.0  # a browser on an old disk takes ten seconds at its first start


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in. `seconds_left`: until they are signed out, if they do nothing.

    `here`: at the PC itself, in the browser that the PIN at its lock has opened. `mark`: of what they came in by.
    """

    name: str
    role: str
    seconds_left: int = 0
    here: bool = False
    mark: str = ""


@dataclass
class _Entry:
    person: Person
    since: float
    seen: float


class WebSessions:
    """Signed-in people by the hash of their cookie, so that a look into memory gives no cookie away.

    Polling does not count as being there: only `active` looks move the idle clock.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, idle: float = IDLE_SECONDS) -> None:
        self._clock = clock
        self.idle = idle
        self._entries: dict[str, _Entry] = {}
        self._invited: tuple[str, Person, float] | None = None  # the hash of its token, and until when
        self.here_left: Callable[[], None] = lambda: None  # whoever is here has signed out
        self._lock = threading.Lock()

    def open(self, name: str, role: str, mark: str = "") -> str:
        """Sign `name` in; the answer is the cookie's value, kept nowhere else."""
        return self._open(Person(name, role, mark=mark))

    def _open(self, person: Person) -> str:
        token = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            self._drop_stale(now)
            if len(self._entries) >= MOST:
                del self._entries[min(self._entries, key=lambda key: self._entries[key].seen)]
            self._entries[_hash(token)] = _Entry(person, now, now)
        return token

    def who(self, token: str | None, active: bool = True) -> Person | None:
        """Who is behind a cookie; None for strangers and for those who were away too long."""
        if not token:
            return None
        now = self._clock()
        with self._lock:
            self._drop_stale(now)
            entry = self._entries.get(_hash(token))
            if entry is None:
                return None
            if active:
                entry.seen = now
            left = min(self.idle - (now - entry.seen), LONGEST_SECONDS - (now - entry.since))
            return replace(entry.person, seconds_left=ceil(left))

    def close(self, token: str | None) -> None:
        """Sign out."""
        with self._lock:
            entry = self._entries.pop(_hash(token or ""), None)
        if entry is not None and entry.person.here:
            self.here_left()

    def again(self, token: str | None, name: str, role: str, here: bool, mark: str = "") -> str:
        """Sign `name` in instead of whoever is behind `token`, and where `here`: at this PC, which nobody leaves so."""
        with self._lock:
            self._entries.pop(_hash(token or ""), None)
        return self._open(Person(name, role, here=here, mark=mark))

    def invite(self, name: str, role: str) -> str:
        """A token with which the browser at this PC signs `name` in: once, and soon; an earlier one is void."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._invited = (_hash(token), Person(name, role, here=True), self._clock() + TOKEN_SECONDS)
        return token

    def take(self, token: str) -> str | None:
        """The cookie for a token; None for one that is not good (any more)."""
        with self._lock:
            if self._invited is None or self._invited[0] != _hash(token):
                return None
            _hashed, person, until = self._invited
            self._invited = None
        return self._open(person) if self._clock() < until else None

    def here(self) -> bool:
        """Whether somebody is signed in at this PC, or just about to be."""
        now = self._clock()
        with self._lock:
            self._drop_stale(now)
            invited = self._invited is not None and now < self._invited[2]
            return invited or any(entry.person.here for entry in self._entries.values())

    def end_here(self) -> None:
        """Nobody is at this PC any more, and no token for it is good."""
        with self._lock:
            self._invited = None
            for key in [key for key, entry in self._entries.items() if entry.person.here]:
                del self._entries[key]

    def forget(self, name: str) -> None:
        """Sign `name` out everywhere: the PIN or the role is another one now."""
        with self._lock:
            for key in [key for key, entry in self._entries.items() if entry.person.name == name]:
                del self._entries[key]

    def _drop_stale(self, now: float) -> None:
        for key, entry in list(self._entries.items()):
            if now - entry.seen >= self.idle or now - entry.since >= LONGEST_SECONDS:
                del self._entries[key]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
