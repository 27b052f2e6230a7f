"""A station on made-up clocks: store, rules, recorder, meter and the trust in its date are the real ones.

`World` is what is true; the PC sees it through a wall clock that is off by `wrong`, a hardware clock, and a kernel that
follows a time server or not.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from kiosk.clock import LOCAL, Clock, Clocks
from kiosk.loop import Action, Loop
from kiosk.rules import events as ev
from kiosk.rules.answers import Answers
from kiosk.rules.policy import parse_policy
from kiosk.rules.station import State
from kiosk.service import meter
from kiosk.service.dating import Dating
from kiosk.service.reconcile import Reconciler
from kiosk.service.recorder import Recorder
from kiosk.service.taking_up import agree, recover
from kiosk.store import Store

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)
POLICY = parse_policy({"session": {"minutes": 600}})


class World(Clocks):
    """True time, and what the PC makes of it. It is also the machine that is asked (machine_clock.Machine)."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.true, self.wrong = now.astimezone(timezone.utc), timedelta()
        self.boots, self.boot_id, self.since = 1, "boot-1", 5.0
        self.follows = False
        self.hardware_wrong: timedelta | None = timedelta()
        self.others: tuple[datetime, ...] = ()

    def boot(self) -> float:
        return self.since

    def wall(self) -> datetime:
        return self.true + self.wrong

    def synchronised(self) -> bool:
        return self.follows

    def hardware(self) -> datetime | None:
        return None if self.hardware_wrong is None else self.true + self.hardware_wrong

    def saved(self) -> tuple[datetime, ...]:
        return self.others

    def pass_time(self, seconds: float) -> None:
        """Time passes for everybody."""
        self.true += timedelta(seconds=seconds)
        self.since += seconds

    def step(self, wall: datetime) -> None:
        """Somebody sets the clock: the kernel no longer calls it synchronised."""
        self.wrong, self.follows = wall - self.true, False

    def follow(self) -> None:
        """A time server is found: the clock is right, and the kernel knows."""
        self.wrong, self.follows = timedelta(), True

    def reboot(self, off: timedelta, shows: datetime | None = None) -> None:
        """Off for a while; the hardware clock, and the kernel after it, then shows the truth or what is said."""
        self.true += off
        self.boots += 1
        self.boot_id, self.since, self.follows = f"boot-{self.boots}", 20.0, False
        self.wrong = timedelta() if shows is None else shows + timedelta(seconds=20) - self.true
        self.hardware_wrong = self.wrong


class ByHand(Loop):
    """A loop that the test turns itself: what is asked for is done at once, what is to come later by `tick`."""

    def __init__(self) -> None:
        pass

    def after(self, seconds: float, action: Action) -> None:
        pass

    def call_soon(self, action: Action) -> None:
        action()


class DatedStation:
    """The service's inner parts on one store; `restart` as after a crash or a boot."""

    def __init__(self, folder: Path, world: World) -> None:
        self.world = world
        self.store = Store(folder / "store" / "kiosk.db")
        self.numbers = 0
        self.start()

    def start(self) -> None:
        """As service/__main__.py puts them together, without processes."""
        self.clock = Clock(self.world)
        self.dating = Dating(self.store, self.clock, self.world)
        self.recorder = Recorder(self.store, "01")
        self.service = Reconciler(ByHand(), self.clock, POLICY, self.store, self.recorder, self.dating)
        self.service.site_facts = {"troubles": []}
        self.store.run(meter.count_boot, self.clock.read())
        recover(self.service)
        agree(self.service, "")
        self.service.start()

    def run(self, seconds: float, every: float = 5.0, between: Callable[[], None] = lambda: None) -> None:
        """Time passes and the loop ticks."""
        while seconds > 0:
            self.world.pass_time(min(every, seconds))
            seconds -= every
            between()
            self.tick()

    def tick(self) -> None:
        """One tick of the loop, now."""
        self.service._tick(self.service._tick_number)

    def open(self, answers: Answers | None = None) -> None:
        """A citizen signs in, and their programs are there at once."""
        self.numbers += 1
        session = f"s{self.numbers}"
        assert self.service.happen(ev.SignIn(session, answers or Answers())) is None
        self.service.happen(ev.Opened(session))

    def finish(self) -> None:
        """The citizen signs out, and all is wiped."""
        session = self.service.station.session
        assert session is not None
        self.service.happen(ev.Finish())
        self.service.happen(ev.Covered())
        self.service.happen(ev.Ended(session.id, True))

    def visit(self, seconds: float = 600) -> None:
        """A whole visit."""
        self.open()
        self.run(seconds)
        self.finish()

    @property
    def is_open(self) -> bool:
        """Whether a citizen is at the PC."""
        return self.service.station.state is State.OPEN

    @property
    def trusted(self) -> bool:
        """Whether the date is trusted now."""
        return self.clock.read().trusted

    def rows(self, table: str = "sessions") -> list[tuple[str, int, int, str]]:
        """(day, hour, seconds, reason) of every dated session; with `undated_sessions` boot and minute first."""
        first = "day, hour" if table == "sessions" else "boot_id, boot_minute"
        return self.store.run(lambda db: db.execute(f"SELECT {first}, seconds, reason FROM {table}").fetchall())

    def days(self) -> dict[str, dict[str, int]]:
        """Every day's totals."""
        rows = self.store.run(lambda db: db.execute("SELECT day, code, count FROM day_totals").fetchall())
        found: dict[str, dict[str, int]] = {}
        for day, code, count in rows:
            found.setdefault(day, {})[code] = count
        return found

    def tallies(self) -> dict[tuple[str, str], int]:
        """All tallies."""
        return {(t, s): n for t, s, n in self.store.run(lambda db: db.execute("SELECT * FROM tallies").fetchall())}
