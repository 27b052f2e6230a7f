"""What a province must hold after any bundles in any order: plain dicts, none of the product's code.

The truth of a (site, station, day) is, of each lineage, the line-up of its highest revision; several lineages add up.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

# kind -> what its lines add up to, and by which field
OTHERS = {"end": ("end_{code}", "count"), "print": ("pages", "pages"), "open": ("content_opens", "count"),
          "missed": ("missed_searches", "count")}  # fmt: skip
Day = tuple[str, str, str]  # site, station, day
NOTHING_BEFORE = "0" * 64


class Told(Protocol):
    """What the model needs to know of a bundle (tests/province_world.py has them)."""

    site: str
    station: str
    lineage: str
    epoch: str
    day: str
    revision: int
    sequence: int
    previous: str
    lines: tuple[dict[str, Any], ...]

    @property
    def sha256(self) -> str: ...


@dataclass
class Model:
    """Takes bundles one after the other, and says what must come of each. Junk is only counted: `put_aside`."""

    known: dict[str, Told] = field(default_factory=dict)
    current: dict[Day, dict[str, Told]] = field(default_factory=lambda: defaultdict(dict))
    aside: dict[str, str] = field(default_factory=dict)  # sha256 -> code
    counts: Counter[str] = field(default_factory=Counter)
    _said: dict[tuple[str, ...], str] = field(default_factory=dict)

    def take(self, one: Told) -> str:
        """`stored`, `duplicate` or a code of the quarantine, for a bundle rightly signed by whom it names."""
        self.counts["inputs"] += 1
        if one.sha256 in self.known or one.sha256 in self.aside:
            self.counts["duplicates"] += 1
            return "duplicate"
        if any(self._said.get(name, one.sha256) != one.sha256 for name in _names(one)):
            return self._set_aside(one.sha256, "REVISION_CONFLICT")
        self.known[one.sha256] = one
        self._said.update(dict.fromkeys(_names(one), one.sha256))
        self.counts["stored"] += 1
        days = self.current[one.site, one.station, one.day]
        before = days.get(one.lineage)
        if before is None or before.revision < one.revision:
            self.counts["replaced"] += before is not None
            days[one.lineage] = one
        return "stored"

    def put_aside(self, name: str, code: str) -> str:
        """The same for what is not to be stored: the first time put aside, then known."""
        self.counts["inputs"] += 1
        if name in self.aside:
            self.counts["duplicates"] += 1
            return "duplicate"
        return self._set_aside(name, code)

    def _set_aside(self, name: str, code: str) -> str:
        self.aside[name] = code
        self.counts["quarantined"] += 1
        return code

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """All current lines of a kind, each with whose and of when it is; sorted."""
        found = [
            {"site": site, "station": station, "day": day, "lineage": one.lineage, "revision": one.revision, **line}
            for (site, station, day), lineages in self.current.items()
            for one in lineages.values()
            for line in one.lines
            if line["kind"] == kind
        ]
        return sorted(found, key=repr)

    def sums(self, kind: str, *by: str) -> dict[tuple[str, ...], Counter[str]]:
        """Sums of the counts of a kind's lines, by these fields."""
        found: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for row in self.rows(kind):
            found[tuple(row[name] for name in by)].update(_counts(row))
        return dict(found)

    def site_days(self) -> dict[tuple[str, str], Counter[str]]:
        """By site and day: sums of day lines, ends, pages, opens, searches. A PC of two memories is one PC."""
        found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for (site, _station, day), lineages in self.current.items():
            sums = found[site, day]
            sums["pcs"] += 1
            for one in lineages.values():
                sums.update(_counts(one.lines[0]))
                for line in one.lines[1:]:
                    if line["kind"] in OTHERS:
                        name, count = OTHERS[line["kind"]]
                        sums[name.format(**line)] += line[count]
        return dict(found)

    def marks(self, site: str, station: str) -> dict[str, int]:
        """By epoch, the last sequence up to which none is missing; 0 where the beginning is."""
        own = [one for one in self.known.values() if (one.site, one.station) == (site, station)]
        shas = {one.sha256 for one in own}
        found: dict[str, int] = {}
        for epoch in {one.epoch for one in own}:
            series = {one.sequence: one for one in own if one.epoch == epoch}
            first = series[min(series)]
            mark = 0
            if first.sequence == 1 or first.previous in shas:
                mark = first.sequence
                while mark + 1 in series:
                    mark += 1
            found[epoch] = mark
        return found


def _names(one: Told) -> Iterable[tuple[str, ...]]:
    """What only one bundle may call itself."""
    who = (one.site, one.station)
    yield ("day", *who, one.lineage, one.day, str(one.revision))
    yield ("place", *who, one.epoch, str(one.sequence))
    yield ("after", *who, one.epoch, one.previous)


def _counts(row: Mapping[str, Any]) -> dict[str, int]:
    return {name: value for name, value in row.items() if type(value) is int and name != "revision"}
