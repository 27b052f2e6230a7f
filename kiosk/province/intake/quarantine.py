"""Bundles that were put aside: listed, looked at, released by an officer who says why."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from kiosk.errors import RefusedError
from kiosk.export.details import detail_said
from kiosk.export.formats import BundleError, read
from kiosk.province.intake.intake import Intake
from kiosk.province.intake.judging import Verdict
from kiosk.province.intake.looks import Look, Outcome
from kiosk.province.intake.posting import Posting
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.records import Place
from kiosk.province.memory.rows import deed, seconds, station_number, utc
from kiosk.translations import _

_WHERE = "WHERE ?1 OR decided IS NULL"
_END = 1 << 63  # of numbers in SQLite
_COLUMNS = "q.id, sha256, code, detail, key, coalesce(site, ''), coalesce(s.station, ''), size, received, way, decided"


@dataclass(frozen=True, slots=True)
class Held:
    """One of them. `received` UTC; `site`, `station` of the key's owner, "" where nobody knows the key.

    `decided`: when it was released, or came again with a right signature; None: it waits.
    """

    id: int
    sha256: str
    code: str
    detail: str
    key: str
    site: str
    station: str
    size: int
    received: str
    way: str
    decided: str | None


def held(ledger: Ledger, everything: bool = False, most: int = -1) -> list[Held]:
    """What waits for a decision, oldest first; with `everything` also what was decided.

    `most` of them: those that wait and come from PCs of ours before what anybody may send, new before old.
    """
    with ledger.reading() as db:
        rows = db.execute(
            f"""SELECT * FROM (SELECT {_COLUMNS} FROM quarantine q LEFT JOIN stations s ON s.id = q.station {_WHERE}
                ORDER BY decided IS NOT NULL, q.station IS NULL, q.id DESC LIMIT ?2) ORDER BY 1""",
            (everything, most),
        ).fetchall()
    return [_held(row) for row in rows]


def count_held(ledger: Ledger, everything: bool = False) -> int:
    """How many `held` has."""
    with ledger.reading() as db:
        return int(db.execute(f"SELECT count(*) FROM quarantine {_WHERE}", (everything,)).fetchone()[0])


def held_one(ledger: Ledger, number: int) -> tuple[Held, int]:
    """The one of that number, and its place in the archive. RefusedError when there is none."""
    with ledger.reading() as db:
        row = (
            0 < number < _END
            and db.execute(
                f"SELECT {_COLUMNS}, place FROM quarantine q LEFT JOIN stations s ON s.id = q.station WHERE q.id = ?",
                (number,),
            ).fetchone()
        )
    if not row:
        raise RefusedError(
            _("There is no number {n} in the quarantine.", n=number), _("See: kiosk province quarantine list.")
        )
    return _held(row[:-1]), int(row[-1])


def content_of(intake: Intake, number: int) -> bytes:
    """The bytes of one. RefusedError when there is none of that number."""
    return intake.archive.read(Place.of(held_one(intake.ledger, number)[1])).content


def release(intake: Intake, number: int, who: str, reason: str, now: datetime) -> Outcome:
    """Takes one after all; the station hears of it by a new receipt when it asks the next time.

    RefusedError when it cannot be read, was decided before, or nobody gave a reason.
    """
    if not who.strip() or not reason.strip():
        raise RefusedError(_("Nothing is released without a name and a reason."), _("Say who you are, and why."))
    content, at = content_of(intake, number), seconds(now)
    try:
        manifest = read(content).manifest
    except BundleError as error:
        raise RefusedError(
            _("Number {n} cannot be counted: {detail}.", n=number, detail=detail_said(error.detail)),
            _("Have the station write the day again."),
        ) from None
    with intake.changing() as db:
        key, owner, place, received, way, decided = db.execute(
            "SELECT key, station, place, received, way, decided FROM quarantine WHERE id = ?", (number,)
        ).fetchone()
        digest = sha256(content).digest()
        station = station_number(db, manifest.site, manifest.station, at)
        if decided is not None or _is_stored(db, station, digest):
            raise RefusedError(
                _("Number {n} was decided before.", n=number), _("See: kiosk province quarantine list --all.")
            )
        bundle = intake.archive.read(Place.of(place))
        look = Look(bundle, digest, received, way, None, Verdict("", manifest=manifest), place)
        posting = Posting(db)
        posting.released(look, manifest, station, owner or station, number, at)
        posting.close(None)
        deed(db, at, who.strip(), "release", f"{manifest.name} {digest.hex()} {key}", reason.strip())
    return look.outcome()


def _is_stored(db: sqlite3.Connection, station: int, digest: bytes) -> bool:
    row = db.execute(
        "SELECT 1 FROM bundles WHERE station = ? AND substr(sha256, 1, 6) = ? AND sha256 = ?",
        (station, digest[:6], digest),
    ).fetchone()
    return row is not None


def _held(row: tuple[int, bytes, str, str, str, str, str, int, int, str, int | None]) -> Held:
    number, digest, code, detail, key, site, station, size, received, way, decided = row
    told = None if decided is None else utc(decided)
    return Held(number, digest.hex(), code, detail, key, site, station, size, utc(received), way, told)
