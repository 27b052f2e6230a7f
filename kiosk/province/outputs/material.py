"""All that an output needs, gathered once: figures of the whole and of each place, their names, months, lists. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kiosk.province.indicators.ask import NOWHERE, WHOLE, Ask, By
from kiosk.province.indicators.definitions import DEFINITIONS, Definition
from kiosk.province.indicators.figures import NOTHING, Figures
from kiosk.province.indicators.value import Value
from kiosk.rules.periods import Period, a_year_before, until


@dataclass(frozen=True)
class Place:
    """Whose figures they are. `by`: of which kind; `above`: the name of the unit in which a site or commune lies.

    `line` and `department` are a site's, as the register has them; "" where it says nothing.
    """

    key: str
    by: By
    name: str
    above: str = ""
    line: str = ""
    department: str = ""


@dataclass(frozen=True)
class Month:
    """One month of the whole: its figures, and those of the same month a year earlier."""

    period: Period
    values: Mapping[str, Value]
    before: Mapping[str, Value]

    def before_days(self, last: date) -> Period | None:
        """The same dates a year earlier, of a month of which `last` is the last day that has been."""
        elapsed = until(self.period, last)
        return None if elapsed is None else a_year_before(elapsed)


@dataclass(frozen=True)
class Counted:
    """A line of a list: a guide that was opened, or words that were looked for in vain. `sites`: at how many."""

    name: str
    count: int
    sites: int | None = None


@dataclass(frozen=True)
class Before:
    """A year before kiosk: what the province's own books say of it, marked; in no figure of ours."""

    period: Period
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Gathered:
    """`tables`: for each kind of place the figures by place; the whole is in all of them. `made`: a day in ISO form.

    `scope`: the whole as a place: the province, or the unit, line or site that was asked for. `strangers`: sites that
    told something and are not in the register. `edition`, `built`: of the lake.
    """

    province: str
    ask: Ask
    scope: Place
    whole: Figures
    tables: Mapping[By, Figures] = field(default_factory=dict)
    places: Mapping[tuple[By, str], Place] = field(default_factory=dict)
    months: tuple[Month, ...] = ()
    opened: tuple[Counted, ...] = ()
    missed: tuple[Counted, ...] = ()
    departments: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    edition: int = 0
    built: str = ""
    years: tuple[Before, ...] = ()

    def value(self, code: str, by: By = "province", key: str = WHOLE) -> Value:
        """One figure; “nothing told” where there is none."""
        told = self.whole if key == WHOLE else self.tables.get(by)
        return told.of(key).get(code, NOTHING) if told is not None else NOTHING

    def listed(self, by: By) -> list[Place]:
        """The places of a kind in the order of their names, those that lie nowhere last."""
        keys = self.tables[by].places if by in self.tables else ()
        found = [self.place(by, key) for key in keys if key != WHOLE]
        return sorted(found, key=lambda one: (one.key == NOWHERE, one.above, one.name, one.key))

    def place(self, by: By, key: str) -> Place:
        """A place by its key; under its key where nobody knows its name."""
        return self.scope if key == WHOLE else self.places.get((by, key), Place(key, by, key))

    def definitions(self) -> list[Definition]:
        """Those of all figures that are told of the whole, in the order in which they are shown."""
        told = self.whole.of()
        return [one for code, one in DEFINITIONS.items() if code in told]
