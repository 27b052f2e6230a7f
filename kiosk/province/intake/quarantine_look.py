"""One bundle that was put aside, opened for an officer who has to decide: what it says, and what counts instead.

Nobody may have proved these bytes: they are read within the bounds of every bundle, and shown without anything that
could command a terminal.
"""

import zlib
from dataclasses import dataclass, field
from typing import Any

from kiosk.errors import DamagedError
from kiosk.export.formats import Bundle, BundleError, read
from kiosk.province.intake.quarantine import Held, held_one
from kiosk.province.memory.archive import Archive
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.records import Place
from kiosk.province.memory.rows import day_number, utc

LINES, WIDTH = 5, 200
_BEGINNING = 16_384  # bytes, so many of what it unpacks to are looked at for its first lines
TOLD = ("site", "station", "day", "revision", "sequence", "created", "software")
COUNTED = ("visits", "minutes")


@dataclass(frozen=True, slots=True)
class Shown:
    """`says`: of itself, empty where it cannot be read (`fault` says why). `counting`: what counts for that day now."""

    one: Held
    fault: str = ""
    says: dict[str, Any] = field(default_factory=dict)
    counting: list[dict[str, Any]] = field(default_factory=list)
    first_lines: list[str] = field(default_factory=list)


def look_at(ledger: Ledger, archive: Archive, number: int) -> tuple[Shown, bytes]:
    """It and its bytes. RefusedError when there is none of that number, DamagedError when its bytes are lost."""
    one, place = held_one(ledger, number)
    content = archive.read(Place.of(place)).content
    lines = first_lines(content)
    try:
        bundle = read(content)
    except BundleError as error:
        return Shown(one, fault=error.detail, first_lines=lines), content
    says = {name: getattr(bundle.manifest, name) for name in TOLD} | _counts(bundle)
    return Shown(one, says=says, counting=_counting(ledger, archive, says), first_lines=lines), content


def first_lines(content: bytes) -> list[str]:
    """The first lines of what is in it, or of the bytes as they are; of a long one its beginning."""
    try:
        plain = zlib.decompressobj(wbits=31).decompress(content, _BEGINNING)
    except zlib.error:
        plain = content[:_BEGINNING]
    text = plain.decode(errors="replace")
    return ["".join(sign if sign.isprintable() else "·" for sign in line[:WIDTH]) for line in text.split("\n")[:LINES]]


def _counts(bundle: Bundle) -> dict[str, int]:
    return {name: bundle.day[name] for name in COUNTED}


def _counting(ledger: Ledger, archive: Archive, says: dict[str, Any]) -> list[dict[str, Any]]:
    """What counts for that PC and day now: one bundle, or one of each memory that has counted on it."""
    with ledger.reading() as db:
        rows = db.execute(
            """SELECT hex(sha256), revision, received, place FROM bundles b JOIN stations s ON s.id = b.station
               WHERE day = ? AND site = ? AND s.station = ? AND current = 1 ORDER BY b.id""",
            (day_number(says["day"]), says["site"], says["station"]),
        ).fetchall()
    found = []
    for sha256, revision, received, place in rows:
        one = {"sha256": sha256.lower(), "revision": revision, "received": utc(received)}
        try:
            one |= _counts(read(archive.read(Place.of(place)).content))
        except DamagedError:  # the rest is told all the same; `verify` finds it
            pass
        found.append(one)
    return found
