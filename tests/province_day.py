"""What happens at one PC of a made-up province, day by day, as the lines of its bundles. Plain dicts; no product code.

Everything comes from the seed: the same PC always tells the same. A day can be told again with more in it, as happens
when a boot's date is found out late or staff mend the journal.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

Line = dict[str, Any]

ENDS = ("signed_out", "time_up", "idle", "closing", "manager", "power", "fault")
_SHARES = (60, 25, 8, 3, 2, 1.6, 0.4)
ITEMS = ("lua-bac-thom", "sot-xuat-huyet", "dich-vu-cong/khai-sinh", "viec-lam/thanh-hoa", "an-toan-mang",
         "van-hoa-muong", "benh-vat-nuoi/dich-ta-lon", "hoc-may-tinh/bai-1", "luat-dat-dai-2024", "sach/truyen-kieu",
         "ngao-bai-trieu", "bao-hiem-y-te")  # fmt: skip
WORDS = ("gia lua hom nay", "mau don xin viec", "xo so thanh hoa", "lich tiem chung", "cay quat", "hoc tieng nhat",
         "thoi tiet nhu xuan", "cach tra cuu diem thi")  # fmt: skip
JOURNAL = ("classes", "class_people", "outreach_events", "outreach_people", "service_help", "books_in", "books_out",
           "books_read", "books_lent", "reader_visits", "faults_opened", "faults_closed", "pc_days_down")  # fmt: skip
HEALTH = ("looks", "looks_disk", "looks_memory", "looks_clock", "looks_printing", "looks_printer", "commits",
          "commit_ms", "clock_lost")  # fmt: skip
TABLES = (("SEX", "SEX-1"), ("AGE31", "AGE-1"), ("ANY_FIRST", "GRP-1"), ("ANY_OTHER", "GRP-1"))
PLANNED = 450  # 07:30-11:30, 13:30-17:00, Monday to Saturday


def text_id(*parts: object, digits: int = 16) -> str:
    """A made-up hex id, always the same for the same."""
    return sha256("/".join(map(str, parts)).encode()).hexdigest()[:digits]


@dataclass
class PC:
    """One PC. `busy`: visits a planned day; `writes`: whether the site's journal is kept on it."""

    seed: int
    site: str
    station: str
    busy: float
    writes: bool
    visits_of: dict[str, int] = field(default_factory=dict)

    def lines(self, day: date, again: int = 0, first: bool = False, idle: bool = False) -> list[Line]:
        """The day as it stands when it is told for the (again + 1)th time. `first`: nothing was told before it."""
        dice = random.Random(f"{self.seed}/{self.site}/{self.station}/{day}")
        told = self._quiet(day) if idle or day.weekday() == 6 else self._day(dice, again)
        if first and self.writes:
            before = (day.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
            told.append({"kind": "journal_before", "month": before, "code": "books_read", "count": 40 + self.seed % 7})
        if day.day == 1 and not first:
            told[1:1] = self._month(day)
        if day.day == 3 and not first:
            told.append(self._lock(day))
        if again:
            told.append({"kind": "reason", "code": "redated", "count": again})
            if day.day > 20:
                told.append(self._changed(day, again))
        self.visits_of[day.isoformat()] = told[0]["visits"]
        return told

    def _quiet(self, day: date) -> list[Line]:
        """The PC was off, or nothing was planned: an empty day is told all the same."""
        return [_totals(planned_minutes=0 if day.weekday() == 6 else PLANNED)]

    def _day(self, dice: random.Random, again: int) -> list[Line]:
        visits = _about(dice, self.busy) + again
        short = _about(dice, self.busy / 8)
        seconds = sum(dice.randrange(120, 3_600) for _visit in range(visits)) + 31 * short
        on = dice.randrange(300, 470)
        ends = dict(zip(*_counted(dice.choices(ENDS, _SHARES, k=visits + short)), strict=True))
        lines = [
            _totals(visits=visits, too_short=short, extensions=_about(dice, visits / 5), assisted=_about(dice, 0.4),
                    seconds=seconds, minutes=seconds // 60, planned_minutes=PLANNED, open_minutes=on,
                    internet_minutes=max(0, on - dice.randrange(200) * dice.randrange(2)), boots=1 + dice.randrange(2),
                    unclean=int(dice.random() < 0.1))
        ]  # fmt: skip
        lines += [{"kind": "end", "code": code, "count": count} for code, count in sorted(ends.items())]
        if dice.random() < 0.3:
            lines.append({"kind": "print", "pages": 1 + _about(dice, 6)})
        lines.append({"kind": "health", **dict.fromkeys(HEALTH, 0), "looks": on, "commits": 40 + 3 * visits,
                      "commit_ms": 400 + 31 * visits, "looks_disk": int(dice.random() < 0.03) * on})  # fmt: skip
        opens, counts = _counted(dice.choices(ITEMS, k=visits))
        lines += [{"kind": "open", "item": item, "count": count} for item, count in zip(opens, counts, strict=True)]
        if dice.random() < 0.2:
            lines.append({"kind": "missed", "words": dice.choice(WORDS), "count": 3 + _about(dice, 1)})
        if self.writes:
            codes = sorted(dice.sample(JOURNAL, 3))
            lines += [{"kind": "journal", "code": code, "count": 1 + _about(dice, 8)} for code in codes]
            lines.append({"kind": "journal", "code": "books_on_hand", "count": 300 + dice.randrange(200)})
        return lines

    def _month(self, day: date) -> list[Line]:
        """On the first: the exact tables of the month that is over, and its releases; every revision repeats them."""
        month = (day - timedelta(days=1)).strftime("%Y-%m")
        dice = random.Random(f"{self.seed}/{self.site}/{self.station}/{month}")
        visits = dice.randrange(60, 240)
        first = visits // 3
        tables = (("FST", "FST_N", visits - first - 5), ("FST", "FST_U", 5), ("FST", "FST_Y", first),
                  ("NO_PICTURE", "visits", visits // 9), ("GRP_U", "first", 3), ("GRP_U", "not_first", 4))  # fmt: skip
        lines: list[Line] = [
            {"kind": "month", "month": month, "table": table, "side": side, "count": count}
            for table, side, count in tables
        ]
        for table, versions in TABLES:
            if dice.random() < 0.7:
                lines.append(
                    {"kind": "release", "id": text_id(self.seed, self.site, self.station, month, table), "table": table,
                     "first_day": f"{month}-01", "last_day": (day - timedelta(days=1)).isoformat(),
                     "yes": dice.randrange(5, 60), "no": dice.randrange(5, 60), "versions": versions}
                )  # fmt: skip
        return lines

    def _lock(self, day: date) -> Line:
        last = day.replace(day=1) - timedelta(days=1)
        visits = sum(count for name, count in self.visits_of.items() if name[:7] == f"{last:%Y-%m}")
        return {"kind": "lock", "month": f"{last:%Y-%m}", "first_day": last.replace(day=1).isoformat(),
                "last_day": last.isoformat(), "at": f"{day}T00:10:00+00:00",
                "figures": {"VISITS": str(visits), "OPEN_HOURS": "151.5", "USERS": "37", "PC_HOURS": "98.2"},
                "versions": {"VISITS": "1", "OPEN_HOURS": "1", "USERS": "1", "PC_HOURS": "1.1"}}  # fmt: skip

    def _changed(self, day: date, again: int) -> Line:
        last = day.replace(day=1) - timedelta(days=1)
        return {"kind": "revision", "month": f"{last:%Y-%m}", "code": "VISITS", "at": f"{day}T03:00:00+00:00",
                "before": "120", "after": str(120 + again), "cause": "redated", "reason": ""}  # fmt: skip


def _totals(**counts: int) -> Line:
    names = ("visits", "too_short", "extensions", "assisted", "seconds", "minutes", "planned_minutes", "open_minutes",
             "internet_minutes", "boots", "unclean")  # fmt: skip
    return {"kind": "day", **dict.fromkeys(names, 0), **counts}


def _about(dice: random.Random, mean: float) -> int:
    """A whole number, often near `mean`, never below nought."""
    return max(0, round(dice.gauss(mean, mean**0.5))) if mean > 0 else 0


def _counted(chosen: list[str]) -> tuple[list[str], list[int]]:
    found = sorted(set(chosen))
    return found, [chosen.count(one) for one in found]
