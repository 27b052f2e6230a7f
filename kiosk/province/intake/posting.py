"""Enters bundles into the ledger, inside one transaction: what counts from now on, what is put aside, the receipts.

The current state of a station's day is the sum over lineages of the highest revision in each. So a restored PC's
revision replaces, and what a PC with a new image has counted of the same day is added.
"""

import json
import sqlite3
from collections.abc import Sequence

from kiosk.export.formats import Manifest
from kiosk.province.intake import judging
from kiosk.province.intake.chains import Chains
from kiosk.province.intake.looks import Look
from kiosk.province.memory.records import Place
from kiosk.province.memory.rows import alarm, day_number

CONFLICT = "REVISION_CONFLICT"


class Posting:
    """One transaction's entries. Bundles of one receipt are entered one after the other; `close` comes last."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.chains = Chains(db)
        self._bundle = int(db.execute("SELECT coalesce(max(id), 0) FROM bundles").fetchone()[0])
        self._receipt = int(db.execute("SELECT coalesce(max(id), 0) FROM receipts").fetchone()[0])
        self._any_aside = bool(db.execute("SELECT EXISTS (SELECT 1 FROM quarantine)").fetchone()[0])
        self._junk = 0

    def receipt(self, station: int | None, looks: Sequence[Look]) -> None:
        """Enters new bundles of one station, and the receipt that tells of them."""
        self._receipt += 1
        before = self._bundle
        for look in looks:
            self._enter(look)
        refused = {look.digest.hex(): look.code for look in looks if look.code}
        self._note(station, looks[0].at, before, json.dumps(refused, separators=(",", ":")) if refused else None)

    def released(self, look: Look, manifest: Manifest, station: int, told: int, number: int, now: int) -> None:
        """Enters what an officer released: of two with the same revision it is the one that counts from now on.

        `station`: whose day it is; `told`: whose receipt tells of it; `number`: its row in the quarantine; `now`: when.
        """
        self._receipt += 1
        before = self._bundle
        series = self.chains.series(station, manifest, look.at, "")
        self.chains.add(series, manifest, look.digest)
        _conflict, lower = self._others(station, manifest, or_same=True)
        self._store(look, manifest, station, series.id, lower)
        self._db.execute("UPDATE quarantine SET decided = ?, released = ? WHERE id = ?", (now, self._bundle, number))
        self._note(told, now, before, None)

    def close(self, end: Place | None) -> None:
        """Writes what was added up; up to `end` the archive has been judged (None: nothing was added to it)."""
        self.chains.flush()
        if end is not None:
            put(self._db, "archive_end", end.number)
        if self._junk:
            put(self._db, "junk", number_in(self._db, "junk") + self._junk)

    def _enter(self, look: Look) -> None:
        manifest, code, detail = look.verdict.manifest, look.verdict.code, look.verdict.detail
        if look.proved and manifest is not None and code in ("", "FUTURE_DAY", "RANGE"):
            station = look.owner
            assert station is not None
            series = self.chains.series(station, manifest, look.at, look.way)
            if not self.chains.add(series, manifest, look.digest):
                code, detail = code or CONFLICT, detail or "two PCs tell the same series"
                self._cloned(look, manifest)
            elif not code:
                conflict, lower = self._others(station, manifest)
                if not conflict:
                    self._store(look, manifest, station, series.id, lower)
                    return
                code, detail = CONFLICT, "another bundle has this day and revision"
                self._cloned(look, manifest)
        self._put_aside(look, code, detail)
        if look.proved and look.owner is not None:
            self.chains.begin_after(look.owner, look.digest)

    def _others(self, station: int, manifest: Manifest, or_same: bool = False) -> tuple[bool, int | None]:
        """Whether another bundle of the lineage has this day and revision; the lower one that has counted so far.

        None: nothing has. 0: a higher one has, and goes on.
        """
        rows = self._db.execute(
            """SELECT b.id, revision, current FROM bundles b JOIN series s ON s.id = b.series
               WHERE day = ? AND b.station = ? AND lineage = ?""",
            (day_number(manifest.day), station, manifest.lineage),
        ).fetchall()
        conflict = any(revision == manifest.revision for _id, revision, _current in rows)
        for number, revision, current in rows:
            if current:
                lower = revision < manifest.revision or or_same and revision == manifest.revision
                return conflict, number if lower else 0
        return conflict, None

    def _store(self, look: Look, manifest: Manifest, station: int, series: int, lower: int | None) -> None:
        if lower:
            self._db.execute("UPDATE bundles SET current = 0 WHERE id = ?", (lower,))
        self._bundle += 1
        self._db.execute(
            "INSERT INTO bundles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self._bundle, look.digest, series, station, day_number(manifest.day), manifest.revision,
             manifest.sequence, look.place, len(look.bundle.content), look.at, self._receipt, int(lower != 0)),
        )  # fmt: skip
        if self._any_aside:  # it may have come before with a signature that was not right
            self._db.execute(
                "UPDATE quarantine SET decided = ?, released = ? WHERE sha256 = ? AND proved = 0 AND decided IS NULL",
                (look.at, self._bundle, look.digest),
            )
        if look.key is not None and judging.comes_late(look.key, manifest.day):
            subject = f"{manifest.site} {manifest.station} {look.key.key}"
            alarm(self._db, look.at, "REPLACED", subject, station, manifest.day)
        self.chains.begin_after(station, look.digest)
        look.settle("stored", self._receipt, replaced=bool(lower))
        look.superseded = lower == 0

    def _put_aside(self, look: Look, code: str, detail: str) -> None:
        look.settle("quarantined", self._receipt, code)
        if look.dropped:
            return
        size = len(look.bundle.content)
        self._db.execute(
            """INSERT INTO quarantine (sha256, key, station, code, detail, proved, place, size, received, receipt, way)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (look.digest, look.bundle.key, look.owner, code, detail, int(look.proved), look.place, size, look.at,
             self._receipt, look.way),
        )  # fmt: skip
        self._any_aside = True
        if not look.proved:
            self._junk += look.room

    def _cloned(self, look: Look, manifest: Manifest) -> None:
        subject = f"{manifest.site} {manifest.station} {manifest.epoch}"
        alarm(self._db, look.at, "CLONED", subject, look.owner, f"{manifest.day} r{manifest.revision}")

    def _note(self, station: int | None, at: int, before: int, refused: str | None) -> None:
        self._db.execute(
            "INSERT INTO receipts VALUES (?, ?, ?, ?, ?, ?)",
            (self._receipt, station, at, before + 1, self._bundle - before, refused),
        )


def put(db: sqlite3.Connection, name: str, value: object) -> None:
    """Notes a fact of the ledger about itself."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, str(value)))


def number_in(db: sqlite3.Connection, name: str) -> int:
    """A fact that is a number; 0 where it was never noted."""
    row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return 0 if row is None else int(row[0])


_ASIDE = """SELECT coalesce(b.receipt, q.receipt), iif(b.id IS NULL, code, '')
    FROM quarantine q LEFT JOIN bundles b ON b.id = released WHERE q.sha256 = ?1"""
_KNOWN_PROVED = f"""SELECT receipt, '' FROM bundles
    WHERE station = ?2 AND substr(sha256, 1, 6) = substr(?1, 1, 6) AND sha256 = ?1
    UNION ALL {_ASIDE} AND q.station = ?2 AND proved = 1 LIMIT 1"""
_KNOWN_OF_NOBODY = f"{_ASIDE} AND key = ?2 AND code = ?3 AND proved = 0 LIMIT 1"


def known(db: sqlite3.Connection, look: Look) -> tuple[int, str] | None:
    """(receipt, code) of what the province has said of the same bytes, if it would say the same again."""
    if look.proved:
        row = db.execute(_KNOWN_PROVED, (look.digest, look.owner)).fetchone()
    else:
        row = db.execute(_KNOWN_OF_NOBODY, (look.digest, look.bundle.key, look.verdict.code)).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))
