"""How the PC is doing, by the rules alone: each light, at its limits; and thirty days as strokes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from kiosk.rules import health
from kiosk.rules.health import Down, Facts, Lamp, Past, lamps
from kiosk.rules.health_days import Days, Stroke, failed, past, strip
from kiosk.translations import said_in

WELL = Facts(
    free_disk=50_000, commit_ms=20, free_memory=1_200, memory=2_000, pressure=0.0,
    past=Past(300, 6_000, 5_900, 26, 1, 0), clock_trusted=True, clock_because="synchronised", printing=True,
    printer="", internet=True, online=True, version="1.0", policy="0123abcd",
)  # fmt: skip


def lamp(thing: str, **changes: Any) -> Lamp:
    """The light of one thing when all else is well."""
    return next(one for one in lamps(replace(WELL, **changes)) if one.thing == thing)


def test_a_pc_that_is_well_has_nothing_to_do_and_says_its_numbers() -> None:
    found = lamps(WELL)
    assert [one.thing for one in found] == list(health.THINGS)
    assert {one.light for one in found} == {"good"} and not any(one.todo for one in found)
    told = " ".join(one.reason for one in found)
    for number in ("5 h 0 min", "100 h", "50 GB", "20 ms", "1.2 GB of 2.0 GB", "26", "98 of 100 h", "98 %", "0123abcd"):
        assert number in told, number


def test_what_is_not_known_is_never_good() -> None:
    found = {one.thing: one.light for one in lamps(Facts(version="1.0"))}
    assert found == {**dict.fromkeys(health.THINGS, "unknown"), "printer": "off", "software": "good"}


@pytest.mark.parametrize(
    ("thing", "changes", "light"),
    [
        ("disk", {"free_disk": 500}, "good"), ("disk", {"free_disk": 499}, "look"), ("disk", {"free_disk": 99}, "bad"),
        ("disk", {"commit_ms": 100}, "good"), ("disk", {"commit_ms": 101}, "look"),
        ("disk", {"commit_ms": 1_001}, "bad"),
        ("disk", {"refusal": "full"}, "bad"), ("disk", {"refusal": "damaged", "free_disk": None}, "bad"),
        ("memory", {"free_memory": 400}, "good"), ("memory", {"free_memory": 399}, "look"),
        ("memory", {"free_memory": 399, "in_session": True}, "good"), ("memory", {"free_memory": 99}, "bad"),
        ("memory", {"free_memory": 99, "in_session": True}, "bad"), ("memory", {"pressure": 9.9}, "good"),
        ("memory", {"pressure": 10.0, "in_session": True}, "look"), ("memory", {"pressure": None}, "good"),
        ("power", {"past": Past(unclean=2)}, "good"), ("power", {"past": Past(unclean=3)}, "look"),
        ("clock", {"past": Past(clock_lost=1)}, "good"), ("clock", {"past": Past(clock_lost=2)}, "look"),
        ("clock", {"clock_trusted": False, "clock_why_not": "saved"}, "look"),
        ("clock", {"clock_trusted": False, "clock_why_not": "before_build"}, "bad"),
        ("printer", {"printer": "offline"}, "bad"), ("printer", {"printer": "?"}, "bad"),
        ("printer", {"printing": False}, "off"), ("printer", {"printer": None}, "unknown"),
        ("internet", {"online": False}, "look"), ("internet", {"internet": False}, "off"),
        ("internet", {"past": Past(open_minutes=1_000, net_minutes=499)}, "look"),
        ("internet", {"past": Past(open_minutes=500, net_minutes=0)}, "good"),
        ("software", {"settings_wrong": True}, "look"), ("software", {"policy_waits": True}, "look"),
        ("pc", {"out_of_order": "Màn hình không lên"}, "bad"),
    ],
)  # fmt: skip
def test_each_light_turns_at_its_limit_and_then_says_what_to_do(thing: str, changes: Any, light: str) -> None:
    found = lamp(thing, **changes)
    assert found.light == light
    assert bool(found.todo) == (light in ("look", "bad"))
    assert found.reason.endswith((".", ")")) or thing == "pc"


@pytest.mark.parametrize("what", ["pc", "printer", "internet", "other"])
def test_a_fault_that_staff_reported_stands_until_it_is_repaired(what: str) -> None:
    down = Down("Hết mực", date(2026, 11, 18), 7)
    found = lamp(what, down={what: down}, others=(down,) if what == "other" else (), printing=False, internet=False)
    assert (found.light, found.reason) == ("bad", "Hết mực (since 18/11/2026)")
    assert "Repaired" in found.todo


def test_each_fault_of_other_equipment_has_a_light_of_its_own() -> None:
    down = tuple(Down(words, date(2026, 11, 18), line) for line, words in enumerate(("Quạt", "Loa", "Máy chiếu"), 4))
    found = [one for one in lamps(replace(WELL, down={"other": down[0]}, others=down)) if one.thing == "other"]
    assert [(one.line, one.reason.partition(" (")[0]) for one in found] == [(4, "Quạt"), (5, "Loa"), (6, "Máy chiếu")]


def test_memory_is_said_in_gigabytes_by_the_readers_point() -> None:
    said = lamp("memory", free_memory=24_171, memory=25_276).reason
    assert said == "24.2 GB of 25.3 GB of memory are free."
    assert said_in("vi", said) == "Bộ nhớ (RAM) còn trống 24,2 GB trong 25,3 GB."


TODAY = date(2026, 11, 20)  # a Friday
GOOD = {"looks": 480, "open_seconds": 28_000, "internet_seconds": 27_000, "boots": 1, "planned_minutes": 480,
        "looks_printing": 480}  # fmt: skip


def last(thing: str, totals: Any, planned: bool = True, down: frozenset[date] = frozenset()) -> Stroke:
    """The stroke of yesterday, by its totals."""
    yesterday = TODAY - timedelta(days=1)
    known = {} if totals is None else {yesterday: totals}
    found = strip(thing, Days(TODAY, known, lambda _day: planned, {thing: down}))
    assert len(found) == 30
    return found[-2]


@pytest.mark.parametrize("thing", ["pc", "disk", "memory", "power", "clock", "printer", "internet"])
def test_a_day_is_tall_short_hollow_or_nothing(thing: str) -> None:
    assert last(thing, GOOD) == "worked"
    assert last(thing, None) == "unknown"
    assert last(thing, None, planned=False) == "closed"
    assert last(thing, {"planned_minutes": 0}) == "closed", "by the plan of that day, not of now"
    assert last(thing, {"planned_minutes": 480}) == ("failed" if thing == "pc" else "unknown"), "the PC was off"
    assert last(thing, GOOD, down=frozenset({TODAY - timedelta(days=1)})) == "failed"


@pytest.mark.parametrize(
    ("thing", "changes", "stroke"),
    [
        ("pc", {"open_seconds": 0}, "failed"),
        ("disk", {"looks_disk": 4}, "worked"), ("disk", {"looks_disk": 5}, "failed"),
        ("disk", {"commits": 10, "commit_ms": 1_000}, "worked"),
        ("disk", {"commits": 10, "commit_ms": 1_001}, "failed"),
        ("memory", {"looks_memory": 20}, "failed"), ("power", {"unclean": 1}, "failed"),
        ("clock", {"looks_clock": 480}, "failed"), ("clock", {"clock_lost": 1}, "failed"),
        ("printer", {"looks_printing": 0}, "unknown"), ("printer", {"looks_printer": 100}, "failed"),
        ("internet", {"internet_seconds": 13_999}, "failed"), ("internet", {"internet_seconds": 14_000}, "worked"),
        ("internet", {"open_seconds": 599}, "unknown"),
    ],
)  # fmt: skip
def test_what_makes_a_day_short(thing: str, changes: Any, stroke: Stroke) -> None:
    assert last(thing, {**GOOD, **changes}) == stroke


def test_a_day_that_has_not_begun_is_no_failure_and_software_has_no_days() -> None:
    days = Days(TODAY, {TODAY: {"planned_minutes": 480}})
    assert strip("pc", days)[-1] == "unknown"
    assert strip("software", days) == ()


def test_sums_are_those_of_the_thirty_days_and_no_others() -> None:
    totals = {TODAY - timedelta(days=back): {**GOOD, "unclean": 1, "clock_lost": 1} for back in range(40)}
    days = Days(TODAY, totals)
    assert past(days) == Past(466, 30 * 28_000 // 60, 30 * 27_000 // 60, 30, 30, 30)
    assert failed(strip("power", days)) == 30
