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


class Texts:
    """Sealed receipts by their number, each made once while an answer is put together. They name the `ledger`."""

    def __init__(self, key: Key, ledger: str) -> None:
        self._key, self._ledger = key, ledger
        self._made: dict[int, str] = {}

    def add(self, number: int, looks: Sequence[Look]) -> None:
        """Seals the one of bundles that were just entered."""
        self._made[number] = of_looks(looks, self._ledger).sealed(self._key)

    def get(self, db: sqlite3.Connection, number: int) -> str:
        """The text of a receipt."""
        if number not in self._made:
            self._made[number] = of_ledger(db, number, self._ledger).sealed(self._key)
        return self._made[number]
