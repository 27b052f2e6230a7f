"""Random histories of a PC whose clock is stepped, synchronised, lost and found: nothing lost, doubled or misdated.

Beside the station a plain list keeps what is true: when each session really began and how long it really was. Whatever
the clocks did, every session is counted once, with its own seconds, on its own day or on none; and a day that never was
is nowhere, not in the store and not in a bundle.
"""

import os
import random
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from dated_station import MORNING, DatedStation, World

from kiosk.clock import LOCAL
from kiosk.export.outbox import Identity
from kiosk.export.run import Exporter, export_run
from kiosk.rules import events as ev
from kiosk.rules.answers import Answers
from kiosk.rules.station import State
from kiosk.store import bundles
from tests.tries import tries

HISTORIES, STEPS = tries(100), 30
SEED = int(os.environ.get("KIOSK_TEST_SEED", random.randrange(2**32)))
# The hardware clock may be off by AGREES, and an undated session is known by the minute.
BLUR = timedelta(seconds=400)


class History:
    """One PC's life. `ended`: (true start, seconds, how far they may be off) of every session that is over."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.chance, self.world = chance, World(MORNING + timedelta(days=chance.randrange(40)))
        self.begun_at = self.world.true
        self.station = DatedStation(folder, self.world)
        identity = Identity("TH-012", "03", "0.1.0", "cd" * 32)
        self.exporter = Exporter(self.station.store, folder / "outbox", identity, "00:00", lambda day: 450)
        self.running: tuple[datetime, float] | None = None
        self.ended: list[tuple[datetime, float, float]] = []
        self.met: dict[str, int] = {}

    def step(self) -> None:
        """Something happens."""
        deeds = [self.wait, self.wait, self.visitor, self.visitor, self.set_clock, self.server, self.no_server]
        deeds += [self.confirm, self.crash, self.power_cut, self.night, self.export]
        deed = self.chance.choice(deeds)
        self.met[deed.__name__] = self.met.get(deed.__name__, 0) + 1
        deed()
        self.check()

    def wait(self) -> None:
        self.station.run(self.chance.choice([7, 60, 600]), every=self.chance.choice([1, 5, 10]))

    def visitor(self) -> None:
        if self.running is None:
            self.station.open(Answers("FST_Y"))
            self.running = (self.world.true, self.world.since)
        else:
            self.station.finish()
            self.over()

    def over(self, lost: float = 0.0) -> None:
        """The running session has ended; up to `lost` seconds of it may be missing."""
        assert self.running is not None
        started, since = self.running
        self.running = None
        self.ended.append((started, self.world.since - since, lost))

    def set_clock(self) -> None:
        """Anybody with the right to: some years off, or a few hours, or over midnight and the month's end."""
        days = self.chance.choice([3653, -3653, 365, -200, 31, 1, -1, 0.25, -0.25])
        self.world.step(self.world.true + timedelta(days=days))
        self.station.tick()

    def server(self) -> None:
        self.world.follow()
        if self.chance.random() < 0.5:
            self.station.tick()

    def no_server(self) -> None:
        self.world.follows = False

    def confirm(self) -> None:
        """An honest manager: says yes where it is true."""
        if abs(self.world.wrong) < timedelta(minutes=2):
            self.station.dating.confirm("Lan", self.station.clock.read().offset)

    def crash(self) -> None:
        """The service alone dies; without its supervisor's word the session's programs are gone."""
        self.station.start()
        if self.running is not None:
            assert not self.station.is_open
            self.over(lost=15)
            self.clear()

    def power_cut(self) -> None:
        self.boot(timedelta(seconds=self.chance.choice([90, 600, 5_000])))

    def night(self) -> None:
        self.boot(timedelta(hours=self.chance.choice([12, 40])))

    def boot(self, off: timedelta) -> None:
        """Sometimes the battery is dead, or the clock stood still: those are the lies that a machine can tell."""
        shows = self.chance.choice([None, None, datetime(2010, 1, 1, tzinfo=LOCAL), self.world.true])
        self.station.tick()  # it looks every second, so it has seen the last step before the power goes
        if shows is self.world.true and abs(self.world.wrong) > timedelta(minutes=2):
            shows = None
        if self.running is not None:
            self.over(lost=15)
        self.world.reboot(off, shows)
        self.station.start()
        self.station.service.happen(ev.Finish("manager"))  # a resume that is offered is declined

    def clear(self) -> None:
        """Lock and supervisor bring the station back after a fault."""
        self.station.service.happen(ev.Covered())
        wiping = self.station.service.station.wiping
        if wiping is not None:
            self.station.service.happen(ev.Ended(wiping, True))

    def export(self) -> None:
        export_run(self.exporter, self.station.clock.read())

    # -- what must be true

    def days(self) -> set[str]:
        """Every day that really was, give or take a few minutes."""
        first, last = (self.begun_at - BLUR).astimezone(LOCAL), (self.world.true + BLUR).astimezone(LOCAL)
        count = (last.date() - first.date()).days
        return {(first.date() + timedelta(days=n)).isoformat() for n in range(count + 1)}

    def check(self) -> None:
        assert (self.station.service.station.state is State.OPEN) == (self.running is not None)
        dated, undated = self.station.rows(), self.station.rows("undated_sessions")
        assert len(dated) + len(undated) == len(self.ended), "none lost, none twice"
        assert set(self.station.days()) <= self.days()
        assert self.station.store.run(bundles.days) <= self.days()
        self.check_rows(list(dated), list(undated))
        if self.station.trusted:
            assert abs(self.world.wrong) <= BLUR, "an honest world: what is trusted is right"

    def check_rows(self, dated: list[tuple[str, int, int, str]], undated: list[tuple[str, int, int, str]]) -> None:
        """Each true session fits one row: its seconds, and its day and hour where it has them."""
        for started, seconds, lost in self.ended:
            moments = [(started + shift).astimezone(LOCAL) for shift in (-BLUR, timedelta(), BLUR)]
            when = {(moment.date().isoformat(), moment.hour) for moment in moments}
            fits = [row for row in dated if row[:2] in when and seconds - lost - 1 <= row[2] <= seconds + 1]
            others = [row for row in undated if seconds - lost - 1 <= row[2] <= seconds + 1]
            assert fits or others, (started, seconds, dated, undated)
        exact = sum(seconds for _, seconds, _ in self.ended)
        missing = sum(lost for _, _, lost in self.ended)
        counted = sum(row[2] for row in [*dated, *undated])
        assert exact - missing - len(self.ended) <= counted <= exact + len(self.ended)

    def at_last(self) -> None:
        """A time server is found, and the loop goes on: what this boot counted has its days, and totals agree."""
        self.world.follow()
        if self.running is not None:
            self.visitor()
        self.station.run(130)
        self.check()
        dated, undated = self.station.rows(), self.station.rows("undated_sessions")
        assert self.world.boot_id not in {row[0] for row in undated}
        ends = sum(n for totals in self.station.days().values() for code, n in totals.items() if code[:4] == "end:")
        assert ends == len(dated)
        firsts = {table: n for (table, side), n in self.station.tallies().items() if side == "FST_Y"}
        visits = sum(seconds >= 60 for _, _, seconds, _ in [*dated, *undated])
        assert sum(firsts.values()) == visits and "FST:undated" not in firsts
        assert {table[4:] for table in firsts} <= {day[:7] for day in self.days()}


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_whatever_the_clocks_do_each_session_is_counted_once_on_its_own_day_or_on_none() -> None:
    met: dict[str, int] = {}
    sessions = undated = 0
    for number in range(HISTORIES):
        folder = Path(tempfile.mkdtemp(prefix="kiosk-clocks-"))
        history = History(folder, random.Random(f"{SEED} {number}"))
        try:
            for _ in range(STEPS):
                history.step()
            history.at_last()
            sessions += len(history.ended)
            undated += len(history.station.rows("undated_sessions"))
        except AssertionError as error:
            raise AssertionError(f"KIOSK_TEST_SEED={SEED} history {number}: {error}") from error
        finally:
            history.station.store.close()
            shutil.rmtree(folder)
        for name, count in history.met.items():
            met[name] = met.get(name, 0) + count
    counts = " ".join(f"{name}={count}" for name, count in sorted(met.items()))
    print(f"\nClocks: KIOSK_TEST_SEED={SEED} histories={HISTORIES} sessions={sessions} undated={undated} {counts}")
    assert sessions > HISTORIES and undated > 0 and min(met.values()) > HISTORIES / 2
