"""Who came, as months' ends have released it: whole, once, by its last day; what is held; who said nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.province.guides import Guide, starter
from kiosk.province.indicators.answers import CODES
from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.content import CODES as OPENS
from kiosk.province.indicators.content import Opened, most_opened
from kiosk.province.indicators.figures import figures
from kiosk.province.indicators.missed import Missed, most_missed
from kiosk.province.indicators.value import Value
from kiosk.province.indicators.world import World
from kiosk.rules.periods import Period, days_period, months_period
from tests.figures_bundles import Line, Script, register, site, unit
from tests.figures_worlds import Small

pytestmark = pytest.mark.slow
UNITS = (unit("38", "province"), unit("16001", "commune", "38"))
TODAY = date(2026, 3, 20)
YEAR = months_period((2026, 1), (2026, 12))


def month(about: str, table: str, **sides: int) -> tuple[Line, ...]:
    return tuple(
        {"kind": "month", "month": about, "table": table, "side": side, "count": n} for side, n in sides.items()
    )


def release(number: str, table: str, last: str, yes: int, no: int, first: str = "2025-11-01") -> Line:
    return {"kind": "release", "id": number, "table": table, "first_day": first, "last_day": last, "yes": yes, "no": no,
            "versions": "1"}  # fmt: skip


@contextmanager
def told(folder: Path, script: Script, *more: str) -> Iterator[World]:
    sites = [site(code, "16001") for code in ("TH-001", *more)]
    with Small("own", script, register(sites, UNITS)).opened(folder) as world:
        yield world


def script() -> Script:
    """A site with one PC: 40 visits in December, 30 in January, 20 in February, five in March."""
    script = Script()
    for day, visits in (("2025-12-10", 40), ("2026-01-14", 30), ("2026-02-11", 20), ("2026-03-11", 5)):
        script.day("TH-001", "01", date.fromisoformat(day), visits=visits, open_minutes=100)
    script.day("TH-001", "01", date(2026, 1, 1), *month("2025-12", "NO_PICTURE", visits=10), boots=0,
               planned_minutes=0)  # fmt: skip
    script.day("TH-001", "01", date(2026, 2, 1), *month("2026-01", "NO_PICTURE", visits=4),
               *month("2026-01", "GRP_U", first=2, not_first=3), *month("2026-01", "FST", FST_Y=9, FST_N=21),
               release("r1", "SEX", "2026-01-31", 25, 15), release("r2", "ANY_FIRST", "2026-01-31", 6, 5),
               boots=0, planned_minutes=0)  # fmt: skip
    script.day("TH-001", "01", date(2026, 3, 1), *month("2026-02", "FST", FST_Y=2, FST_N=18),
               release("r3", "SEX", "2026-02-28", 8, 7, "2026-02-01"), release("r4", "ANY_OTHER", "2026-02-28", 12, 8),
               boots=0, planned_minutes=0)  # fmt: skip
    return script


def numbers(world: World, period: Period = YEAR, **more: str) -> dict[str, object]:
    values = figures(world, Ask(period, TODAY, **more), CODES).of()  # type: ignore[arg-type]
    return {code: one.number if one.known else one.reason for code, one in values.items()}


def test_a_release_belongs_to_the_time_of_its_last_day_whole(tmp_path: Path) -> None:
    with told(tmp_path, script()) as world:
        january, february = (numbers(world, months_period((2026, n), (2026, n))) for n in (1, 2))
        assert (january["SEX_F"], january["SEX_M"]) == (25, 15)  # also what began in November
        assert (february["SEX_F"], february["SEX_M"]) == (8, 7)
        year = numbers(world)
        assert (year["SEX_F"], year["SEX_M"], year["ANYTARGET"]) == (33, 22, 18)
        assert numbers(world, months_period((2025, 11), (2025, 12)))["SEX_F"] == "not_released"
        half = numbers(world, days_period(date(2026, 2, 1), date(2026, 2, 27)))
        assert half["SEX_F"] == "not_over"  # a day short of its last


def test_first_visits_of_the_target_groups_are_those_of_the_year_so_far(tmp_path: Path) -> None:
    with told(tmp_path, script()) as world:
        assert numbers(world)["TARGET_USERS"] == 6
        assert numbers(world, months_period((2026, 2), (2026, 2)))["TARGET_USERS"] == 6
        assert numbers(world, months_period((2025, 12), (2025, 12)))["TARGET_USERS"] == "not_released"


def test_released_and_held_are_recorded_whenever_one_asks(tmp_path: Path) -> None:
    """Pictures: 40 + 30 + 20 visits, 14 without; at the end of January 40 are released, at that of February 55."""
    with told(tmp_path, script()) as world:
        assert numbers(world, months_period((2025, 12), (2025, 12)))["HELD_PICTURES"] == 30
        assert numbers(world, months_period((2026, 1), (2026, 1)))["HELD_PICTURES"] == 70 - 14 - 40
        assert numbers(world, months_period((2026, 2), (2026, 2)))["HELD_PICTURES"] == 90 - 14 - 55
        year = numbers(world)  # March is not over
        assert year["HELD_PICTURES"] == 90 - 14 - 55 and year["HELD_GROUPS"] == 90 - 5 - 31


def test_held_is_never_below_nought_and_sites_add_up(tmp_path: Path) -> None:
    """Of one site more is released than is recorded, because a bundle was lost: nobody else's is taken from it."""
    plan = script()
    plan.day("TH-002", "01", date(2026, 2, 1), release("x1", "SEX", "2026-01-31", 60, 60))
    with told(tmp_path, plan, "TH-002") as world:
        asked = figures(world, Ask(YEAR, TODAY, by="site"), CODES)
        assert asked.of("TH-002")["HELD_PICTURES"].number == 0
        assert asked.of()["HELD_PICTURES"].number == asked.of("TH-001")["HELD_PICTURES"].number == 21


def test_a_month_told_again_counts_as_it_was_told_last(tmp_path: Path) -> None:
    plan = script()
    plan.day("TH-001", "01", date(2026, 2, 4), *month("2026-01", "NO_PICTURE", visits=9), boots=0)
    with told(tmp_path, plan) as world:
        assert numbers(world, months_period((2026, 1), (2026, 1)))["NO_PICTURE"] == 9
        assert numbers(world, months_period((2026, 1), (2026, 1)))["NO_GROUPS"] == 0


def test_two_memories_of_a_pc_add_up(tmp_path: Path) -> None:
    plan = script()
    plan.day("TH-001", "01", date(2026, 2, 1), *month("2026-01", "NO_PICTURE", visits=3), image=2, boots=0)
    with told(tmp_path, plan) as world:
        assert numbers(world, months_period((2026, 1), (2026, 1)))["NO_PICTURE"] == 7


def test_before_a_month_is_over_nothing_is_said_of_its_answers(tmp_path: Path) -> None:
    with told(tmp_path, script()) as world:
        march = numbers(world, months_period((2026, 3), (2026, 3)))
        assert {march[code] for code in ("SEX_F", "GRP_POOR", "NO_PICTURE", "NO_GROUPS")} == {"not_over"}
        assert march["HELD_PICTURES"] == 21  # as of the last month's end


def test_of_a_site_that_never_told_nothing_is_said(tmp_path: Path) -> None:
    with told(tmp_path, script(), "TH-009") as world:
        assert set(numbers(world, site="TH-009").values()) == {"nothing_told"}
        assert set(numbers(world, site="TH-404").values()) <= {"no_sites"}


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[World]:
    """Two sites that open guides and look for words; the second lives from 10 February on, and told before."""
    plan = Script()
    for code, day, opens, words in (
        ("TH-001", "2026-01-14", {"tinh/lua": 4, "la/hoi": 2}, {"ca phe": 3}),
        ("TH-001", "2026-02-11", {"tinh/lua": 1, "starter/gov_nop_ho_so": 5}, {"ca phe": 1, "ho tieu": 4}),
        ("TH-002", "2026-02-04", {"tinh/lua": 90}, {"ho tieu": 90}),
        ("TH-002", "2026-02-18", {"tinh/lua": 2}, {"ho tieu": 1}),
    ):
        lines = [{"kind": "open", "item": item, "count": n} for item, n in opens.items()]
        lines += [{"kind": "missed", "words": one, "count": n} for one, n in words.items()]
        plan.day(code, "01", date.fromisoformat(day), *lines, visits=6, open_minutes=60)
    sites = [site("TH-001", "16001"), site("TH-002", "16001", "post", opened="2026-02-10")]
    with Small("readers", plan, register(sites, UNITS)).opened(tmp_path) as world:
        yield replace(world, guides={**starter(), "tinh/lua": Guide("tinh/lua", "Cấy lúa", "agri", "vi")})


def test_openings_are_counted_by_theme_within_each_sites_life(readers: World) -> None:
    values = figures(readers, Ask(YEAR, TODAY), OPENS).of()
    counts = {code: one.number for code, one in values.items() if one.number}
    assert counts == {"OPENS": 14, "OPENS_agri": 7, "OPENS_gov": 5, "OPENS_OTHER": 2}
    some = figures(readers, Ask(days_period(date(2026, 1, 20), date(2026, 2, 15)), TODAY), OPENS).of()
    assert (some["OPENS"].number, some["OPENS_agri"].number, some["OPENS_gov"].number) == (6, 1, 5)


def test_the_most_opened_guides_come_first_with_what_they_are(readers: World) -> None:
    found = most_opened(readers, Ask(YEAR, TODAY), 2)
    assert [(one.item, one.times, one.sites) for one in found] == [("tinh/lua", 7, 2), ("starter/gov_nop_ho_so", 5, 1)]
    assert found[0].guide is not None and found[0].guide.title == "Cấy lúa" and found[1].guide is not None
    everything = most_opened(readers, Ask(YEAR, TODAY, line="library"))
    assert everything[-1] == Opened("la/hoi", None, 2, 1)


def test_the_words_that_were_missed_most_come_first(readers: World) -> None:
    assert most_missed(readers, Ask(YEAR, TODAY)) == (Missed("ho tieu", 5, 2), Missed("ca phe", 4, 1))
    assert most_missed(readers, Ask(YEAR, TODAY, line="post"), 1) == (Missed("ho tieu", 1, 1),)
    assert figures(readers, Ask(YEAR, TODAY), ("MISSED",)).of()["MISSED"] == Value(9, sites=2)
    assert most_missed(readers, Ask(months_period((2030, 1), (2030, 1)), TODAY)) == ()
