"""After a copy was put in the place of a lost file: what the outbox still knows is taken from it, the rest counted.

The bundles there hold the exact totals of every day that was exported. The epoch goes on only where the outbox shows
the whole chain up to the last number ever given out; else a new one begins, with higher numbers and revisions, so
that nothing the province has is ever said twice in other words.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kiosk.clock import Reading
from kiosk.export import formats, highest
from kiosk.export.bundle import REASONS, locked, released, revised
from kiosk.export.files import trouble
from kiosk.export.outbox import made_of
from kiosk.lean_sqlite import Database
from kiosk.rules.health_days import CODES as HEALTH
from kiosk.store import Store, audit, bundles, facts, journal_telling, losses, month_locks, salvage, series, windows
from kiosk.store.losses import Loss

REVISION = re.compile(r"_r(\d{1,9})\.jsonl\.gz$")
# Revisions that nobody can see any more may have been given out; so many are left free.
LEFT_FREE = 100


@dataclass(frozen=True)
class Outbox:
    """What lies in the folder: bundles of this station, names of files of its own that cannot be read."""

    whole: tuple[tuple[formats.Bundle, bytes], ...]
    unreadable: tuple[str, ...]
    highest: tuple[str, int] | None


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


def replay(store: Store, outbox: Path, site: str, station: str, now: Reading) -> Loss | None:
    """Catches up after a copy took the store's place: once, whole or not at all. None where nothing was replaced."""
    if store.run(losses.pending) is None:
        return None
    return store.run(_replay, look(store.path, outbox, site, station), now)


def _replay(db: Database, there: Outbox, now: Reading) -> Loss:
    note = losses.pending(db)
    assert note is not None, "looked at before, and only this takes it away"
    windows.hold_all(db, "restore")
    losses.forget_running(db)
    known = _known_to(note.get("copy_at"))
    unbroken, taken = _take(db, there)
    for bundle in taken:
        losses.restate(db, bundle.manifest.day, *_totals(bundle))
    for bundle, _content in there.whole:
        _put_months(db, bundle)
    for bundle in {bundle.manifest.day: bundle for bundle in taken}.values():
        _put_journal(db, bundle, now)
    saved = _save(db, note.get("saved") or {})
    if taken:
        known = max(known or "", *(bundle.manifest.created for bundle in taken))
    fresh = note["cause"] != "asked" and note.get("copy") is None
    new_epoch = fresh or not _proved(db, there, unbroken)
    if _some_are_lost(db, there):
        facts.lost_until(db, now)
    if new_epoch:
        _begin_epoch(db, there, now)
    closed = facts.get(db, "month_closed")
    loss = Loss(
        at=str(note["at"]),
        cause=str(note["cause"]),
        known_to=known,
        set_aside=str(note["set_aside"]),
        days=len({bundle.manifest.day for bundle in taken}),
        saved=saved,
        sessions=losses.rows_missing(db),
        new_epoch=new_epoch,
        answers_gone=losses.visits_since(db, _after(closed)),
    )
    losses.settle(db, loss)
    audit.note(db, now.wall, "kiosk", "store_replaced", f"{loss.cause} {note.get('copy') or '-'} {loss.set_aside}")
    return loss


def _take(db: Database, there: Outbox) -> tuple[bool, list[formats.Bundle]]:
    """Takes every bundle that the ledger lacks, in order; whether all of them continue its chain, and the bundles."""
    unbroken, taken = not there.unreadable, []
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
        bundles.insert(db, made_of(bundle, content))
        facts.put(db, "epoch", manifest.epoch)
        facts.put(db, "lineage", manifest.lineage)  # whose days we take, that memory we are
        for line in bundle.lines:
            if line["kind"] == "release":
                windows.adopt(db, released(line))
        _take_locks(db, bundle)
        taken.append(bundle)
    return unbroken, taken


def _take_locks(db: Database, bundle: formats.Bundle) -> None:
    """What was told of a month stays told, also by a copy that is older than its lock."""
    for line in bundle.lines:
        if line["kind"] == "lock":
            month_locks.adopt(db, locked(line), ())
        elif line["kind"] == "revision":
            month_locks.adopt(db, None, [revised(line)])


def _proved(db: Database, there: Outbox, unbroken: bool) -> bool:
    """Whether the last number in the ledger is the last that was ever given out, and its file is there to show it."""
    last = bundles.last(db)
    seen = {bundle.manifest.name for bundle, _content in there.whole}
    if last is None or not unbroken or last.name not in seen:
        return False
    return there.highest == (facts.epoch(db), last.sequence)


def _some_are_lost(db: Database, there: Outbox) -> bool:
    """Whether bundles may have been given out that neither ledger nor outbox knows.

    Days before today that have none here are told by nobody then: half of a day, or nought, would take the place of
    what the province has of it.
    """
    last, names = bundles.last(db), bundles.names(db)
    if there.highest is None or last is None or there.highest[1] > last.sequence:
        return True
    return not names.issuperset(there.unreadable)


def _begin_epoch(db: Database, there: Outbox, now: Reading) -> None:
    """A new series: its numbers go on where the ledger ends, revisions of days up to now leave room for lost ones."""
    revisions = [int(found[1]) for name in (*bundles.names(db), *there.unreadable) if (found := REVISION.search(name))]
    days = [bundle.manifest.day for bundle, _content in there.whole]
    sequence = 0 if there.highest is None else there.highest[1]
    series.begin_epoch(db, max([now.day, *days]), max([0, *revisions]) + LEFT_FREE, sequence)
    if days and facts.first_use(db) is None:
        facts.put(db, "first_use", min(days))


def _totals(bundle: formats.Bundle) -> tuple[dict[str, int], dict[str, int]]:
    day = {name: bundle.day[name] for name in formats.KINDS["day"][1]}
    totals = {name.replace("_minutes", "_seconds") if name in ROUNDED else name: value * (60 if name in ROUNDED else 1)
              for name, value in day.items()}  # fmt: skip
    totals |= {f"end:{line['code']}": line["count"] for line in bundle.lines if line["kind"] == "end"}
    totals |= {code: line[code] for line in bundle.lines if line["kind"] == "health" for code in HEALTH}
    told = {line["code"]: line["count"] for line in bundle.lines if line["kind"] == "reason"}
    totals |= {total: told[code] for code, total in REASONS.items() if code in told}
    totals["pages"] = sum(line["pages"] for line in bundle.lines if line["kind"] == "print")
    return totals, {line["item"]: line["count"] for line in bundle.lines if line["kind"] == "open"}


# Kept by the second, told by the minute: the fraction of one minute is lost.
ROUNDED = ("open_minutes", "internet_minutes")


def _put_months(db: Database, bundle: formats.Bundle) -> None:
    for line in bundle.lines:
        if line["kind"] == "month":
            losses.put_tally(db, f"{line['table']}:{line['month']}", line["side"], line["count"])


def _put_journal(db: Database, bundle: formats.Bundle, now: Reading) -> None:
    """What staff had written of a day after the copy was made: its sums are known, its words are not."""
    day = date.fromisoformat(bundle.manifest.day)
    told = {line["code"]: line["count"] for line in bundle.lines if line["kind"] == "journal"}
    journal_telling.put_back(db, day, day, told, now.wall)
    months = defaultdict[str, dict[str, int]](dict)
    for line in bundle.lines:
        if line["kind"] == "journal_before":
            months[line["month"]][line["code"]] = line["count"]
    for month, counts in months.items():
        journal_telling.put_back(db, *journal_telling.month_span(month, day), counts, now.wall)


def _save(db: Database, days: Mapping[str, Mapping[str, int]]) -> int:
    """Takes days that could be read of the damaged file where they know more than what is here; how many visits."""
    before = losses.visits_since(db, "")
    for day, codes in days.items():
        here = losses.totals_of_day(db, day)
        if all(codes.get(code, 0) >= count for code, count in here.items()) and salvage.agrees(dict(codes)):
            losses.restate(db, day, codes, {})
    return losses.visits_since(db, "") - before


def _known_to(copy_at: Any) -> str | None:
    return str(copy_at) if copy_at else None


def _after(month: str | None) -> str:
    """The first day after a month (YYYY-MM); the beginning of all days where no month was closed."""
    if not month:
        return ""
    return (date.fromisoformat(f"{month}-28") + timedelta(days=4)).replace(day=1).isoformat()
