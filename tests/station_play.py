"""A station played forward by hand: boot seconds and wall clock move as the test says, effects are collected."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from kiosk.clock import LOCAL, Reading
from kiosk.rules import events as ev
from kiosk.rules.effects import Effect, RecordEnd
from kiosk.rules.policy import Policy, parse_policy
from kiosk.rules.station import State, Station, react
from kiosk.rules.station_status import status

E = TypeVar("E")

# A Friday morning.
FRIDAY_8 = datetime(2026, 11, 20, 8, 0, tzinfo=LOCAL)
WEEK = {
    day: ["07:30-11:30", "13:30-17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
}


class Play:
    """`policy` as in policy.toml; always open unless it has hours. The supervisor is there from the start."""

    def __init__(self, policy: dict[str, Any] | None = None, at: datetime = FRIDAY_8, trusted: bool = True) -> None:
        self.policy: Policy = parse_policy(policy or {})
        self.boot, self.boot_id, self.wall, self.trusted = 100.0, "boot-1", at, trusted
        self.station = Station()
        self.all: list[Effect] = []
        self.do(ev.SupervisorHere(True))

    @property
    def reading(self) -> Reading:
        """The clocks now."""
        return Reading(self.boot, self.boot_id, self.wall, self.trusted)

    def state(self) -> State:
        """The station's state: a method, so that mypy does not take it for unchanged after an event."""
        return self.station.state

    def shown(self) -> dict[str, Any]:
        """The `state` message now."""
        return status(self.station, self.policy, self.reading)

    def do(self, event: ev.Event) -> tuple[Effect, ...]:
        """One event now; its effects."""
        self.station, effects = react(self.station, event, self.policy, self.reading)
        self.all.extend(effects)
        return effects

    def sleep(self, seconds: float) -> None:
        """Both clocks move; nothing runs."""
        self.boot += seconds
        self.wall += timedelta(seconds=seconds)

    def run(self, seconds: float, idle: float | None = 0.0, every: float = 1.0) -> list[Effect]:
        """A Tick each second; `idle` grows from its value, but 0 (somebody is there) and None (not known) stay."""
        effects: list[Effect] = []
        passed = 0.0
        while passed < seconds:
            pause = min(every, seconds - passed)
            passed += pause
            self.sleep(pause)
            effects += self.do(ev.Tick(idle + passed if idle else idle))
        return effects

    def sign_in(self, session: str = "s1", **fields: Any) -> None:
        """A session whose programs are there at once."""
        self.do(ev.SignIn(session, **fields))
        self.do(ev.Opened(session))
        assert self.state() is State.OPEN, self.all[-1]

    def close(self, session: str = "s1", clean: bool = True, detail: str = "") -> None:
        """The end as lock and supervisor report it."""
        self.do(ev.Covered())
        self.do(ev.Ended(session, clean, detail))

    def found(self, kind: type[E]) -> list[E]:
        """All effects of one kind so far."""
        return [effect for effect in self.all if isinstance(effect, kind)]

    @property
    def end(self) -> RecordEnd:
        """The one end recorded so far."""
        (record,) = self.found(RecordEnd)
        return record
