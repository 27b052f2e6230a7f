"""kill -9 of a station's service while it folds a year's old sessions away, makes copies and catches up on bundles.

The service is the real one, under its real supervisor. Only its pauses are short, so that it looks after its memory as
soon as it is ready, and its slices, so that a fold takes longer. The seed is printed; KIOSK_TEST_SEED repeats it, and
KIOSK_TEST_KILLS says how many.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.clock import Clock, boot_id
from kiosk.export import formats
from kiosk.rules.answers import Answers
from kiosk.rules.tallies import tally_rows
from kiosk.store import Store, copies, facts, sessions
from kiosk.store.folding import Kept, before
from tests.fault_support import visit
from tests.kill_storm import kept
from tests.running import LONG, RunningStation
from tests.store_support import ended

KILLS = max(10, int(os.environ.get("KIOSK_TEST_KILLS", "25")) // 10)
SEED = int(os.environ.get("KIOSK_TEST_SEED", random.SystemRandom().randrange(1 << 32)))
pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.faults, pytest.mark.timeout(240 + KILLS * 4)]

# Loaded by Python itself at the start of every process of the station.
SHORTER = """
import sys
if "kiosk.service" in sys.orig_argv:
    from kiosk.service import keeping, nightly
    from kiosk.store import folding
    keeping.FIRST_LOOK = nightly.FIRST_LOOK = 0.05
    folding.SLICE = 10
"""
OLD_DAYS, OLD, RECENT_DAYS, RECENT = 30, 24_000, 40, 300


class Past:
    """What a station has behind it: sessions older than 13 months, and recent ones. `visits` by day is the model."""

    def __init__(self, mixed: random.Random) -> None:
        now = Clock().read()
        self.today, self.now = now.local.date(), now
        self.cut = before(self.today, Kept().sessions_months)
        self.first = self.cut - timedelta(days=OLD_DAYS)
        old = [self.first + timedelta(days=mixed.randrange(OLD_DAYS)) for _ in range(OLD)]
        recent = [self.today - timedelta(days=1 + mixed.randrange(RECENT_DAYS)) for _ in range(RECENT)]
        self.visits = Counter(day.isoformat() for day in (*old, *recent))

    def put(self, path: Path) -> None:
        """Counted by the store's own function, in a date that a manager has confirmed in this boot."""
        answers = Answers("FST_Y", "SEX_F", "AGE_31_59", frozenset({"GRP_POOR"}))
        belief = {"boot_id": boot_id(), "refusal": None, "because": "manager", "offset": round(self.now.offset)}
        with Store(path) as store:
            store.run(facts.put, "first_use", self.first.isoformat())
            store.run(facts.keep_clock, belief)
            for day, count in self.visits.items():
                rows = tally_rows(answers, day[:7])
                store.run(lambda db: [sessions.record(db, ended(day, 60), rows) for _ in range(count)])  # noqa: B023


def _bundles(outbox: Path) -> list[formats.Bundle]:
    """All of the outbox in their order; each names the bytes of the one before it."""
    files = [(formats.read(path.read_bytes()), path.read_bytes()) for path in outbox.glob("*.jsonl.gz")]
    files.sort(key=lambda pair: pair[0].manifest.sequence)
    previous = formats.NO_PREVIOUS
    for number, (bundle, content) in enumerate(files, 1):
        assert (bundle.manifest.sequence, bundle.manifest.previous) == (number, previous)
        previous = formats.file_hash(content)
    return [bundle for bundle, _content in files]


def _newer(folder: Path, since: float) -> bool:
    """Whether a copy is being written that was begun since then."""
    for part in folder.glob(".*.part"):
        try:
            return part.stat().st_mtime >= since
        except FileNotFoundError:
            continue  # it has just become one
    return False


def _shorter(station: RunningStation) -> None:
    custom = station.home.parent / "custom"
    custom.mkdir()
    (custom / "sitecustomize.py").write_text(SHORTER, encoding="utf-8")
    station.env["PYTHONPATH"] = f"{custom}:{station.env['PYTHONPATH']}"


def test_no_total_no_copy_and_no_bundle_is_harmed(home: Path, xvfb: Callable[..., str]) -> None:
    print(f"\nseed {SEED}, {KILLS} kills")
    mixed = random.Random(SEED)
    past, station = Past(mixed), RunningStation(home, xvfb(), LONG)
    past.put(station.paths.store)
    _shorter(station)
    store, outbox = station.paths.store, station.paths.outbox
    days = (past.today - past.first).days
    hit, lives = Counter[str](), 0

    def left() -> int:
        return kept(store).rows.total() - RECENT

    def written() -> int:
        return len(list(outbox.glob("*.gz")))

    def at_work(what: str, since: float, folded_to: int, written_to: int) -> bool:
        """Whether the service is seen in the middle of it."""
        match what:
            case "a copy":
                return _newer(store.parent / "copies", since)
            case "the fold":
                return 0 < left() < folded_to
            case _:
                return written_to < written() < days

    with station:
        while lives < KILLS:
            folded_to, written_to = left(), written()
            lives += 1
            station.wait(lambda: station.log().count("service: ready") >= lives, f"life {lives}", 30)  # noqa: B023
            ready, aims = time.time(), ("the bundles", "a copy", "anything")
            what = aims[lives - 1] if lives <= len(aims) else mixed.choice(aims)
            while what != "anything" and time.time() < ready + 1 and not at_work(what, ready, folded_to, written_to):
                time.sleep(0.001)
            time.sleep(mixed.uniform(0.5, 2.0) if what == "anything" else mixed.uniform(0.0, 0.03))
            (service,) = station.living("service")
            os.kill(service, signal.SIGKILL)
            for one in ("a copy", "the fold", "the bundles"):
                hit[one] += at_work(one, ready, folded_to, written_to)
        station.wait(lambda: left() == 0, "all that is old is folded", 60)
        station.wait(lambda: written() >= days, "all days have their bundle", 90)
        station.wait(station.covered, "covered", 10)
        visit(station)
        assert station.status()["export"]["trouble"] is None and station.status()["memory"]["trouble"] is None
    print(f"{lives} kills, in the middle of {dict(hit)}")
    assert min(hit[what] for what in ("a copy", "the fold", "the bundles")) >= 1, "it was never killed at its work"
    totals = dict(station.rows("SELECT day, count FROM day_totals WHERE code = 'visits'"))
    assert Counter(totals) == past.visits + Counter({past.today.isoformat(): 1})
    ((oldest, there),) = station.rows("SELECT min(day), count(*) FROM sessions")
    assert oldest >= past.cut.isoformat() and there == RECENT + 1
    tallied = station.rows("SELECT sum(visits) FROM tallies WHERE table_name LIKE 'FST:%'")
    assert tallied == [(OLD + RECENT + 1,)] or tallied[0][0] <= OLD + RECENT + 1, (
        "months that are over may have been told"
    )
    _outbox_is_right(station, past)
    made = copies.listed(copies.folder_of(store))
    assert {one.kind for one in made} == {"hourly", "daily", "monthly"}
    assert [one.path.name for one in made if copies.passes(one.path) is None] == []


def _outbox_is_right(station: RunningStation, past: Past) -> None:
    """One bundle a day, none twice, none with another number of visits than the model has."""
    found = _bundles(station.paths.outbox)
    told = {
        bundle.manifest.day: int(bundle.day["visits"])
        for bundle in found
        if bundle.manifest.day < past.today.isoformat()
    }
    days = [past.first + timedelta(days=ahead) for ahead in range((past.today - past.first).days)]
    assert told == {day.isoformat(): past.visits[day.isoformat()] for day in days}
    assert {bundle.manifest.revision for bundle in found} == {1} and date.fromisoformat(
        found[0].manifest.day
    ) == past.first
