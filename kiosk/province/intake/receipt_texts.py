"""Receipts as they are sent. Signatures are always the same for the same, so a text is made again, never kept."""

import json
import sqlite3
from collections.abc import Sequence

from kiosk.export.receipts import Receipt
from kiosk.export.signing import Key
from kiosk.province.intake.looks import Look
from kiosk.province.memory.rows import utc


def of_looks(looks: Sequence[Look], ledger: str) -> Receipt:
    """The receipt of bundles that were entered together; of_ledger makes the same of what was entered."""
    key = looks[0].key
    stored = tuple(look.digest.hex() for look in looks if look.became == "stored")
    refused = {look.digest.hex(): look.code for look in looks if look.code}
    return Receipt(key.site if key else "", key.name if key else "", utc(looks[0].at), stored, refused, ledger)


def of_ledger(db: sqlite3.Connection, number: int, ledger: str) -> Receipt:
    """The receipt of that number."""
    site, station, at, first, count, refused = db.execute(
        """SELECT coalesce(site, ''), coalesce(s.station, ''), at, first, count, refused
           FROM receipts r LEFT JOIN stations s ON s.id = r.station WHERE r.id = ?""",
        (number,),
    ).fetchone()
    rows = db.execute("SELECT sha256 FROM bundles WHERE id >= ? AND id < ? ORDER BY id", (first, first + count))
    stored = tuple(sha256.hex() for (sha256,) in rows)
    return Receipt(site, station, utc(at), stored, json.loads(refused or "{}"), ledger)


# Bundles that the receipts of one answer may tell of together. A PC that catches up needs a fiftieth of it; who asks
# for one bundle each of a thousand large receipts gets one that tells of these alone, else a small question would be
# answered by hundreds of megabytes.
MOST_TOLD = 20_000
FEW = 5  # receipts: each tells of some thousands at most
_REFUSED_LETTERS = 80  # of one in a receipt's `refused`


class Texts:
    """Sealed receipts by their number, each made once while an answer is put together. They name the `ledger`."""

    def __init__(self, key: Key, ledger: str) -> None:
        self._key, self._ledger = key, ledger
        self._made: dict[int, str] = {}

    def add(self, number: int, looks: Sequence[Look]) -> None:
        """Seals the one of bundles that were just entered."""
        self._made[number] = of_looks(looks, self._ledger).sealed(self._key)

    def of(self, db: sqlite3.Connection, looks: Sequence[Look]) -> list[str]:
        """Receipts that between them tell of all these bundles: those that were given, as they were."""
        numbers = sorted({look.receipt for look in looks})
        if len(numbers) <= FEW or _told_of(db, numbers) <= MOST_TOLD:
            return [self.get(db, number) for number in numbers]
        owners = sorted({look.owner or 0 for look in looks})
        return [self._of_these(db, [look for look in looks if (look.owner or 0) == owner]) for owner in owners]

    def _of_these(self, db: sqlite3.Connection, looks: Sequence[Look]) -> str:
        """The same for the same bundles; `at` is when the last of them was told of."""
        at = max(_at(db, number) for number in {look.receipt for look in looks})
        key, became = looks[0].key, {look.digest.hex(): look.code for look in looks}
        stored = tuple(digest for digest, code in became.items() if not code)
        refused = {digest: code for digest, code in became.items() if code}
        place = (key.site, key.name) if key else ("", "")
        return Receipt(*place, utc(at), stored, refused, self._ledger).sealed(self._key)

    def get(self, db: sqlite3.Connection, number: int) -> str:
        """The text of a receipt."""
        if number not in self._made:
            self._made[number] = of_ledger(db, number, self._ledger).sealed(self._key)
        return self._made[number]


def _told_of(db: sqlite3.Connection, numbers: Sequence[int]) -> int:
    """About how many bundles these receipts tell of."""
    marks = ",".join("?" * len(numbers))
    query = f"SELECT sum(count + coalesce(length(refused), 0) / {_REFUSED_LETTERS}) FROM receipts WHERE id IN ({marks})"
    return int(db.execute(query, numbers).fetchone()[0] or 0)


def _at(db: sqlite3.Connection, number: int) -> int:
    return int(db.execute("SELECT at FROM receipts WHERE id = ?", (number,)).fetchone()[0])
