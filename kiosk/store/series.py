"""The numbers of the next bundle: its place in the station's series, and its revision among those of its day.

After a restore that could not show the whole chain, both leave room for numbers that may have been given out.
"""

import json

from kiosk.lean_sqlite import Database
from kiosk.store import bundles, facts


def next_sequence(db: Database) -> int:
    """One more than any number that is known to have been given out."""
    last, floor = bundles.last(db), int(facts.get(db, "sequence_floor") or 0)
    return max(0 if last is None else last.sequence, floor) + 1


def next_revision(db: Database, day: str) -> int:
    """One more than any revision of that day that is known or may have been given out."""
    newest = bundles.newest_of(db, day)
    through, floor = json.loads(facts.get(db, "revision_floor") or '["", 0]')
    return max(0 if newest is None else newest.revision, int(floor) if day <= through else 0) + 1


def begin_epoch(db: Database, through: str, revisions: int, sequence: int) -> None:
    """A new epoch: revisions of days up to `through` go on above `revisions`, numbers above `sequence`."""
    db.execute("UPDATE facts SET value = lower(hex(randomblob(8))) WHERE key = 'epoch'")
    facts.put(db, "revision_floor", json.dumps([through, revisions]))
    facts.put(db, "sequence_floor", str(sequence))
