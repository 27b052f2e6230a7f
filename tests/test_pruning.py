"""Bytes leave a station only once the province has signed that it has them, and 35 days later.

And whatever backup is put back in between, no day at the province becomes less than it was.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from receiver import receiving
from restored import back_up, restore
from sending_station import Sender
from tries import tries

from kiosk.export.formats import read
from kiosk.store import acknowledged, bundles
from kiosk.store.acknowledged import Told
from kiosk.store.prune import KEPT_DAYS, prune


def kept(station: Sender) -> set[str]:
    """sha256 of the bundles whose bytes the ledger has; each must lie in the outbox, and nothing else may."""
    rows = station.store.run(
        lambda db: db.execute("SELECT sha256, name FROM bundles WHERE content IS NOT NULL").fetchall()
    )
    assert {path.name for path in station.paths.outbox.glob("*.gz")} == {name for _sha, name in rows}
    return {sha for sha, _name in rows}


@pytest.mark.slow
def test_they_go_after_35_days_and_are_not_made_up_again(tmp_path: Path) -> None:
    with receiving(tmp_path / "province") as theirs, Sender(tmp_path / "home") as station:
        theirs.enrol(station.paths)
        station.days(3)
        theirs.now = station.clock.now.wall
        station.nightly.send()
        last = [path.name for path in sorted(station.paths.outbox.glob("*.gz"))]
        station.clock.passes(days=34)
        station.nightly.run()
        assert {path.name for path in station.paths.outbox.glob("*.gz")} >= set(last)
        station.clock.passes(days=2)
        station.nightly.run()
        assert not {path.name for path in station.paths.outbox.glob("*.gz")} & set(last)
        have = len(list(station.paths.outbox.glob("*.gz")))
        assert have == 36, "days that the province does not have stay, however old"
        assert [one for one in station.nightly.run() if one["new"]] == []
        assert station.store.run(bundles.days) >= set(station.visits), "the ledger's lines stay"
        station.close()
        station.open()
        station.nightly.run()
        assert len(list(station.paths.outbox.glob("*.gz"))) == have


def test_a_power_cut_between_ledger_and_file_is_tidied_later(tmp_path: Path) -> None:
    with Sender(tmp_path / "home") as station:
        station.days(2)
        path = min(station.paths.outbox.glob("*.gz"))
        station.store.run(lambda db: db.execute("UPDATE bundles SET content = NULL WHERE name = ?", (path.name,)))
        assert prune(station.store, station.paths.outbox, station.clock.now) == 0 and not path.exists()
        station.nightly.run()
        assert not path.exists() and len(kept(station)) == 1


@pytest.mark.parametrize("behind", [timedelta(days=366), timedelta(0), timedelta(days=-1)])
@pytest.mark.parametrize("trusted", [True, False])
def test_neither_clock_alone_lets_them_go_at_once(tmp_path: Path, behind: timedelta, trusted: bool) -> None:
    """The province's clock is a year behind, or right, or a day ahead; the station may not know the date yet."""
    with Sender(tmp_path / "home") as station:
        station.days(2)
        clock = station.clock
        [one, *_more] = kept(station)
        heard = clock.now.wall if trusted else clock.now.wall - timedelta(days=4_000)
        told = Told({one: (clock.now.wall - behind).isoformat()})
        station.store.run(acknowledged.take, told, "https", heard.isoformat(), trusted)
        assert prune(station.store, station.paths.outbox, clock.now) == 0
        clock.passes(days=KEPT_DAYS, seconds=-1)
        assert prune(station.store, station.paths.outbox, clock.now) == 0
        clock.passes(days=1, seconds=2)
        assert prune(station.store, station.paths.outbox, clock.now) == 1 and one not in kept(station)


def test_what_was_heard_in_a_year_to_come_goes_35_days_after_the_date_was_set_right(tmp_path: Path) -> None:
    with Sender(tmp_path / "home") as station:
        station.days(1)
        [one] = kept(station)
        at = station.clock.now.wall
        station.store.run(
            acknowledged.take, Told({one: at.isoformat()}), "https", f"{at.year + 60}-01-01T00:00:00+00:00"
        )
        assert prune(station.store, station.paths.outbox, station.clock.now) == 0
        station.clock.passes(days=KEPT_DAYS, seconds=1)
        assert prune(station.store, station.paths.outbox, station.clock.now) == 1


class Histories(RuleBasedStateMachine):
    """Random days, receipts, marks, restarts, lost files, backups put back.

    The model: who signed what, and when; and what the province would have of each day, if it had all.
    """

    @initialize(seed=st.integers(0, 9))
    def begin(self, seed: int) -> None:
        self.folder = TemporaryDirectory()
        self.station = Sender(Path(self.folder.name) / "home")
        self.signed: dict[str, datetime] = {}  # sha256 -> the oldest receipt that counts now
        self.all: dict[str, None] = {}  # sha256 in the order of the ledger: the dice fall alike
        self.lost: set[str] = set()  # with the disk, nobody signed for them
        self.told: dict[str, tuple[int, int]] = {}  # day -> (revision, visits) of its newest bundle
        self.most: dict[str, int] = {}
        self.backups: list[Path] = []
        self.station.days(2 + seed)
        self._look()

    def _look(self) -> None:
        rows = self.station.store.run(
            lambda db: db.execute("SELECT sha256, content FROM bundles ORDER BY sequence").fetchall()
        )
        for sha, content in rows:
            if sha not in self.all:
                bundle = read(content)
                day, told = bundle.manifest.day, (bundle.manifest.revision, bundle.day["visits"])
                self.told[day] = max(self.told.get(day, (0, 0)), told)
                self.most[day] = max(self.most.get(day, 0), told[1])
            self.all[sha] = None

    @rule(days=st.integers(1, 30))
    def days_pass(self, days: int) -> None:
        self.station.clock.passes(days=days)
        self.station.nightly.run()
        self._look()

    @rule(part=st.floats(0, 1), ago=st.integers(-3, 60))
    def a_receipt_comes(self, part: float, ago: int) -> None:
        names = list(self.all)[: round(part * len(self.all))]
        at = self.station.clock.now.wall - timedelta(days=ago)
        told = Told({name: at.isoformat() for name in names})
        self.station.store.run(acknowledged.take, told, "https", self.station.clock.now.wall.isoformat())
        for name in names:
            self.signed.setdefault(name, self.station.clock.now.wall if at < self.station.clock.now.wall else at)

    @rule(part=st.floats(0, 1), code=st.sampled_from(["RANGE", "WRONG_SITE"]))
    def a_refusal_comes(self, part: float, code: str) -> None:
        names = list(self.all)[: round(part * len(self.all))]
        told = Told(refused=dict.fromkeys(names, code))
        self.station.store.run(acknowledged.take, told, "https", self.station.clock.now.wall.isoformat())

    @rule(number=st.integers(1, 3))
    def the_province_forgets(self, number: int) -> None:
        known = self.station.store.run(acknowledged._known).get("ledger")
        told = Told(ledger=f"ledger-{number}")
        self.station.store.run(acknowledged.take, told, "https", self.station.clock.now.wall.isoformat())
        if known not in (None, f"ledger-{number}"):
            self.signed = {name: at for name, at in self.signed.items() if name not in self._kept()}

    @rule()
    def a_late_visit_restates_a_day(self) -> None:
        self.station.visit(self.station.clock.now.day)
        self.station.nightly.run()
        self._look()

    @rule()
    def a_file_is_lost(self) -> None:
        for path in sorted(self.station.paths.outbox.glob("*.gz"))[:1]:
            path.unlink()
        self.station.nightly.run()

    @rule(backup=st.booleans())
    def a_day_is_told_at_noon_and_again_at_night(self, backup: bool) -> None:
        self.station.clock.passes(hours=12)
        day = self.station.clock.now.day
        self.station.visit(day, 2)
        self.station.nightly.run(day)
        self._look()
        self.station.visit(day)
        if backup:
            self.a_backup_is_made()
        self.station.clock.passes(hours=12)
        self.station.visit(day, 3)
        self.station.nightly.run()
        self._look()

    @rule()
    def a_backup_is_made(self) -> None:
        path = Path(self.folder.name) / f"backup-{len(self.backups)}.db"
        back_up(self.station, path)
        self.backups.append(path)

    @precondition(lambda self: self.backups)
    @rule(which=st.floats(0, 1), disk=st.booleans(), days=st.integers(1, 20))
    def a_backup_is_put_back(self, which: float, disk: bool, days: int) -> None:
        """The next day, or later; onto another disk there is no outbox either."""
        self.station.clock.passes(days=days)
        if disk:
            for path in self.station.paths.outbox.glob("*.gz"):
                path.unlink()
        backup = self.backups[round(which * (len(self.backups) - 1))]
        restore(self.station, backup)
        here = self.station.store.run(lambda db: {sha for (sha,) in db.execute("SELECT sha256 FROM bundles")})
        if disk:
            self.lost |= self.all.keys() - here
        self.station.nightly.run()
        self._look()

    @rule()
    def it_starts_again(self) -> None:
        self.station.close()
        self.station.open()
        self.station.nightly.run()
        self._look()

    @rule()
    def the_date_is_lost_for_a_while(self) -> None:
        now = self.station.clock.now
        self.station.clock.now = type(now)(now.boot, now.boot_id, now.wall + timedelta(days=4_000), False)
        self.station.nightly.run()
        self.station.clock.now = now

    def _kept(self) -> set[str]:
        rows = self.station.store.run(
            lambda db: db.execute("SELECT sha256 FROM bundles WHERE content IS NOT NULL").fetchall()
        )
        return {sha for (sha,) in rows}

    @invariant()
    def only_what_was_signed_long_ago_is_gone(self) -> None:
        if not hasattr(self, "station"):
            return
        gone = self.all.keys() - self._kept() - self.lost
        before = self.station.clock.now.wall - timedelta(days=KEPT_DAYS)
        assert gone <= set(self.signed), "never without a receipt"
        assert all(self.signed[name] < before for name in gone), "never within 35 days of it"
        for path in self.station.paths.outbox.glob("*.gz"):
            assert read(path.read_bytes()).manifest.day <= date.max.isoformat()

    @invariant()
    def no_day_became_less(self) -> None:
        if hasattr(self, "station"):
            assert {day: visits for day, (_revision, visits) in self.told.items()} == self.most

    def teardown(self) -> None:
        if hasattr(self, "station"):
            self.station.close()
            self.folder.cleanup()


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=tries(20), stateful_step_count=15, deadline=None)


def test_the_control_of_it_all(tmp_path: Path) -> None:
    """Were a receipt of today enough, the histories above would see it: this is what they look for."""
    with Sender(tmp_path / "home") as station:
        station.days(2)
        [one, *_more] = kept(station)
        at = station.clock.now.wall
        station.store.run(acknowledged.take, Told({one: at.isoformat()}), "https", at.isoformat())
        assert prune(station.store, station.paths.outbox, station.clock.now) == 0
        station.clock.passes(days=KEPT_DAYS, seconds=1)
        assert prune(station.store, station.paths.outbox, station.clock.now) == 1 and one not in kept(station)
