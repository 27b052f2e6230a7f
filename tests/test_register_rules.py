"""The rules of the register: units and merges, values with dates, planned days, frozen lists; by their properties."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import UsageError
from kiosk.province.register import unit_merges
from kiosk.province.register.checks import faults_of_units
from kiosk.province.register.frozen_lists import FrozenList, list_for_year
from kiosk.province.register.plan import plan, whole
from kiosk.province.register.planned_days import hours_on, planned_days
from kiosk.province.register.rows import Lines, lines_of
from kiosk.province.register.site_history import DATED, SiteHistory, row_on, unit_as_of, unit_of
from kiosk.province.register.state import Register
from kiosk.province.register.steps import ALWAYS, merged, put, value_on, within
from kiosk.province.register.tables import headings, rows
from kiosk.province.register.units import Unit, Units

FIRST = date(2020, 1, 1)
DAYS = st.integers(0, 400).map(lambda n: FIRST + timedelta(n))
VALUES = st.sampled_from(["", "a", "b", "c"])
ORDERS = st.lists(st.tuples(DAYS, st.none() | st.integers(0, 60), VALUES), max_size=8)


def span() -> list[date]:
    return [FIRST + timedelta(n) for n in range(-2, 480)]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(ORDERS)
def test_a_value_is_on_each_day_what_was_last_put_there(orders: list[tuple[date, int | None, str]]) -> None:
    """Against a plain model: a value for each day. Without an end it holds until the next change that was known."""
    steps, model = ((ALWAYS, ""),), dict.fromkeys(span(), "")
    for first, length, value in orders:
        last = None if length is None else first + timedelta(length)
        later = next((day for day, _v in steps if day > first), None)
        for day in model:
            if day >= first and (day <= last if last else later is None or day < later):
                model[day] = value
        steps = put(steps, first, last, value)
        assert {day: value_on(steps, day) for day in model} == model
        assert steps == merged(steps) and steps[0][0] == ALWAYS
        again = put(steps, first, last, value)
        assert again == steps, "the same again changes nothing"


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(ORDERS, DAYS, st.integers(0, 300))
def test_a_life_keeps_what_is_inside_of_it(orders: list[tuple[date, int | None, str]], first: date, long: int) -> None:
    steps, last = ((ALWAYS, ""),), first + timedelta(long)
    for day, length, value in orders:
        steps = put(steps, day, None if length is None else day + timedelta(length), value)
    inner = within(steps, first, last)
    assert all(value_on(inner, day) == value_on(steps, day) for day in span() if first <= day <= last)
    assert all(first < day <= last for day, _value in inner[1:]) and within(inner, first, last) == inner


def history(code: str, unit: str, opened: date | None = None, **values: str) -> SiteHistory:
    """A site that was always the same."""
    steps = {name: ((ALWAYS, values.get(name, "")),) for name in DATED}
    return SiteHistory(code, {**steps, "unit": ((ALWAYS, unit),)}, opened)


def start(communes: int = 8, districts: int = 2, sites: int = 12) -> Register:
    """A province of districts and communes, and sites in them."""
    units = {"P": Unit("P", "province", ((ALWAYS, "Tỉnh"),), ((ALWAYS, ""),))}
    for n in range(districts):
        units[f"D{n}"] = Unit(f"D{n}", "district", ((ALWAYS, f"Huyện {n}"),), ((ALWAYS, "P"),))
    for n in range(communes):
        units[f"C{n}"] = Unit(f"C{n}", "commune", ((ALWAYS, f"Xã {n}"),), ((ALWAYS, f"D{n % districts}"),))
    return Register({f"S{n}": history(f"S{n}", f"C{n % communes}") for n in range(sites)}, Units(units))


MERGES = st.lists(
    st.tuples(
        st.integers(1, 60), st.sets(st.integers(0, 11), min_size=1, max_size=4), st.integers(0, 11), st.booleans()
    ),
    max_size=8,
)


def merge_at_random(orders: list[tuple[int, set[int], int, bool]]) -> tuple[Register, dict[str, str], list[date]]:
    """The register after some merges, where every site is by a plain model of them, and the days of the merges."""
    register, day, days = start(), FIRST, []
    where = {code: value_on(site.steps["unit"], FIRST) for code, site in register.sites.items()}
    for number, (gap, old, heir, fresh) in enumerate(orders):
        day += timedelta(gap)
        living = [unit.code for unit in register.units if unit.level == "commune" and unit.lives(day)]
        some = sorted({living[n % len(living)] for n in old})
        into = f"N{number}" if fresh else living[heir % len(living)]
        if not set(some) - {into}:
            continue
        parent = "" if not fresh else value_on(register.units.by_code[some[0]].parents, day)
        register = unit_merges.merge(register, some, into, day, f"Mới {number}" if fresh else "", parent)
        where = {code: into if unit in some else unit for code, unit in where.items()}
        days.append(day)
    return register, where, days


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(MERGES)
def test_every_site_is_in_exactly_one_unit_of_each_level_on_every_day(
    orders: list[tuple[int, set[int], int, bool]],
) -> None:
    register, where, days = merge_at_random(orders)
    assert whole(register) == []
    for day in [FIRST - timedelta(1), *days, *(day - timedelta(1) for day in days), FIRST + timedelta(5_000)]:
        for site in register.sites.values():
            units = row_on(site, register.units, day).units
            assert set(units) == {"commune", "district", "province"}
            assert all(register.units.by_code[code].level == level for level, code in units.items())
            assert all(register.units.by_code[code].lives(day) for code in units.values())
    assert {code: unit_of(site, register.units, date(2099, 1, 1)) for code, site in register.sites.items()} == where


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(MERGES, st.data())
def test_merging_loses_and_doubles_nothing(orders: list[tuple[int, set[int], int, bool]], data: st.DataObject) -> None:
    """Figures by commune, as of then and in the units of any day, add up to the same; of a day after all merges the
    figure of a new commune is the sum of all that its old ones ever had."""
    register, where, days = merge_at_random(orders)
    dated = [(code, FIRST + timedelta(n)) for code in register.sites for n in (0, 200, 400)]
    figures = {one: data.draw(st.integers(0, 50)) for one in dated}
    for as_of in [None, FIRST, *days, date(2099, 1, 1)]:
        sums: dict[str, int] = {}
        for (code, day), count in figures.items():
            site = register.sites[code]
            unit = unit_of(site, register.units, day) if as_of is None else unit_as_of(site, register.units, as_of)
            sums[unit] = sums.get(unit, 0) + count
        assert "" not in sums and sum(sums.values()) == sum(figures.values())
    model: dict[str, int] = {}
    for (code, _day), count in figures.items():
        model[where[code]] = model.get(where[code], 0) + count
    assert sums == model
    # Every unit that ever was is one unit of today, and leads there from any day.
    for unit in register.units:
        now = register.units.now(unit.code, date(2099, 1, 1))
        assert register.units.by_code[now].lives(date(2099, 1, 1))
        assert register.units.by_code[now].level == unit.level


def test_districts_go_into_the_province_and_their_communes_with_them() -> None:
    register, day = start(), date(2025, 7, 1)
    after = unit_merges.merge(register, ["D0", "D1"], "P", day)
    site = after.sites["S3"]
    assert row_on(site, after.units, day - timedelta(1)).units == {"commune": "C3", "district": "D1", "province": "P"}
    assert row_on(site, after.units, day).units == {"commune": "C3", "province": "P"}
    assert after.units.levels(day) == ("province", "commune") and after.units.now("D1", day) == "P"


def test_a_merge_that_cannot_be_changes_nothing_and_says_why() -> None:
    register, day = start(), date(2025, 7, 1)
    for old, into, more, words in (
        (["C0", "C9"], "N", {"name": "Mới"}, "C9"),
        (["C0"], "N", {}, "name|tên"),
        (["C0", "C1"], "N", {"name": "Mới"}, "parent|--parent"),
        (["C0"], "C0", {}, "end|mất"),
        (["C0"], "P", {}, "commune goes|Xã chỉ"),
        (["D0"], "D1", {"parent": "C1"}, "no province|không thuộc tỉnh"),
        (["P"], "C0", {}, "C0|P"),
    ):
        with pytest.raises(UsageError, match=words):
            unit_merges.merge(register, old, into, day, more.get("name", ""), more.get("parent", ""))
    with pytest.raises(UsageError):
        unit_merges.rename(register, "C99", "Khác", day)
    once = unit_merges.merge(register, ["C0"], "C2", day)
    with pytest.raises(UsageError, match="C2"):
        unit_merges.merge(once, ["C0"], "C4", day + timedelta(5))
    with pytest.raises(UsageError, match="2025-06-30.*C2"):
        unit_merges.merge(once, ["C0"], "C4", day - timedelta(50))


def test_units_in_a_circle_are_named_and_end_nothing() -> None:
    """A file may say anything; asking must end all the same."""
    name = ((ALWAYS, "x"),)
    day = date(2020, 1, 1)
    units = Units({
        "A": Unit("A", "commune", name, ((ALWAYS, "B"),), ALWAYS, day, "B"),
        "B": Unit("B", "commune", name, ((ALWAYS, "A"),), ALWAYS, day, "A"),
    })  # fmt: skip
    assert units.now("A", date(2021, 1, 1)) == "" and set(units.above("A", day)) == {"commune"}
    assert {fault.code for fault in faults_of_units(units)} == {"A", "B"}


HOURS = st.sampled_from(["", "-", "07:30-11:30", "07:30-11:30, 13:30-17:00"])
OTHER_DAY = st.tuples(st.integers(0, 80), st.integers(0, 6), st.sampled_from(["-", "08:00-11:00"]))
EXCEPTIONS = st.lists(OTHER_DAY, max_size=4)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_planned_days_are_those_on_which_it_plans_to_open(data: st.DataObject) -> None:
    """Counted by stretches as by days, whatever changes when."""
    steps = dict(history("S", "C").steps)
    for name in ("monday", "tuesday", "saturday", "sunday", "exceptions"):
        for day in data.draw(st.lists(DAYS, max_size=3)):
            if name == "exceptions":
                told, free = [], FIRST
                for gap, long, hours in data.draw(EXCEPTIONS):
                    free += timedelta(gap)
                    end = free + timedelta(long)
                    told.append(f"{free}{f'..{end}' if long else ''}: {hours}")
                    free = end + timedelta(1)
                value = "; ".join(told)
            else:
                value = data.draw(HOURS)
            steps[name] = put(steps[name], day, None, value)
    opened, last = data.draw(st.none() | DAYS), data.draw(st.none() | DAYS)
    site = SiteHistory("S", steps, opened, last)
    first = data.draw(DAYS)
    end = first + timedelta(data.draw(st.integers(-1, 200)))
    days = [first + timedelta(n) for n in range((end - first).days + 1)]
    assert planned_days(site, first, end) == sum(bool(hours_on(site, day)) for day in days)
    assert all(not hours_on(site, day) for day in days if (opened and day < opened) or (last and day > last))


def test_a_site_of_which_no_hours_are_known_is_planned_from_monday_to_saturday() -> None:
    assert planned_days(history("S", "C"), date(2026, 11, 1), date(2026, 11, 30)) == 25
    assert planned_days(history("S", "C", monday="08:00-11:00"), date(2026, 11, 1), date(2026, 11, 30)) == 5
    closed = history("S", "C", exceptions="2026-11-20..2026-11-30: -; 2026-11-01: 08:00-11:00")
    assert planned_days(closed, date(2026, 11, 1), date(2026, 11, 30)) == 25 + 1 - 9


def frozen(number: int, first: date) -> FrozenList:
    return FrozenList(number, f"v{number}", first, datetime(2026, 1, 1, tzinfo=timezone.utc), "", "", frozenset({"A"}))


def test_a_year_is_counted_by_one_list() -> None:
    lists = [frozen(1, date(2024, 6, 1)), frozen(2, date(2025, 1, 1)), frozen(3, date(2025, 9, 1)),
             frozen(4, date(2026, 1, 1)), frozen(5, date(2026, 1, 1))]  # fmt: skip

    def version(year: int) -> str:
        found = list_for_year(lists, year)
        return found.version if found else "none"

    assert [version(year) for year in (2023, 2024, 2025, 2026, 2030)] == ["none", "v1", "v2", "v5", "v5"]
    assert list_for_year(reversed(lists), 2026) == lists[4], "the order in which they are read is nothing"


CELLS = st.fixed_dictionaries({}, optional={
    "Số máy": st.sampled_from(["-", "3", "7"]), "Mã xã": st.sampled_from(["C0", "C3", "C4", "C5", "C1"]),
    "Thứ hai": st.sampled_from(["?", "-", "07:30-11:30"]), "Diện": st.sampled_from(["Dự án", "Tiềm năng"]),
    "Vùng khó khăn": st.sampled_from(["-", "Có", "Không"]), "Ghi chú": st.sampled_from(["-", "một", "hai"]),
    "Ngày khác thường": st.sampled_from(["-", "02/09/2020: nghỉ", "2/9/2020..5/9/2020: 8h-11h"]),
})  # fmt: skip
# A line begins so many days after the one before, and lasts so many, or for ever.
SITE = st.tuples(
    st.sampled_from(["", "01/01/2020", "15/03/2020"]), st.sampled_from(["", "", "", "31/12/2021", "-"]),
    st.lists(st.tuples(st.integers(1, 120), st.none() | st.integers(0, 90), CELLS), min_size=1, max_size=4),
)  # fmt: skip
FILES = st.lists(st.dictionaries(st.sampled_from(["A1", "B2", "C3"]), SITE, min_size=1), min_size=1, max_size=4)


def as_sheet(sites: dict[str, tuple[str, str, list[tuple[int, int | None, dict[str, str]]]]]) -> Lines:
    """What a clerk would have written of these, read."""
    told = []
    for code, (opened, last, lines) in sites.items():
        begin = FIRST + timedelta(80)
        first = {"Tên điểm": "Điểm", "Loại điểm": "Thư viện xã", "Diện": "Dự án", "Mã xã": "C0", "Ngày mở": opened,
                 "Ngày cuối": last}  # fmt: skip
        begins = [None, *(begin := begin + timedelta(gap) for gap, _long, _cells in lines[1:])]
        for number, (_gap, long, cells) in enumerate(lines):
            since, following = begins[number], (begins[number + 1] if number + 1 < len(lines) else None)
            until = since + timedelta(long) if since and long is not None else None
            until = min(until, following - timedelta(1)) if until and following else until
            days = {"Mã điểm": code, "Từ ngày": since or "", "Đến ngày": until or ""}
            told.append({**days, **(first if number == 0 else {}), **cells})
    head = list(dict.fromkeys(name for row in told for name in row))
    return lines_of([("", [head, *([str(row.get(name, "")) for name in head] for row in told)])])


@pytest.mark.slow
def test_whatever_is_imported_is_the_same_the_second_time_and_comes_back_the_same() -> None:
    """Any files one after the other: the same file again changes nothing; what is exported makes the same register of
    an empty one, and the same export of that."""
    taken = refused = 0

    @settings(max_examples=100, deadline=None)
    @given(FILES, st.sampled_from(["vi", "en"]))
    def run(files: list[dict[str, tuple[str, str, list[tuple[int, int | None, dict[str, str]]]]]], lang: str) -> None:
        nonlocal taken, refused
        register = unit_merges.merge(start(sites=0), ["C1", "C2"], "N1", date(2020, 6, 1), "Mới", "D1")
        for file in files:
            done = plan(register, as_sheet(file), FIRST)
            if done.mistakes:
                assert done.after == register and done.changes == ()
                refused += 1
                continue
            taken += len(file)
            again = plan(done.after, as_sheet(file), FIRST)
            assert (again.changes, again.mistakes) == ((), ())
            register = done.after
            assert whole(register) == []
        comes_back(register, lang)

    run()
    print(f"{taken} sites taken, {refused} files refused")
    assert taken > 150, "the files are such as are taken"


def comes_back(register: Register, lang: str) -> None:
    """Asserts that the tables of a register make the same of nothing, and change nothing of it."""
    out = [(table, [headings(table, lang), *rows(table, register, lang)]) for table in ("units", "sites")]
    text = [(name, [[str(cell) for cell in row] for row in table]) for name, table in out]
    back = plan(Register({}, Units({})), lines_of(text), FIRST)
    assert back.mistakes == () and (back.after.sites, back.after.units) == (register.sites, register.units)
    assert plan(register, lines_of(text), FIRST).changes == ()
    assert [(table, [headings(table, lang), *rows(table, back.after, lang)]) for table in ("units", "sites")] == out
