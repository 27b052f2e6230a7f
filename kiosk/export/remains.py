"""What the outbox still shows after a copy was put in the place of a lost store: its bundles, and which are missing.

Bytes go 35 days after their receipt (store/prune.py), so whoever goes back further than that finds a gap between
ledger and outbox. What was told in it nobody here knows any more.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from kiosk.clock import Reading
from kiosk.export import formats, highest
from kiosk.export.bundle import locked, released, revised
from kiosk.export.files import trouble
from kiosk.export.outbox import made_of
from kiosk.lean_sqlite import Database
from kiosk.store import bundles, facts, month_locks, series, windows

REVISION = re.compile(r"_r(\d{1,9})\.jsonl\.gz$")
# Revisions that nobody can see any more may have been given out; so many are left free.
LEFT_FREE = 100


@dataclass(frozen=True)
class Outbox:
    """What lies in the folder: bundles of this station, names of files of its own that cannot be read."""

    whole: tuple[tuple[formats.Bundle, bytes], ...]
    unreadable: tuple[str, ...]
    highest: tuple[str, int] | None


@dataclass(frozen=True)
class Taken:
    """`bundles` that the ledger lacked; `unbroken`: all of them continue its chain.

    `lost`: the highest number that may have been given out and is neither in the ledger nor in the outbox, 0 for none.
    """

    bundles: tuple[formats.Bundle, ...]
    unbroken: bool
    lost: int


def look(store: Path, outbox: Path, site: str, station: str) -> Outbox:
    """Reads the folder. A bundle of another site or station is none of ours."""
    whole, unreadable = [], []
    try:
        paths = sorted(outbox.glob(f"{site}_{station}_*.jsonl.gz"))
        for path in paths:
            try:
                content = path.read_bytes()
                bundle = formats.read(content)
            except (formats.BundleError, OSError):
                unreadable.append(path.name)
                continue
            if (bundle.manifest.site, bundle.manifest.station, bundle.manifest.name) == (site, station, path.name):
                whole.append((bundle, content))
    except OSError as error:
        raise trouble(outbox, error) from error
    whole.sort(key=lambda one: one[0].manifest.sequence)
    return Outbox(tuple(whole), tuple(unreadable), highest.marked(store))


def take(db: Database, there: Outbox) -> Taken:
    """Takes every bundle that the ledger lacks, in order."""
    unbroken, taken, lost = not there.unreadable, list[formats.Bundle](), 0
    names = bundles.names(db)
    for bundle, content in there.whole:
        manifest, last = bundle.manifest, bundles.last(db)
        if manifest.name in names:
            known = bundles.named(db, manifest.name)
            unbroken = unbroken and known is not None and known.sha256 == formats.file_hash(content)
            continue
        if last is not None and manifest.sequence <= last.sequence:
            unbroken = False  # two files claim one number
            continue
        follows = (last.sequence + 1, last.sha256) if last else (1, formats.NO_PREVIOUS)
        unbroken = unbroken and (manifest.sequence, manifest.previous) == follows
        lost = manifest.sequence - 1 if manifest.sequence > follows[0] else lost
        bundles.insert(db, made_of(bundle, content))
        facts.put(db, "epoch", manifest.epoch)
        facts.put(db, "lineage", manifest.lineage)  # whose days we take, that memory we are
        for line in bundle.lines:
            if line["kind"] == "release":
                windows.adopt(db, released(line))
        _take_locks(db, bundle)
        taken.append(bundle)
    return Taken(tuple(taken), unbroken, max(lost, _lost_above(db, there)))


def _lost_above(db: Database, there: Outbox) -> int:
    """The highest number of those above the ledger's that may have been given out; 0 for none."""
    last = bundles.last(db)
    here = 0 if last is None else last.sequence
    if there.highest is None or last is None or not bundles.names(db).issuperset(there.unreadable):
        return max(1, here, 0 if there.highest is None else there.highest[1])
    return there.highest[1] if there.highest[1] > here else 0


def _take_locks(db: Database, bundle: formats.Bundle) -> None:
    """What was told of a month stays told, also by a copy that is older than its lock."""
    for line in bundle.lines:
        if line["kind"] == "lock":
            month_locks.adopt(db, locked(line), ())
        elif line["kind"] == "revision":
            month_locks.adopt(db, None, [revised(line)])


def proved(db: Database, there: Outbox, unbroken: bool) -> bool:
    """Whether the last number in the ledger is the last that was ever given out, and its file is there to show it."""
    last = bundles.last(db)
    seen = {bundle.manifest.name for bundle, _content in there.whole}
    if last is None or not unbroken or last.name not in seen:
        return False
    return there.highest == (facts.epoch(db), last.sequence)


def begin_epoch(db: Database, there: Outbox, now: Reading) -> None:
    """A new series: its numbers go on where the ledger ends, revisions of days up to now leave room for lost ones."""
    revisions = [int(found[1]) for name in (*bundles.names(db), *there.unreadable) if (found := REVISION.search(name))]
    days = [bundle.manifest.day for bundle, _content in there.whole]
    sequence = 0 if there.highest is None else there.highest[1]
    series.begin_epoch(db, max([now.day, *days]), max([0, *revisions]) + LEFT_FREE, sequence)
    if days and facts.first_use(db) is None:
        facts.put(db, "first_use", min(days))
