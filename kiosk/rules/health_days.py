"""The last 30 days of each thing as strokes: from the store's day totals and the journal of faults. Pure.

A tall stroke: it worked all day. A short one: it did not. Hollow: nobody knows, because the PC was off or the day is
not in the store. No stroke: nothing was planned and the PC was off.

Codes of day totals, counted once a minute while the PC is on (service/health.py): `looks`, and of them `looks_disk`,
`looks_memory`, `looks_clock`, `looks_printer` with something wrong; `looks_printing` that knew of a printer;
`commits` and `commit_ms`: what the disk took to keep something; `clock_lost`: starts at which the hardware clock had
lost its time.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from kiosk.rules.health import LITTLE_NETWORK, SLOW_COMMIT, Past

DAYS = 30
CODES = ("looks", "looks_disk", "looks_memory", "looks_clock", "looks_printing", "looks_printer", "commits",
         "commit_ms", "clock_lost")  # fmt: skip
Stroke = Literal["worked", "failed", "unknown", "closed"]
Totals = Mapping[str, int]

# One bad minute in a hundred is a moment; more is a day on which something was wrong.
FEW = 0.01
# Minutes without a network in a row of days do not matter while the PC served nobody.
LEAST_SERVICE = 600  # seconds


@dataclass(frozen=True)
class Days:
    """What the store knows. `totals`: by day, none where the day is not there; `down`: days out of order by what."""

    today: date
    totals: Mapping[date, Totals]
    planned: Callable[[date], bool] = lambda _day: True
    down: Mapping[str, frozenset[date]] = field(default_factory=dict)

    def span(self) -> list[date]:
        """The last 30 days, the oldest first."""
        return [self.today - timedelta(days=back) for back in reversed(range(DAYS))]


def strip(thing: str, days: Days) -> tuple[Stroke, ...]:
    """Thirty strokes of one thing; none for what has no days (software)."""
    judge = _JUDGES.get(thing)
    if judge is None:
        return ()
    down = days.down.get(thing, frozenset())
    return tuple("failed" if day in down else _stroke(judge, day, days) for day in days.span())


def failed(strokes: Iterable[Stroke]) -> int:
    """On how many days it did not work."""
    return sum(stroke == "failed" for stroke in strokes)


def past(days: Days) -> Past:
    """The sums over the same days."""
    span = [days.totals.get(day, {}) for day in days.span()]

    def total(code: str) -> int:
        return sum(one.get(code, 0) for one in span)

    return Past(
        today_minutes=days.totals.get(days.today, {}).get("open_seconds", 0) // 60,
        open_minutes=total("open_seconds") // 60,
        net_minutes=total("internet_seconds") // 60,
        boots=total("boots"),
        unclean=total("unclean"),
        clock_lost=total("clock_lost"),
    )


def _stroke(judge: Callable[[Totals, bool], Stroke], day: date, days: Days) -> Stroke:
    totals = days.totals.get(day)
    if totals is None:
        return "unknown" if days.planned(day) else "closed"
    planned = totals["planned_minutes"] > 0 if "planned_minutes" in totals else days.planned(day)
    if day == days.today and not _on(totals):
        return "unknown"  # the day is not over
    return judge(totals, planned)


def _on(totals: Totals) -> bool:
    return any(totals.get(code) for code in ("looks", "boots", "open_seconds"))


def _pc(totals: Totals, planned: bool) -> Stroke:
    if totals.get("open_seconds"):
        return "worked"
    return "failed" if planned else "closed"


def _of_looks(code: str, whole: str = "looks") -> Callable[[Totals, bool], Stroke]:
    def judge(totals: Totals, planned: bool) -> Stroke:
        looks = totals.get(whole, 0)
        if not looks:
            return "unknown" if planned or _on(totals) else "closed"
        return "failed" if totals.get(code, 0) > FEW * looks else "worked"

    return judge


def _disk(totals: Totals, planned: bool) -> Stroke:
    commits = totals.get("commits", 0)
    if commits and totals.get("commit_ms", 0) > SLOW_COMMIT * commits:
        return "failed"
    return _of_looks("looks_disk")(totals, planned)


def _power(totals: Totals, planned: bool) -> Stroke:
    if totals.get("unclean"):
        return "failed"
    if _on(totals):
        return "worked"
    return "unknown" if planned else "closed"


def _clock(totals: Totals, planned: bool) -> Stroke:
    return "failed" if totals.get("clock_lost") else _of_looks("looks_clock")(totals, planned)


def _internet(totals: Totals, planned: bool) -> Stroke:
    served = totals.get("open_seconds", 0)
    if served < LEAST_SERVICE:
        return "unknown" if planned or _on(totals) else "closed"
    return "worked" if 100 * totals.get("internet_seconds", 0) >= LITTLE_NETWORK * served else "failed"


_JUDGES: Mapping[str, Callable[[Totals, bool], Stroke]] = {
    "pc": _pc,
    "disk": _disk,
    "memory": _of_looks("looks_memory"),
    "power": _power,
    "clock": _clock,
    "printer": _of_looks("looks_printer", "looks_printing"),
    "internet": _internet,
}
