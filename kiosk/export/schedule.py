"""When a station sends, and when it tries again. Pure: clocks and names come in, seconds come out.

Twelve thousand PCs have something to send at the same hour of the night, and in the morning when post offices open. So
each waits its own part of a window first, always the same one; and after a failure longer and longer, from a minute to
six hours, never two in step. A PC that was switched off before its moment came waits shortly at its next start,
and half as long at each start after it: however short it is on, it sends.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from kiosk.clock import Reading

FIRST_PAUSE, LONGEST_PAUSE, AFTER_A_RESTART = 60.0, 6 * 3600.0, 600.0
SOON = 300.0  # the window of those whose moment did not come before they were switched off
# Of a pause, so much is added at most, to part those who failed together.
JITTER = 0.5
# What was refused is asked for again, because an officer may have released it; answers on a stick are looked for.
ASK_AGAIN = timedelta(hours=20)


@dataclass(frozen=True)
class Tries:
    """Tries that failed since one went well; the last of them by boot clock and wall clock.

    `at_least`: seconds that the province asked to be left alone. Kept across restarts.
    """

    failures: int = 0
    boot_id: str = ""
    boot: float = 0.0
    wall: str = ""
    at_least: float = 0.0

    def failed(self, now: Reading, at_least: float = 0.0) -> "Tries":
        """One more."""
        bounded = min(max(0.0, at_least), LONGEST_PAUSE / (1 + JITTER))
        return Tries(self.failures + 1, now.boot_id, now.boot, now.wall.isoformat(), bounded)

    def as_told(self) -> dict[str, Any]:
        """For the store."""
        return asdict(self)


def tries_of(told: Mapping[str, Any] | None) -> Tries:
    """What `as_told` told; none where nothing was, or another version's words."""
    try:
        return replace(Tries(), **dict(told or {}))
    except TypeError:
        return Tries()


@dataclass(frozen=True)
class Turn:
    """Since when a station waits for its moment, by the boot clock; `starts` of the PC since then. Kept across them."""

    boot_id: str = ""
    boot: float = 0.0
    starts: int = 0

    def seen(self, now: Reading) -> "Turn":
        """As of now: the first time it begins here; at another start of the PC it goes on with that start."""
        if self.boot_id == now.boot_id:
            return self
        return Turn(now.boot_id, 0.0, self.starts + 1) if self.boot_id else Turn(now.boot_id, now.boot)

    def as_told(self) -> dict[str, Any]:
        """For the store."""
        return asdict(self)


def turn_of(told: Mapping[str, Any] | None) -> Turn:
    """What `as_told` told; none where nothing was."""
    try:
        return replace(Turn(), **dict(told or {}))
    except TypeError:
        return Turn()


def until_turn(turn: Turn, site: str, station: str, window: float, now: Reading) -> float:
    """Seconds until its moment, 0 where that has come."""
    if turn.starts:
        window = min(window, SOON) / 2.0 ** min(turn.starts - 1, 20)
    return max(0.0, turn.boot + spread(site, station, window) - now.boot)


def spread(site: str, station: str, window: float) -> float:
    """The seconds of the window that this station waits before it begins: evenly spread over stations."""
    return window * _part(f"{site}\n{station}")


def pause(tries: Tries, site: str, station: str) -> float:
    """Seconds from a failed try to the next: doubled each time, parted from others by a hash of name and number."""
    if not tries.failures:
        return 0.0
    doubled = FIRST_PAUSE * 2.0 ** min(tries.failures - 1, 20)
    base = max(min(LONGEST_PAUSE / (1 + JITTER), doubled), tries.at_least)
    return base * (1 + JITTER * _part(f"{site}\n{station}\n{tries.failures}"))


def until_next(tries: Tries, site: str, station: str, now: Reading) -> float:
    """Seconds until the next try may begin, 0 where it may now.

    By the boot clock inside one boot. After a restart of the PC by the wall clock where it is believed, else from the
    start of the boot and not long, so that a PC that is on for an hour a day tries in that hour.
    """
    whole = pause(tries, site, station)
    if now.boot_id == tries.boot_id and now.boot >= tries.boot:
        return max(0.0, whole - (now.boot - tries.boot))
    gone = now.boot
    if now.trusted and tries.wall:
        gone = max(gone, (now.wall - datetime.fromisoformat(tries.wall)).total_seconds())
    else:
        whole = min(whole, AFTER_A_RESTART * (1 + JITTER * _part(f"{site}\n{station}")))
    return max(0.0, whole - gone)


def _part(text: str) -> float:
    """A number from 0 up to 1, always the same for the same text."""
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big") / 2**64
