"""What was gathered of a small province, written by hand: every figure, each kind of place, and names that bite."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from kiosk.province.indicators.ask import WHOLE, Ask, By
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.figures import Figures
from kiosk.province.indicators.value import Value
from kiosk.province.outputs.material import Counted, Gathered, Month, Place
from kiosk.rules.indicator import PERCENT
from kiosk.rules.period_texts import parse_period
from kiosk.rules.periods import months_in

TODAY = date(2026, 11, 23)
YEAR = Ask(parse_period("2026"), TODAY)
GOALS = {
    "EFFECTIVE_SITES": Value(Decimal("83.0"), high=Decimal("89.4"), part=93, whole=112, sites=112, verdict="met"),
    "USERS_GROWTH": Value(Decimal("2.96"), part=34_776, whole=33_776, sites=101, verdict="not_met"),
    "VISITS_GROWTH": Value(Decimal("-1.2"), part=98_800, whole=100_000, sites=101, verdict="not_met"),
    "TARGET_USERS_GROWTH": Value(reason="small_base", part=40, whole=29, sites=88),
    "TARGET_VISITS_GROWTH": Value(reason="first_year"),
}
# What a spreadsheet, a browser or a reader of text could take for something else.
HOSTILE = (
    '=HYPERLINK("http://192.0.2.1/","x")', "+1+1", "-2+3", "@SUM(A1)", "\tTab", "Xã\nhai dòng", 'Dấu "ngoặc" và, phẩy',
    "<script>alert(1)</script>", "\u202eנכתב לאחור", "R&D &amp; Bưu điện", "'quote", "{{ 7*7 }}", "Đường Ốc Ẩm " * 9,
)  # fmt: skip
LIBRARY, POST = "Sở Văn hóa, Thể thao và Du lịch", "Bưu điện tỉnh"


def values(seed: int, held: bool = False) -> dict[str, Value]:
    """Every figure, by its place in the order: a number, a share with its parts, a range; some of them missing."""
    told: dict[str, Value] = {}
    for place, (code, one) in enumerate(DEFINITIONS.items()):
        number = (seed * 37 + place * 11) % 1_900
        if place % 13 == 5:
            told[code] = Value(0)
        elif place % 17 == 3:
            told[code] = Value(reason="not_released" if held else "nothing_told")
        elif one.unit == PERCENT:
            told[code] = Value(Decimal(number % 1000) / 10, part=number % 1000, whole=1000)
        else:
            told[code] = Value(number)
    told["USERS"] = Value(412 + seed, low=398 + seed, high=455 + seed)
    told["PLANNED_DAYS"], told["REPORTED_DAYS"] = Value(270), Value(270 if seed % 2 else 268)
    told["EFFECTIVE"] = Value(seed % 2, verdict="met" if seed % 2 else "not_met")
    return told


def one_place(seed: int) -> dict[str, Value]:
    """The figures of one site: no goal is judged there."""
    told = values(seed)
    for code in GOALS:
        told[code] = Value(reason="one_site", trend="same")
    return told


def gathered(sites: int = 40, ask: Ask = YEAR, hostile: bool = True) -> Gathered:
    """The whole province in 2026, not over yet."""
    whole = {**values(7, held=True), **GOALS}
    del whole["EFFECTIVE"]
    names = [HOSTILE[n % len(HOSTILE)] if hostile and n < len(HOSTILE) else f"Điểm BĐVH xã Ví Dụ {n:03}"
             for n in range(sites)]  # fmt: skip
    by: dict[By, dict[str, Mapping[str, Value]]] = {
        "line": {"library": {**values(3), **GOALS}, "post": {**values(4), **GOALS}},
        "commune": {"16012": {**values(5), **GOALS}, "16015": {**values(6), **GOALS}, "-": values(8)},
        "site": {f"TH-{n:03}": one_place(n) for n in range(sites)},
    }
    places = {
        ("line", "library"): Place("library", "line", "library", line="library"),
        ("line", "post"): Place("post", "line", "post", line="post"),
        ("commune", "16012"): Place("16012", "commune", HOSTILE[0] if hostile else "Xã Một", "Tỉnh thử"),
        ("commune", "16015"): Place("16015", "commune", "Xã Hai", "Tỉnh thử"),
    }
    known: dict[tuple[By, str], Place] = {(kind, key): one for (kind, key), one in places.items()}  # type: ignore[misc]
    known |= {("site", f"TH-{n:03}"): Place(f"TH-{n:03}", "site", name, "Xã Hai", "library" if n % 3 else "post",
                                             LIBRARY if n % 3 else POST) for n, name in enumerate(names)}  # fmt: skip
    return Gathered(
        "Tỉnh thử", ask, Place("38", "province", "Tỉnh thử"), Figures(ask, {WHOLE: whole}, "2026-1", {"2026-03-02": 2}),
        {kind: Figures(replace(ask, by=kind), {WHOLE: whole, **told}, "2026-1", {"2026-03-02": 2})
         for kind, told in by.items()},
        known, months(ask),
        (Counted("Trồng lúa vụ xuân", 120, 14), *(Counted(name, 9 - n, 2) for n, name in enumerate(HOSTILE[:6]))),
        (Counted("học bổng", 44, 9), *(Counted(name, 9 - n, 2) for n, name in enumerate(HOSTILE[6:]))),
        (LIBRARY, POST), ("TH-999",), 12, "2026-11-23T01:00:00+00:00",
    )  # fmt: skip


def months(ask: Ask) -> tuple[Month, ...]:
    """The months that have begun, with a first one of which nothing was told a year before."""
    codes = ("VISITS", "PC_HOURS", "REPORTING_SITES")
    found = []
    for n, period in enumerate(one for one in months_in(ask.period) if one.first < ask.today):
        now = {code: Value(1_000 + 10 * n + place) for place, code in enumerate(codes)}
        before = {code: Value(900 + 10 * n + place) if n else Value(reason="nothing_told")
                  for place, code in enumerate(codes)}  # fmt: skip
        found.append(Month(period, now, before))
    return tuple(found)
