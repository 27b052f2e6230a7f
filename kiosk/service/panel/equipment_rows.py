"""The rows of the page of equipment: from lights and days to words, signs, strokes and the one act of each. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.rules.health import Lamp
from kiosk.rules.health_days import DAYS, Days, Stroke, failed, strip
from kiosk.service.health import Seen
from kiosk.web.words import Sentence, says

NAMES: Mapping[str, Sentence] = {
    "pc": says("This computer"),
    "disk": says("Disk"),
    "memory": says("Working memory"),
    "power": says("Power"),
    "clock": says("Clock and its battery"),
    "printer": says("Printer"),
    "internet": says("Internet"),
    "software": says("Software"),
    "other": says("Other equipment"),
}
# tone of the badge, sign, words
LIGHTS: Mapping[str, tuple[str, str, Sentence]] = {
    "good": ("met", "st_met", says("Works")),
    "look": ("soon", "warn", says("Have a look")),
    "bad": ("fault", "st_fault", says("Does not work")),
    "unknown": ("no-report", "st_none", says("Not known")),
    "off": ("no-report", "minus", says("Not used")),
}
# What a fault can be reported of by hand; of the rest the PC itself knows.
REPORTED = ("pc", "printer", "internet", "other")
STROKES: Mapping[Stroke, Sentence] = {
    "worked": says("Days that it worked: {n}"),
    "failed": says("days that it did not: {n}"),
    "unknown": says("not known: {n}"),
    "closed": says("closed: {n}"),
}


@dataclass(frozen=True)
class Row:
    """One thing. `act`: report, repaired, date or nothing; `strokes`: none where a thing has no days.

    `line`: of which fault, where a thing may have several.
    """

    thing: str
    name: Sentence
    tone: str
    sign: str
    words: Sentence
    reason: str
    todo: str
    strokes: tuple[Stroke, ...]
    act: str
    note: Sentence | None = None
    line: int = 0

    @property
    def failed(self) -> int:
        """Days that it did not work."""
        return failed(self.strokes)

    def told(self) -> list[Sentence]:
        """The strokes in words, for who does not see them."""
        return [
            Sentence(STROKES[kind].text, {"n": self.strokes.count(kind)}) for kind in STROKES if kind in self.strokes
        ]


def rows(seen: Seen) -> list[Row]:
    """A row for each light."""
    return [_row(lamp, seen) for lamp in seen.lamps]


def _row(lamp: Lamp, seen: Seen) -> Row:
    tone, sign, words = LIGHTS[lamp.light]
    return Row(
        lamp.thing, NAMES[lamp.thing], tone, sign, words, lamp.reason, lamp.todo, _strokes(lamp, seen.days),
        _act(lamp, seen), _note(lamp, seen), lamp.line,
    )  # fmt: skip


def _note(lamp: Lamp, seen: Seen) -> Sentence | None:
    """The last repair of the month, where nothing is wrong now."""
    known = seen.mended.get(lamp.thing)
    if known is None or lamp.thing in seen.facts.down:
        return None
    words, day = known
    return says("Last repair, {day}: {words}", day=f"{day:%d/%m}", words=words)


def _strokes(lamp: Lamp, days: Days | None) -> tuple[Stroke, ...]:
    if days is None or lamp.light == "off":
        return ()
    return strip(lamp.thing, days)


def _act(lamp: Lamp, seen: Seen) -> str:
    if lamp.thing in seen.facts.down or (lamp.thing == "pc" and seen.facts.out_of_order is not None):
        return "repaired"
    if lamp.thing == "clock":
        return "date" if seen.facts.clock_trusted is False else ""
    if lamp.thing in REPORTED and lamp.light != "off":
        return "report"
    return ""


def counted(found: list[Row]) -> tuple[int, int]:
    """(things that work, things that there are)."""
    used = [row for row in found if row.words is not LIGHTS["off"][2]]
    return sum(row.tone == "met" for row in used), len(used)


def span(days: Days | None) -> tuple[date, date] | None:
    """First and last day of the strips."""
    if days is None:
        return None
    found = days.span()
    assert len(found) == DAYS
    return found[0], found[-1]
