"""What the province is known to have, by what it signed: receipts and marks that somebody else has verified.

A bundle *waits* until a receipt says that it is stored. One that was refused waits too, but is shown, and asked for
again only now and then. Whoever the province is, and what it remembers, is kept in the fact `province`: with another
province, or after its memory was restored, everything that is still kept waits again.
Marks that came over the line are the newest; those from a stick may be of last year, and their moment tells.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.lean_sqlite import Database
from kiosk.store import facts

# Of this station alone: what it made under another name stays with that other place.
_OURS = "content IS NOT NULL AND acknowledged IS NULL AND substr(name, 1, length(:place)) = :place"


@dataclass(frozen=True)
class Told:
    """What the province has said: `stored` {sha256: when, UTC}, `refused` {sha256: code}; and how far it has come.

    `marks`: by epoch the last sequence up to which it misses none; `ledger` names its memory, "" where not told; `at`:
    when it said so, UTC.
    """

    stored: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    ledger: str = ""
    marks: Mapping[str, int] = field(default_factory=dict)
    at: str = ""


@dataclass(frozen=True)
class Waits:
    """A bundle that the province is not known to have. `refused`: why; `asked`: when it said so last, UTC.

    `delivered`: the folder or address that it was carried to.
    """

    name: str
    day: str
    sha256: str
    refused: str | None
    asked: str | None
    delivered: str | None


def place(site: str, station: str) -> str:
    """How the names of this station's bundles begin."""
    return f"{site}_{station}_"


def waiting(db: Database, site: str, station: str) -> list[Waits]:
    """Every bundle of this station that waits, in sequence."""
    rows = db.execute(
        f"SELECT name, day, sha256, refused, asked, delivered FROM bundles WHERE {_OURS} ORDER BY sequence",
        {"place": place(site, station)},
    )
    return [Waits(*row) for row in rows]


def waiting_days(db: Database, site: str, station: str) -> int:
    """Of how many days something waits."""
    return len({one.day for one in waiting(db, site, station)})


def take(db: Database, told: Told, way: str, at: str, trusted: bool = True) -> tuple[int, int]:
    """Takes what the province said, heard at `at` (UTC); how many bundles it has now that it was not known to have,
    and how many it refused.

    Names that are not in the ledger change nothing. A receipt of old says nothing against a newer one.
    """
    if told.ledger:
        _take_marks(db, told)
    new = db.conn.executemany(
        """UPDATE bundles SET acknowledged = ?, heard = ?, way = ?, refused = NULL
           WHERE sha256 = ? AND acknowledged IS NULL""",
        [(had, at if trusted else None, way, sha256) for sha256, had in told.stored.items()],
    ).rowcount
    refused = db.conn.executemany(
        "UPDATE bundles SET refused = ?, asked = ?, way = ? WHERE sha256 = ? AND acknowledged IS NULL",
        [(code, at, way, sha256) for sha256, code in told.refused.items()],
    ).rowcount
    return max(0, new), max(0, refused)


def meet(db: Database, keys: Iterable[str], own: str) -> None:
    """Notes whose station this is: the public keys of its province, and the id of its own key.

    With another province everything that is kept waits again. With another key of its own what was refused is asked for
    anew, and what was carried somewhere is carried again: it must be signed by that key.
    """
    known, keys = _known(db), list(keys)
    if known.get("keys") and not set(keys) & set(known["keys"]):
        ask_again(db)
        known = {}
    if known.get("own") != own:
        db.execute(
            """UPDATE bundles SET refused = NULL, asked = NULL, delivered = NULL
               WHERE acknowledged IS NULL AND content IS NOT NULL"""
        )
    if (known.get("keys"), known.get("own")) != (keys, own):
        _keep(db, known | {"keys": keys, "own": own})


def last_told(db: Database, site: str, station: str) -> tuple[str | None, str | None]:
    """When the province last had something new of this station (UTC), and the last day up to which it has every one."""
    row = db.execute(
        """WITH told AS (SELECT day, max(acknowledged) AS had FROM bundles
                         WHERE substr(name, 1, length(:place)) = :place GROUP BY day)
           SELECT max(had),
                  max(day) FILTER (WHERE day < coalesce((SELECT min(day) FROM told WHERE had IS NULL), '~'))
           FROM told""",
        {"place": place(site, station)},
    ).fetchone()
    return row[0], row[1]


def memory(db: Database) -> tuple[str, str]:
    """What the province remembers by, as the newest marks named it, and their moment: "" before any came."""
    known = _known(db)
    return str(known.get("ledger") or ""), str(known.get("at") or "")


def ask_again(db: Database) -> None:
    """Everything that is kept waits again, and is carried again."""
    db.execute(
        """UPDATE bundles SET acknowledged = NULL, heard = NULL, refused = NULL, asked = NULL, delivered = NULL
           WHERE content IS NOT NULL"""
    )


def _take_marks(db: Database, told: Told) -> None:
    """Another memory: everything waits again. A mark below what we have receipts for: those above it, once."""
    known = _known(db)
    if known.get("ledger") not in (None, told.ledger):
        ask_again(db)
        known["marks"] = {}
    before = known.get("marks") or {}
    for epoch, mark in told.marks.items():
        if before.get(epoch) != mark:
            db.execute(
                """UPDATE bundles SET acknowledged = NULL, heard = NULL, delivered = NULL
                   WHERE epoch = ? AND sequence > ? AND content IS NOT NULL AND acknowledged IS NOT NULL""",
                (epoch, mark),
            )
    now = {"ledger": told.ledger, "marks": dict(told.marks), "at": told.at}
    if {name: known.get(name) for name in now} != now:
        _keep(db, known | now)


def _known(db: Database) -> dict[str, Any]:
    return dict(json.loads(facts.get(db, "province") or "{}"))


def _keep(db: Database, known: Mapping[str, Any]) -> None:
    facts.put(db, "province", json.dumps(dict(known)))
