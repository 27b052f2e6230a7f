"""After a copy was put in the place of a lost file: what the outbox still knows is taken from it, the rest counted.

The bundles there hold the exact totals of every day that was exported and not pruned. The epoch goes on only where the
outbox shows the whole chain up to the last number ever given out; else a new one begins, with higher numbers and
revisions, so that nothing the province has is ever said twice in other words. Days of which it may know more than we
do now are left to it (losses.unsure_since).
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.clock import LOCAL, Reading
from kiosk.export import formats
from kiosk.export.bundle import REASONS
from kiosk.export.remains import Outbox, begin_epoch, look, proved, take
from kiosk.lean_sqlite import Database
from kiosk.rules.health_days import CODES as HEALTH
from kiosk.store import Store, acknowledged, audit, facts, journal_telling, losses, salvage, windows
from kiosk.store.losses import Loss


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
    taken = take(db, there)
    for bundle in taken.bundles:
        losses.restate(db, bundle.manifest.day, *_totals(bundle))
    for bundle, _content in there.whole:
        _put_months(db, bundle)
    for bundle in {bundle.manifest.day: bundle for bundle in taken.bundles}.values():
        _put_journal(db, bundle, now)
    saved = _save(db, note.get("saved") or {})
    if taken.bundles:
        known = max(known or "", *(bundle.manifest.created for bundle in taken.bundles))
    fresh = note["cause"] != "asked" and note.get("copy") is None
    new_epoch = fresh or not proved(db, there, taken.unbroken)
    if taken.lost:
        facts.lost_until(db, now)
        losses.unsure_since(db, _day_of(note.get("copy_at")), taken.lost)
    acknowledged.ask_again(db)  # by receipts of a memory of the province that it may have lost since the copy was made
    if new_epoch:
        begin_epoch(db, there, now)
    closed = facts.get(db, "month_closed")
    loss = Loss(
        at=str(note["at"]),
        cause=str(note["cause"]),
        known_to=known,
        set_aside=str(note["set_aside"]),
        days=len({bundle.manifest.day for bundle in taken.bundles}),
        saved=saved,
        sessions=losses.rows_missing(db),
        new_epoch=new_epoch,
        answers_gone=losses.visits_since(db, _after(closed)),
    )
    losses.settle(db, loss)
    audit.note(db, now.wall, "kiosk", "store_replaced", f"{loss.cause} {note.get('copy') or '-'} {loss.set_aside}")
    return loss


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


def _day_of(moment: Any) -> str:
    """The local day of a moment, "" where it cannot be told: then it may be any."""
    try:
        at = datetime.fromisoformat(str(moment))
    except ValueError:
        return ""
    return "" if at.tzinfo is None else at.astimezone(LOCAL).date().isoformat()


def _after(month: str | None) -> str:
    """The first day after a month (YYYY-MM); the beginning of all days where no month was closed."""
    if not month:
        return ""
    return (date.fromisoformat(f"{month}-28") + timedelta(days=4)).replace(day=1).isoformat()
