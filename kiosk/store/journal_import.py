"""Lines from a file, each under a key made of what it says: the same file twice writes nothing twice."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from kiosk.lean_sqlite import Database
from kiosk.rules.journal_entry import Entry
from kiosk.store import journal


def keys(entries: Sequence[Entry]) -> list[str]:
    """A key for each; two lines of one file that say the same are two lines."""
    seen, found = Counter[str](), list[str]()
    for one in entries:
        said = json.dumps([one.kind, str(one.day), str(one.until), dict(one.numbers), dict(one.words)], sort_keys=True)
        name = hashlib.sha256(said.encode()).hexdigest()[:32]
        found.append(f"file:{name}:{seen[name]}")
        seen[name] += 1
    return found


def known(db: Database, wanted: Sequence[str]) -> set[str]:
    """Those of the keys that stand there already."""
    return {key for key in wanted if db.execute("SELECT 1 FROM journal WHERE key = ?", (key,)).fetchone()}


def take(db: Database, entries: Sequence[Entry], who: str, now: datetime, reason: str) -> int:
    """Writes those that are not there yet; how many."""
    wanted = keys(entries)
    there = known(db, wanted)
    for entry, key in zip(entries, wanted, strict=True):
        if key not in there:
            journal.add_entry(db, entry, who, now, key, reason, act="import")
    return len(wanted) - len(there)
