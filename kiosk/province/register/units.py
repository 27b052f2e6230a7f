"""The units of the administration, with dates: province, district (until 30 June 2025), commune. Pure.

A code has one life, from `first` to `last`. What ends goes `into` another unit, which lives on the next day: so old
figures are found again under today's units, and a site need not be moved when its commune is merged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.province.register.steps import ALWAYS, ONE, Steps, value_on

LEVELS = ("province", "district", "commune")


@dataclass(frozen=True)
class Unit:
    """One unit. `parents`: the unit above it, "" for the province; `into`: "" while it lives."""

    code: str
    level: str
    names: Steps
    parents: Steps
    first: date = ALWAYS
    last: date | None = None
    into: str = ""

    def lives(self, day: date) -> bool:
        """Whether it is there on that day."""
        return self.first <= day and (self.last is None or day <= self.last)


class Units:
    """All of them by their codes."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self.by_code = dict(sorted(units.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Units) and self.by_code == other.by_code

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.by_code.values())

    def get(self, code: str) -> Unit | None:
        """The unit, None where there is none of that code."""
        return self.by_code.get(code)

    def name(self, code: str, day: date) -> str:
        """What it is called on that day; its last name after its end."""
        unit = self.get(code)
        return value_on(unit.names, min(day, unit.last or day)) if unit else ""

    def now(self, code: str, day: date) -> str:
        """Where, on that day, is what was this unit: itself, or what it was merged into. "" where it leads nowhere."""
        for _step in range(len(self.by_code)):
            unit = self.get(code)
            if unit is None or unit.first > day:
                return ""
            if unit.lives(day):
                return code
            code = unit.into
        return ""

    def above(self, code: str, day: date) -> dict[str, str]:
        """The unit of each level to which a unit belongs on that day, itself among them: {level: code}."""
        found: dict[str, str] = {}
        while (unit := self.get(code)) is not None and unit.lives(day) and unit.level not in found:
            found[unit.level] = code
            code = value_on(unit.parents, day)
        return found

    def levels(self, day: date) -> tuple[str, ...]:
        """The levels that there are on that day."""
        return tuple(level for level in LEVELS if any(one.level == level and one.lives(day) for one in self))

    def changes(self) -> list[date]:
        """Every day on which a unit begins, ends, is renamed or gets another parent; between them all stays."""
        days = {ALWAYS}
        for one in self:
            days |= {one.first, *(day for day, _value in (*one.names, *one.parents))}
            days |= {one.last + ONE} if one.last else set()
        return sorted(days)
