"""Made-up worlds of a seed, in which everything happens that happens to a province; small enough for a slow model."""

import random
from datetime import date, timedelta

from kiosk.province.register.planned_days import planned_days
from kiosk.province.register.site_history import SiteHistory
from kiosk.province.register.state import Register
from tests.figures_bundles import Line, Script, frozen, register, site, unit

MERGED = date(2025, 7, 1)
UNITS = (
    unit("38", "province"),
    unit("3801", "district", "38", last="2025-06-30", into="38"),
    unit("3802", "district", "38", last="2025-06-30", into="38"),
    unit("14001", "commune", "3801", last="2025-06-30", into="20001"),
    unit("14002", "commune", "3802", last="2025-06-30", into="20001"),
    unit("14003", "commune", "3802", then=("2025-07-01", "38")),
    unit("20001", "commune", "38", first="2025-07-01"),
)
COMMUNES = ("14001", "14002", "14003")
ENDS = ("time_up", "idle", "closing", "manager", "power", "fault", "meteor")
ITEMS = ("agri/tomato", "health/fever", "nobody/knows")
WORDS = ("gia ca phe", "tuyen dung", "lam giay khai sinh")
JOURNAL = ("classes", "class_people", "service_help", "books_read")
HEALTH = ("looks", "looks_disk", "looks_memory", "looks_clock", "looks_printing", "looks_printer", "commits",
          "commit_ms", "clock_lost")  # fmt: skip
TABLES = ("SEX", "AGE31", "AGE16", "AGEU16", "ANY_FIRST", "ANY_OTHER", "POV", "POOR", "ETHMIN", "DISAB")


def random_world(seed: int, first: date = date(2024, 10, 1), months: int = 17) -> tuple[Script, Register]:
    """Some sites, and what they told of so many months."""
    dice = random.Random(seed)
    days = [first + timedelta(days=n) for n in range(31 * months)]
    last = max(day for day in days if (day.year - first.year) * 12 + day.month - first.month < months)
    days = [day for day in days if day <= last]
    sites = [_site(dice, number, first, last) for number in range(1, dice.randint(5, 7))]
    told = Script()
    for one in sites:
        if dice.random() < 0.9:
            _tell(told, dice, one, days)
    _tell(told, dice, site("TH-099", "14001"), days[: len(days) // 3])
    chosen = [one.code for one in sites if one.value("status", first) == "project" and dice.random() < 0.9]
    lists = [frozen("1", f"{first.year}-01-01", chosen)] if dice.random() < 0.9 else []
    if lists and dice.random() < 0.5:
        lists.append(frozen("2", f"{last.year}-01-01", chosen[1:] or chosen, 2))
    return told, register(sites, UNITS, *lists)


def _site(dice: random.Random, number: int, first: date, last: date) -> SiteHistory:
    opened = first + timedelta(days=dice.randrange(-400, 330))
    closed = opened + timedelta(days=dice.randrange(60, 500)) if dice.random() < 0.3 else None
    gone = dice.choice(("", "", "2025-02-01..2025-03-15: -", "2025-09-02: -; 2025-04-06: 08:00-11:00"))
    communes = COMMUNES if opened < MERGED else ("14003", "20001")
    changes = {"week": ("135", "2", "1234567"), "owner": ("library", "post"), "status": ("potential", "project"),
               "pcs": ("", "7")}  # fmt: skip
    then = {name: (opened + timedelta(days=dice.randrange(20, 400)), dice.choice(values))
            for name, values in changes.items() if dice.random() < 0.2}  # fmt: skip
    return site(
        f"TH-{number:03}", dice.choice(communes), dice.choice(("library", "post")),
        dice.choice(("project", "project", "project", "potential")), dice.choice(("3", "26", "15", "4", "")),
        dice.choice(("", "1", "2", "5")), opened.isoformat(), closed.isoformat() if closed else "", gone, then,
    )  # fmt: skip


def _tell(told: Script, dice: random.Random, one: SiteHistory, days: list[date]) -> None:
    """All PCs of a site; the first one keeps the journal."""
    busy = dice.choice((1, 3, 6))
    grows = dice.choice((1.0, 1.0, 1.06, 1.5))
    quiet = dice.choice((0.0, 0.02, 0.15, 0.3))
    for number in range(1, dice.randint(1, 2) + 1):
        _tell_pc(told, dice, one, f"{number:02}", days, (busy, grows, quiet))


def _tell_pc(told: Script, dice: random.Random, one: SiteHistory, pc: str, days: list[date],
             manner: tuple[int, float, float]) -> None:  # fmt: skip
    busy, grows, quiet = manner
    reimaged = dice.choice(days) if dice.random() < 0.3 else date.max
    begun = (one.opened or days[0]) - timedelta(days=dice.choice((0, 0, 3, 20)))
    ended = (one.last or days[-1]) + timedelta(days=dice.choice((0, 3, 40)))
    counted: dict[tuple[str, int], int] = {}
    before, months = "", list[str]()
    for day in days:
        planned = planned_days(one, day, day) > 0 or dice.random() < 0.02
        if not begun <= day <= ended or not (planned or dice.random() < 0.05) or dice.random() < quiet:
            continue
        images = (1, 2) if day == reimaged else (2,) if day > reimaged else (1,)
        for image in images:
            visits = _day(told, dice, (one.code, pc, day, image), planned, busy * (grows if day.year > 2024 else 1))
            month = day.isoformat()[:7]
            if before and before != month and image == images[-1]:
                _month(told, dice, (one, pc, day), before, counted)
                if months and dice.random() < 0.2:  # and the one before it anew
                    _month(told, dice, (one, pc, day), months[-1], counted, again=True)
                months.append(before)
            before = month
            counted[month, image] = counted.get((month, image), 0) + visits


def _day(told: Script, dice: random.Random, whose: tuple[str, str, date, int], planned: bool, busy: float) -> int:
    code, pc, day, image = whose
    state = dice.random()
    late = dice.choice((0, 0, 0, 0, 2, 3, 4, 31))
    visits = 0
    for revision in (1, 2)[: 1 + (dice.random() < 0.08)]:
        if state < 0.1:
            counts, more = {"boots": int(state < 0.05)}, []
        else:
            visits = dice.randint(0, round(2 * busy))
            counts = {"visits": visits, "too_short": dice.randint(0, 1), "extensions": dice.randint(0, 2),
                      "assisted": dice.randint(0, visits), "seconds": visits * dice.randint(60, 1_800),
                      "minutes": visits * 20, "open_minutes": dice.randint(0, 240),
                      "internet_minutes": dice.randint(0, 200), "unclean": int(dice.random() < 0.1)}  # fmt: skip
            more = _more(dice, pc, visits)
        counts["planned_minutes"] = 240 if planned else 0
        told.day(code, pc, day, *more, image=image, revision=revision, late=late + 5 * (revision - 1), **counts)
    return visits


def _more(dice: random.Random, pc: str, visits: int) -> list[Line]:
    lines: list[Line] = []
    if visits and dice.random() < 0.5:
        lines.append({"kind": "end", "code": dice.choice(ENDS), "count": dice.randint(1, visits)})
    if dice.random() < 0.3:
        lines.append({"kind": "print", "pages": dice.randint(1, 9)})
    if dice.random() < 0.3:
        lines.append({"kind": "open", "item": dice.choice(ITEMS), "count": dice.randint(1, 5)})
    if dice.random() < 0.1:
        lines.append({"kind": "missed", "words": dice.choice(WORDS), "count": dice.randint(1, 5)})
    if dice.random() < 0.2:
        lines.append({"kind": "health", **{name: dice.randint(0, 90) for name in HEALTH}})
    if pc == "01":
        lines += [{"kind": "journal", "code": code, "count": dice.randint(1, 9)} for code in JOURNAL
                  if dice.random() < 0.1]  # fmt: skip
        lines.append({"kind": "journal", "code": "books_on_hand", "count": dice.randint(0, 90)})
    return lines


def _month(told: Script, dice: random.Random, where: tuple[SiteHistory, str, date], month: str,
           counted: dict[tuple[str, int], int], again: bool = False) -> None:  # fmt: skip
    """What a PC tells exactly of a month that is over, and what its month's end released."""
    one, pc, day = where
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if (one.opened and last < one.opened) or (one.last and last > one.last and first > one.last):
        return
    visits = max((count for (name, _image), count in counted.items() if name == month), default=0)
    came = dice.randint(0, visits)
    unknown = dice.randint(0, visits - came)
    skipped, shy = dice.randint(0, visits), dice.randint(0, visits)
    sums = {("FST", "FST_Y"): came, ("FST", "FST_N"): visits - came - unknown, ("FST", "FST_U"): unknown,
            ("NO_PICTURE", "visits"): skipped, ("GRP_U", "first"): shy // 2,
            ("GRP_U", "not_first"): shy - shy // 2}  # fmt: skip
    lines: list[Line] = [{"kind": "month", "month": month, "table": table, "side": side, "count": count}
                         for (table, side), count in sums.items() if count]  # fmt: skip
    if one.lives(last) and not again:
        lines += [
            {"kind": "release", "id": f"{pc}{month}{table}", "table": table, "yes": dice.randint(5, 30),
             "no": dice.randint(5, 30), "first_day": f"{month}-01", "last_day": last.isoformat(),
             "versions": f"{table}-1"}
            for table in TABLES if dice.random() < 0.25
        ]  # fmt: skip
    told.add(one.code, pc, day, *lines)
