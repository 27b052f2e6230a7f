"""How this PC is doing: looks once a minute while it runs, and gathers the facts for panel, `kiosk status` and `check`.

The rules are rules/health.py and health_days.py. A look asks the kernel and the memory of this process, never the
store; what it counted is written with the opening time of that minute, so that it costs no fsync of its own. Only who
opens the page or asks for the status reads the store, once.
"""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kiosk.clock import Reading
from kiosk.errors import DamagedError, KioskError
from kiosk.lean_sqlite import Database
from kiosk.rules.health import LOST, Down, Facts, Lamp, Refusal, lamps
from kiosk.rules.health_days import DAYS, Days, past
from kiosk.rules.hours import planned_minutes
from kiosk.rules.station import State
from kiosk.service.health_sources import Printer, free_disk, memory, memory_pressure
from kiosk.store import journal, period
from kiosk.store.failures import StoreFull, StoreReadOnly

if TYPE_CHECKING:
    from kiosk.service.reconcile import Reconciler

log = logging.getLogger(__name__)

# A status may be asked often, and from the station's own thread: it is content with what was read a minute ago.
AS_READ, PATIENCE = 60.0, 1.0
# What a look counts, by the thing whose light is not as it should be.
COUNTED = {"disk": "looks_disk", "memory": "looks_memory", "clock": "looks_clock", "printer": "looks_printer"}
WRONG = ("look", "bad")
# Of these the page of now tells too; date, printer and a disk that refuses are told there anyway.
TOLD = ("disk", "memory")


@dataclass(frozen=True)
class Seen:
    """Everything that the page shows: facts with their past, and the days; None where the store cannot be asked.

    `mended`: what was repaired last of each, and when.
    """

    facts: Facts
    days: Days | None
    mended: Mapping[str, tuple[str, date]] = field(default_factory=dict)

    @property
    def lamps(self) -> tuple[Lamp, ...]:
        """A light for each thing."""
        return lamps(self.facts)


class Health:
    """`about`: version of the software and hash of the policy; `wrong`: the settings of today cannot be used."""

    def __init__(
        self,
        station: "Reconciler",
        about: Callable[[], tuple[str, str]] = lambda: ("", ""),
        updates: Callable[[], Mapping[str, Any]] = dict,
        wrong: bool = False,
    ) -> None:
        self._station, self._about, self._updates, self._wrong = station, about, updates, wrong
        self.printer = Printer()
        self._commits = (0, 0.0)
        self._bad: list[Lamp] = []
        self._read: tuple[float, Known] | None = None

    def look(self, now: Reading) -> dict[str, int]:
        """What the meter counts of this minute: rules/health_days.py says what the codes mean."""
        printing = self._station.policy.print
        if printing.mode != "off":
            self.printer.ask(printing.queue, now.boot)
        facts = self._now()
        self._bad = [lamp for lamp in lamps(facts) if lamp.light == "bad" and lamp.thing in TOLD]
        counts = {"looks": 1, "looks_printing": int(bool(facts.printing) and facts.printer is not None)}
        for lamp in lamps(facts):
            if lamp.thing in COUNTED:
                counts[COUNTED[lamp.thing]] = int(lamp.light in WRONG)
        return counts | self._commits_since()

    def troubles(self) -> list[dict[str, str]]:
        """What belongs among the troubles of the state message; of the rest others tell already."""
        return [{"code": f"equipment_{lamp.thing}", "detail": lamp.reason} for lamp in self._bad]

    def seen(self) -> Seen:
        """For the page: read now. For threads of the web."""
        return self._seen(self._ask_store(PATIENCE * 10))

    def lately(self) -> Seen:
        """For status and check: read within the last minute."""
        boot = self._station.clock.read().boot
        if self._read is None or boot - self._read[0] > AS_READ:
            return self._seen(self._ask_store(PATIENCE))
        return self._seen(self._read[1])

    def shown(self) -> dict[str, Any]:
        """`health` of the status: what each light says, and the numbers behind it."""
        seen = self.lately()
        numbers = asdict(replace(seen.facts, down={}, others=()))
        told = {"lamps": [vars(lamp) for lamp in seen.lamps], **numbers}
        return {**told, "down": [{"what": what, "since": str(down.since)} for what, down in seen.facts.down.items()]}

    def _seen(self, known: "Known") -> Seen:
        facts = replace(
            self._now(), down=known.down, others=known.others, past=None if known.days is None else past(known.days)
        )
        facts = replace(facts, policy_waits=bool(self._updates().get("policy_waits")))
        return Seen(facts, known.days, known.mended)

    def _ask_store(self, patience: float) -> "Known":
        now, policy = self._station.clock.read(), self._station.policy
        today = now.local.date()
        try:
            known = self._station.store.submit(_read, today, lambda day: planned_minutes(policy, day) > 0)
            self._read = (now.boot, known.result(patience))
        except (KioskError, TookTooLong) as error:
            log.warning("the past of this PC cannot be read: %s", getattr(error, "message", "no answer"))
            self._read = (now.boot, Known())
        return self._read[1]

    def _now(self) -> Facts:
        """What is known without the store."""
        station, policy = self._station, self._station.policy
        state, clock = station.snapshot, station.snapshot.get("clock") or {}
        free, whole = memory()
        version, policy_hash = self._about()
        return Facts(
            free_disk=free_disk(station.store.path.parent),
            refusal=_refusal(station.recorder.trouble, station.store.damaged),
            damaged_days=int((state.get("export") or {}).get("damaged_days") or 0),
            commit_ms=station.store.commits.recent_ms(),
            free_memory=free,
            memory=whole,
            pressure=memory_pressure(),
            in_session=state.get("state") == State.OPEN,
            clock_trusted=clock.get("trusted"),
            clock_because=clock.get("because") or "",
            clock_why_not=clock.get("why_not") or "",
            printing=policy.print.mode != "off",
            printer=self.printer.trouble,
            internet=policy.programs.internet,
            online=station.meter.online,
            version=version,
            policy=policy_hash[:8],
            settings_wrong=self._wrong,
            out_of_order=(state.get("reason") or "") if state.get("state") == State.OUT_OF_ORDER else None,
        )

    def _commits_since(self) -> dict[str, int]:
        """Writes since the last look, and their milliseconds; parts of one stay for the next."""
        commits, (count, told) = self._station.store.commits, self._commits
        whole = round(1000 * (commits.seconds - told))
        self._commits = (commits.count, told + whole / 1000)
        return {"commits": commits.count - count, "commit_ms": whole}


def clock_lost(refusal: str | None) -> bool:
    """Whether what spoke against the hardware clock at this boot looks like an empty battery."""
    return refusal in LOST


@dataclass(frozen=True)
class Known:
    """What the store knows: days, open faults, the last repairs; nothing where it cannot be asked."""

    days: Days | None = None
    down: Mapping[str, Down] = field(default_factory=dict)
    others: tuple[Down, ...] = ()
    mended: Mapping[str, tuple[str, date]] = field(default_factory=dict)


def _read(db: Database, today: date, planned: Callable[[date], bool]) -> Known:
    """A store job: totals of the last days, days out of order, and faults that are open or were mended."""
    first = today - timedelta(days=DAYS - 1)
    totals: dict[date, dict[str, int]] = {}
    for day, code, count in period.day_rows(db, first.isoformat(), today.isoformat()):
        totals.setdefault(date.fromisoformat(day), {})[code] = count
    away = {what: frozenset(journal.fault_days(db, what, first, today)) for what in ("pc", "printer", "internet")}
    faults = journal.open_faults(db)
    down = {one.what: Down(one.reason, one.since, one.id) for one in reversed(faults)}
    others = tuple(Down(one.reason, one.since, one.id) for one in faults if one.what == "other")
    lines = [one for one in journal.lines(db, first, today, "fault") if one.until is not None and not one.struck]
    lines.sort(key=lambda one: (one.until or one.day, one.id))
    mended = {one.words.get("what", ""): (one.words.get("words", ""), one.until or one.day) for one in lines}
    return Known(Days(today, totals, planned, away), down, others, mended)


def _refusal(trouble: KioskError | None, damaged: bool) -> Refusal:
    """What keeps the store from taking what is counted."""
    if damaged or isinstance(trouble, DamagedError):
        return "damaged"
    match trouble:
        case None:
            return ""
        case StoreFull():
            return "full"
        case StoreReadOnly():
            return "read_only"
        case _:
            return "error"
