"""A station joins its province by a one-time code (handshake.py), or leaves. Run in a short process.

The order is what makes a power cut harmless: the key is on the disk before it is told to the province, and asked with
again where the answer was lost; the enrolment is one file, written whole when the province's proof was right. What lies
beside it is tidied afterwards.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.errors import DamagedError, RefusedError
from kiosk.export import asking, enrolment, join_by_stick
from kiosk.export.enrolment import Enrolled
from kiosk.export.enrolment_changes import changing
from kiosk.export.handshake import Code
from kiosk.export.join_answers import ask
from kiosk.export.join_refusals import not_written, of_another_place, would_stay_behind
from kiosk.export.own_keys import kept, tidy
from kiosk.export.signing import Key
from kiosk.settings import Paths


@dataclass(frozen=True)
class Here:
    """Who the station is before it joins. `unnamed`: its site and number are still the shipped ones.

    `waiting_days`: of which no province has confirmed everything; under other names nobody sends them any more.
    """

    site: str
    station: str
    unnamed: bool
    now: str  # UTC, ISO 8601; a date that nobody trusts is no obstacle
    waiting_days: int = 0


def join(
    paths: Paths,
    url: str,
    code: str,
    here: Here,
    take_over: bool,
    rename: Callable[[str, str], None],
    leave_behind: bool = False,
) -> tuple[Enrolled, bool]:
    """The enrolment that the code brings, and whether the station got another name by it (`rename(site, station)`).

    `take_over`: also where it has another name already; `leave_behind`: also where days wait under that one.
    UsageError for what was mistyped, RefusedError for what the province or this station refuses, KioskError else:
    nothing is changed then, and asking again is right.
    """
    address, wanted = asking.address_and_code(url, code)
    key = _asked_with(paths, wanted)
    try:
        site, station, card = ask(address, wanted, key)
    except RefusedError:
        if (joined := _joined_by(paths, wanted)) is not None:
            return joined, False  # asked twice: the province has erased the code since
        raise
    renamed = (site, station) != (here.site, here.station)
    if renamed and not (here.unnamed or take_over):
        raise of_another_place(site, station, here.site, here.station)
    if renamed and here.waiting_days and not (here.unnamed or leave_behind):
        raise would_stay_behind(here.waiting_days, here.site, here.station)
    way = "file" if join_by_stick.is_stick(address) else "https"
    enrolled = Enrolled(site, station, key.id, here.now, way, card, wanted.find)
    try:
        if renamed:
            rename(site, station)
        with changing(paths):
            enrolment.put(paths, enrolled)
            tidy(paths, enrolled)
    except OSError as error:
        raise not_written(error) from None
    if way == "file":
        join_by_stick.tidy(Path(address), wanted.find, key)
    return enrolled, renamed


def forget(paths: Paths) -> Enrolled | None:
    """Leave the province; what was enrolled. The key is gone then: to join again takes a new code."""
    found: Enrolled | None = None
    with suppress(DamagedError):
        found = enrolment.load(paths)
    try:
        with changing(paths) as folder:
            (paths.enrolment / enrolment.FILE).unlink(missing_ok=True)
            for path in paths.enrolment.glob("*.key"):
                path.unlink()
            os.fsync(folder)
    except OSError as error:
        raise not_written(error) from None
    return found


def _asked_with(paths: Paths, code: Code) -> Key:
    """The key for this code: the one of an earlier try, whose answer may have been lost, else a new one, kept first."""
    with suppress(DamagedError):
        if (joined := _joined_by(paths, code)) is not None:
            return enrolment.station_key(paths, joined)
    beside = paths.enrolment / enrolment.ASKED.format(code=code.find)
    try:
        for path in paths.enrolment.glob(enrolment.ASKED.format(code="*")):
            if path != beside:
                path.unlink()
        return kept(beside)
    except OSError as error:
        raise not_written(error) from None


def _joined_by(paths: Paths, code: Code) -> Enrolled | None:
    with suppress(DamagedError):
        joined = enrolment.load(paths)
        return joined if joined is not None and joined.code == code.find else None
    return None
