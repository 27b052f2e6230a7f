"""What is true of every site on every day, from the raw lines and the register alone: loops over dicts, no lake."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from kiosk.province.register.planned_days import hours_on
from kiosk.province.register.state import Register
from tests.figures_bundles import Script, Sent

ONE = timedelta(days=1)
ON = ("visits", "too_short", "extensions", "assisted", "seconds", "minutes", "open_minutes", "boots", "unclean")
ENDS = ("signed_out", "time_up", "idle", "closing", "manager", "power", "fault")
LEVELS = ("books_on_hand", "services_offered")


@dataclass
class PcDay:
    """What a PC told of a day, all its memories together. `came`: the local day of its first word."""

    sums: Counter[str] = field(default_factory=Counter)
    planned: bool = False
    came: date = date.max

    @property
    def on(self) -> bool:
        return any(self.sums[name] for name in ON)


class Truth:
    """A script and a register. `lost`: places of bundles that cannot be read."""

    def __init__(self, script: Script, register: Register, lost: Iterable[int] = ()) -> None:
        self.register = register
        # The same question is asked for many codes: sums of a site and days are reckoned once.
        self.sums, self.states = cache(self._sums), cache(self._states)
        self.days: dict[str, dict[date, dict[str, PcDay]]] = defaultdict(lambda: defaultdict(dict))
        # (site, station, lineage, about_month) -> the day on which it was told and its counts: the newest telling.
        self.months: dict[tuple[str, ...], tuple[date, Counter[tuple[str, str]]]] = {}
        self.releases: dict[tuple[str, str, str, str], tuple[date, int, int]] = {}
        gone = set(lost)
        for one in self._counting(script, gone):
            self._take(one)
        for number, one in enumerate(script.sent):
            for line in one.lines if number not in gone else ():
                if line["kind"] == "release":  # its lines are all the same: an id is given once
                    name = (one.site, one.station, line["id"], line["table"])
                    self.releases[name] = (date.fromisoformat(line["last_day"]), line["yes"], line["no"])
        for one in script.sent:  # when the first word of a day came, whatever counts now
            if pc := self.days[one.site][one.day].get(one.station):
                pc.came = min(pc.came, (one.received + timedelta(hours=7)).date())

    @staticmethod
    def _counting(script: Script, gone: set[int]) -> Iterator[Sent]:
        """Of every memory of a PC and day the highest revision, where it can be read; with the first word's time."""
        newest: dict[tuple[str, str, date, str], tuple[int, Sent]] = {}
        for number, one in enumerate(script.sent):
            name = (one.site, one.station, one.day, one.lineage)
            if name not in newest or newest[name][1].revision < one.revision:
                newest[name] = (number, one)
        return (one for number, one in sorted(newest.values(), key=lambda pair: pair[1].day) if number not in gone)

    def _take(self, one: Sent) -> None:
        pc = self.days[one.site][one.day].setdefault(one.station, PcDay())
        for line in one.lines:
            kind = line["kind"]
            if kind == "day":
                pc.planned = pc.planned or line["planned_minutes"] > 0
                pc.sums.update({name: count for name, count in line.items() if name != "kind"})
            elif kind == "end":
                pc.sums["end_" + (line["code"] if line["code"] in ENDS else "other")] += line["count"]
            elif kind == "print":
                pc.sums["pages"] += line["pages"]
            elif kind in ("open", "missed"):
                pc.sums[kind] += line["count"]
                pc.sums[f"{kind} {line['item' if kind == 'open' else 'words']}"] += line["count"]
            elif kind == "health":
                pc.sums.update({"health": 1, **{name: count for name, count in line.items() if name != "kind"}})
            elif kind == "journal":
                pc.sums[line["code"]] += line["count"]
            elif kind == "month":
                name = (one.site, one.station, one.lineage, line["month"])
                if self.months.get(name, (None,))[0] != one.day:
                    self.months[name] = (one.day, Counter())  # bundles are taken by day: the newest comes last
                self.months[name][1].update({(line["table"], line["side"]): line["count"], (line["table"], "told"): 1})

    def lived(self, code: str, first: date, last: date) -> Iterator[tuple[date, dict[str, PcDay]]]:
        """The days that were told within the life of a site."""
        site = self.register.sites[code]
        for day, pcs in self.days[code].items():
            if pcs and first <= day <= last and site.lives(day):
                yield day, pcs

    def _sums(self, code: str, first: date, last: date) -> Counter[str]:
        """All counts; `told`: PC-days; `days`: site-days."""
        found: Counter[str] = Counter()
        for day, pcs in self.lived(code, first, last):
            found["days"] += 1
            for pc in pcs.values():
                found.update(pc.sums)
                third = (day.replace(day=1) + timedelta(days=31)).replace(day=3)
                found.update(told=1, pc_planned=pc.planned, pc_working=pc.sums["open_minutes"] > 0,
                             in_3=pc.came <= day + 3 * ONE, by_third=pc.came <= third)  # fmt: skip
        return found

    def planned(self, code: str, first: date, last: date) -> int:
        """Days that the register plans, day by day."""
        site, count, day = self.register.sites[code], 0, first
        while day <= last:
            count += bool(hours_on(site, day))
            day += ONE
        return count

    def _states(self, code: str, first: date, last: date, starts_on: int = 1) -> Counter[str]:
        """Planned, reported, open and working days; of each reported month at most as many as planned."""
        found: Counter[str] = Counter()
        while first <= last:
            end = first
            while end < last and (end + ONE).day != starts_on:
                end += ONE
            planned = self.planned(code, first, end)
            told = [
                pcs.values() for _day, pcs in self.lived(code, first, end) if any(pc.planned for pc in pcs.values())
            ]
            found["planned"] += planned
            found["reported"] += min(planned, len(told))
            found["open"] += min(planned, sum(any(pc.on for pc in pcs) for pcs in told))
            found["working"] += min(planned, sum(any(pc.sums["open_minutes"] for pc in pcs) for pcs in told))
            first = end + ONE
        return found

    def planned_by_the_pcs(self, code: str, first: date, last: date) -> list[list[PcDay]]:
        """The days on which a PC said that it was to be open, each as its PCs."""
        told = [list(pcs.values()) for _day, pcs in self.lived(code, first, last)]
        return [pcs for pcs in told if any(pc.planned for pc in pcs)]

    def visits_of_months(self, code: str, last: date) -> int | None:
        """All visits up to a day, of the months in which the site lived on any day; None where nothing was told."""
        site = self.register.sites[code]
        begin, end = site.opened or date.min, min(site.last or last, last)
        told = [pcs for day, pcs in self.days[code].items() if pcs and day <= last
                and f"{begin:%Y-%m}" <= f"{day:%Y-%m}" <= f"{end:%Y-%m}"]  # fmt: skip
        return sum(pc.sums["visits"] for pcs in told for pc in pcs.values()) if told else None

    def exact(self, code: str, months: Iterable[str]) -> Counter[tuple[str, str]]:
        """What was told exactly of whole months, by table and side; "told" where anything was."""
        found: Counter[tuple[str, str]] = Counter()
        wanted = set(months)
        for (site, _pc, _lineage, month), (_day, counts) in self.months.items():
            if site == code and month in wanted:
                found.update(counts)
        return found

    def released(self, code: str, first: date, last: date) -> Counter[tuple[str, str]]:
        """Visits released, by table and side, by the last day of the release."""
        found: Counter[tuple[str, str]] = Counter()
        for (site, _pc, _id, table), (day, yes, no) in self.releases.items():
            if site == code and first <= day <= last:
                found.update({(table, "yes"): yes, (table, "no"): no})
        return found

    def level(self, code: str, name: str, first: date, last: date) -> int:
        """A level at the last word of each PC of a site."""
        last_words: dict[str, tuple[date, int]] = {}
        for day, pcs in sorted(self.lived(code, first, last), key=lambda one: one[0]):
            last_words.update({station: (day, pc.sums[name]) for station, pc in pcs.items()})
        return sum(count for _day, count in last_words.values())
