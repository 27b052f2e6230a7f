"""What PCs told, written down day by day, as bundles of the real format; and registers from a few lines of text.

    script = Script(); script.day("TH-001", "01", date(2026, 3, 4), visits=3, minutes=60)
    script.build(folder)    # the lake of it

`Sent` keeps the lines as plain dicts, so that a plain model can reckon from them without the lake.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kiosk.province.lake.lake import build_from
from kiosk.province.register.frozen_lists import FrozenList
from kiosk.province.register.site_history import DATED, WEEK, SiteHistory
from kiosk.province.register.state import Register
from kiosk.province.register.steps import ALWAYS
from kiosk.province.register.units import Unit, Units
from tests.lake_source import Told
from tests.province_world import Made, key_of, written

Line = dict[str, Any]
BUILT = datetime(2026, 11, 22, 1, tzinfo=timezone.utc)
HOURS = "08:00-12:00"
PLANNED = 240  # minutes of a planned day
DAY_FIELDS = ("visits", "too_short", "extensions", "assisted", "seconds", "minutes", "planned_minutes", "open_minutes",
              "internet_minutes", "boots", "unclean")  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """A bundle as plain data. `received`: UTC, when the province had it."""

    site: str
    station: str
    day: date
    lineage: str
    revision: int
    received: datetime
    lines: tuple[Line, ...]

    @property
    def made(self) -> Made:
        """The same with its bytes."""
        day, number = self.day.isoformat(), self.revision
        fields: dict[str, Any] = {"site": self.site, "station": self.station, "epoch": self.lineage, "day": day,
                                  "revision": number, "sequence": number, "previous": "0" * 64}  # fmt: skip
        content = written(self.lines, {**fields, "lineage": self.lineage, "policy": "0" * 64,
                                       "created": f"{day}T16:30:00+00:00"})  # fmt: skip
        return Made(**fields, lineage=self.lineage, made_on=day, lines=self.lines, content=content, key=KEY)


KEY = key_of(0, "TH-001", "01", 1)


def lineage_of(site: str, station: str, image: int = 1) -> str:
    """The name of a PC's memory; another one for each image."""
    return sha256(f"{site}/{station}/{image}".encode()).hexdigest()[:16]


@dataclass
class Script:
    """Everything that was told."""

    sent: list[Sent] = field(default_factory=list)

    def day(
        self,
        site: str,
        station: str,
        day: date,
        *more: Line,
        image: int = 1,
        revision: int = 1,
        late: int = 0,
        **counts: int,
    ) -> None:
        """One PC's day: counts of its `day` line, other lines beside it; `late`: days until it came (at 23:30)."""
        given = {"planned_minutes": PLANNED, "boots": 1, **counts}
        ended = sum(line["count"] for line in more if line["kind"] == "end")
        rest = given.get("visits", 0) + given.get("too_short", 0) - ended
        ends = [{"kind": "end", "code": "signed_out", "count": rest}] if rest else []
        lines = [{"kind": "day", **{name: given.get(name, 0) for name in DAY_FIELDS}}, *ends, *more]
        came = datetime.combine(day + timedelta(days=late), time(16, 30), timezone.utc)
        self.sent.append(
            Sent(site, station, day, lineage_of(site, station, image), revision, came, tuple(lines))
        )  # fmt: skip

    def add(self, site: str, station: str, day: date, *more: Line) -> None:
        """More lines in the newest bundle of that day."""
        for number in range(len(self.sent) - 1, -1, -1):
            one = self.sent[number]
            if (one.site, one.station, one.day) == (site, station, day):
                self.sent[number] = Sent(one.site, one.station, one.day, one.lineage, one.revision, one.received,
                                         one.lines + more)  # fmt: skip
                return
        raise AssertionError(f"{site} {station} told nothing of {day}")

    def source(self, lost: Iterable[int] = ()) -> Told:
        """As the lake's builder reads it; bundles of these places cannot be read."""
        source, gone = Told(), set(lost)
        for number, one in enumerate(self.sent):
            made = one.made
            source.take(made, one.received.isoformat())
            if number in gone:
                source.lost.add(made.sha256)
        return source

    def build(self, folder: Path, lost: Iterable[int] = ()) -> Path:
        """The lake of all that; the folder of its newest edition."""
        return build_from(folder, self.source(lost), BUILT).path


def site(code: str, unit: str, owner: str = "library", status: str = "project", week: str = "3", pcs: str = "1",
         opened: str = "2020-01-01", last: str = "", exceptions: str = "",
         then: Mapping[str, tuple[date, str]] = MappingProxyType({})) -> SiteHistory:  # fmt: skip
    """A site. `week`: its days, 1 is Monday; "" nobody told them. `then`: what is something else from a day on."""
    told = {
        "name": f"Điểm {code}", "type": "post_office" if owner == "post" else "commune_library", "owner": owner,
        "department": "", "unit": unit, "status": status, "pcs": pcs, "exceptions": exceptions, **_week(week),
    }  # fmt: skip
    changed = {name: step for name, step in then.items() if name != "week"}
    if "week" in then:
        changed |= {name: (then["week"][0], hours) for name, hours in _week(then["week"][1]).items()}
    steps = {name: ((ALWAYS, told.get(name, "")), *((changed[name],) if name in changed else ())) for name in DATED}
    return SiteHistory(code, steps, _day(opened), _day(last))


def _week(days: str) -> dict[str, str]:
    return {name: HOURS if str(n) in days else "-" for n, name in enumerate(WEEK, 1) if days}


def unit(
    code: str,
    level: str,
    parent: str = "",
    first: str = "",
    last: str = "",
    into: str = "",
    then: tuple[str, str] = ("", ""),
) -> Unit:
    """A unit; `then`: (day, parent) from which it belongs to another."""
    parents = ((ALWAYS, parent), *(((date.fromisoformat(then[0]), then[1]),) if then[0] else ()))
    return Unit(code, level, ((ALWAYS, f"Đơn vị {code}"),), parents, _day(first) or ALWAYS, _day(last), into)


def frozen(version: str, first: str, codes: Iterable[str], number: int = 1) -> FrozenList:
    """A list that counts from a day on."""
    return FrozenList(number, version, date.fromisoformat(first), BUILT, "Na", "", frozenset(codes))


def register(sites: Iterable[SiteHistory], units: Iterable[Unit], *lists: FrozenList) -> Register:
    """All of it."""
    return Register({one.code: one for one in sites}, Units({one.code: one for one in units}), lists)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
