"""Empty, first, silent, closed and damaged provinces: never a wrong percentage, but the reason why there is none."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.figures import figures
from kiosk.province.indicators.value import REASONS, Value
from kiosk.province.register.state import Register
from kiosk.province.register.units import Units
from kiosk.rules.periods import days_period, months_period
from tests.figures_bundles import Script, register, site
from tests.figures_odd import JUNE, NOW, THEN, asked, one_commune, said, told, wednesdays
from tests.figures_world import SITES, UNITS
from tests.figures_worlds import Small
from tests.plain_figures import CODES
from tests.plain_goals import GROWTHS

pytestmark = pytest.mark.slow  # each builds a lake
RATES = (*GROWTHS, "EFFECTIVE_SITES", "USE_RATE", "COMPLETENESS", "TIMELINESS", "TIMELINESS_MONTH", "PCS_WORKING_RATE")
YEAR = months_period((2025, 1), (2025, 12))
SITE = site("TH-001", "14001")
OTHER = site("TH-002", "14001")
EVERYBODY_CAME_BEFORE = [
    {"kind": "month", "month": "2025-03", "table": "FST", "side": side, "count": count}
    for side, count in (("FST_Y", 0), ("FST_N", 5), ("FST_U", 0))
]


def no_rates(values: Mapping[str, Value], *but: str) -> None:
    """No percentage, and for each a reason that has a sentence; whoever has a reason has no number."""
    for code, value in values.items():
        assert value.known != bool(value.reason), (code, value)
        assert value.reason in {"", *REASONS}
    wrong = {code: values[code] for code in RATES if code not in but and values[code].known}
    assert not wrong and not any(values[code].verdict for code in RATES if code not in but)


def test_a_province_without_sites_has_reasons_and_noughts_only(tmp_path: Path) -> None:
    values = asked(tmp_path, Script(), Register({}, Units({})), YEAR).of()
    no_rates(values)
    assert set(CODES) - {"EFFECTIVE"} <= values.keys()  # which is said of a site alone
    assert not any(value.number for value in values.values())
    assert said(values, "VISITS", "USERS", "EFFECTIVE_SITES") == ["no_sites", "no_sites", "no_list"]


def test_sites_that_never_reported_are_planned_and_no_more(tmp_path: Path) -> None:
    values = asked(tmp_path, Script(), one_commune(SITE, OTHER, listed=["TH-001", "TH-002"]), YEAR).of()
    no_rates(values, "EFFECTIVE_SITES", "COMPLETENESS")
    assert said(values, "VISITS", "USERS", "PC_HOURS", "TIMELINESS") == ["nothing_told"] * 4
    assert said(values, "PLANNED_DAYS", "REPORTED_DAYS", "COMPLETENESS") == ["106", "0", "0.0"]
    assert said(values, "EFFECTIVE_SITES", "SITES_NO_REPORT", "SITES_NOT_EFFECTIVE") == ["0.0", "2", "0"]
    assert (values["EFFECTIVE_SITES"].verdict, values["EFFECTIVE_SITES"].high) == ("not_met", None)


def test_a_first_year_is_not_comparable_yet(tmp_path: Path) -> None:
    days = [(code, day, 9) for code in ("TH-001", "TH-002") for day in wednesdays(YEAR.first, YEAR.last)]
    codes = [*GROWTHS, "VISITS", "COMPLETENESS"]
    values = asked(tmp_path, told(*days), one_commune(SITE, OTHER), YEAR, codes=codes).of()
    assert said(values, *GROWTHS) == ["first_year"] * 4 and not any(values[code].verdict for code in GROWTHS)
    assert said(values, "VISITS", "COMPLETENESS") == ["954", "100.0"]


def test_people_of_whom_no_word_came_are_unknown_and_not_nought(tmp_path: Path) -> None:
    """A PC told of a day in March and fell silent before it told of the month: nobody knows how many came first."""
    codes = ["VISITS", "USERS", "FIRST"]
    for name, visits, words, numbers in (
        ("silent", 5, [], ["5", "nothing_told", "nothing_told"]),
        ("spoken", 5, EVERYBODY_CAME_BEFORE, ["5", "0", "0"]),
        ("empty", 0, [], ["0", "0", "0"]),  # nobody came, and of such a month no PC has a word
    ):
        script = told(("TH-001", date(2025, 3, 19), visits))
        if words:
            script.day("TH-001", "01", date(2025, 4, 2), *words)
        spring = days_period(date(2025, 3, 1 if words else 15), date(2025, 11, 30))
        values = asked(tmp_path / name, script, one_commune(SITE), spring, codes=codes).of()
        assert said(values, *codes) == numbers, name
        assert (values["USERS"].low, values["USERS"].high) == ((0, 0) if values["USERS"].known else (None, None))


def test_a_site_that_is_not_in_the_register_is_in_no_figure(tmp_path: Path) -> None:
    script = told(("TH-001", NOW, 4), ("TH-099", NOW, 900), ("TH-099", THEN, 900))
    values = asked(tmp_path, script, one_commune(SITE), JUNE).of()
    assert said(values, "VISITS", "REPORTING_SITES", "VISITS_GROWTH") == ["4", "1", "first_year"]
    nobody = asked(tmp_path, script, Register({}, Units({})), JUNE).of()
    assert said(nobody, "VISITS", "COMPLETENESS") == ["no_sites", "no_sites"]


def test_a_period_that_has_not_begun_says_nothing(tmp_path: Path) -> None:
    known = one_commune(SITE, listed=["TH-001"])
    for today in (YEAR.first, date(2024, 3, 1)):
        values = asked(tmp_path, told(("TH-001", NOW, 4), ("TH-001", THEN, 4)), known, YEAR, today).of()
        no_rates(values)
        assert {code for code, value in values.items() if value.number} <= {"PROJECT_SITES", "LIVING_SITES"}


def test_a_year_of_which_no_month_is_over_is_not_judged(tmp_path: Path) -> None:
    script = told(("TH-001", date(2025, 1, 1), 4), ("TH-001", date(2024, 1, 3), 4))
    values = asked(tmp_path, script, one_commune(SITE, listed=["TH-001"]), YEAR, date(2025, 1, 31)).of()
    assert values["EFFECTIVE_SITES"].reason in ("too_early", "not_over") and not values["EFFECTIVE_SITES"].verdict
    assert values["USERS"].reason in ("too_early", "not_over")
    assert said(values, "VISITS", "PLANNED_DAYS") == ["4", "5"]


@pytest.mark.parametrize(("listed", "year"), [(None, 2025), (["TH-001"], 2026)])
def test_without_a_frozen_list_no_share_is_said(tmp_path: Path, listed: list[str] | None, year: int) -> None:
    found = asked(tmp_path, told(("TH-001", NOW, 4)), one_commune(SITE, listed=listed, year=year), YEAR)
    assert said(found.of(), "EFFECTIVE_SITES", "PROJECT_SITES", "SITES_NO_REPORT") == ["no_list"] * 3
    assert found.list_version == ""


def test_a_closed_site_stays_in_the_list_without_a_report(tmp_path: Path) -> None:
    closed = site("TH-002", "14001", last="2024-12-31")
    days = [("TH-001", day, 9) for day in wednesdays(YEAR.first, YEAR.last)]
    known = one_commune(SITE, closed, listed=["TH-001", "TH-002"])
    codes = ["EFFECTIVE_SITES", "SITES_NO_REPORT", "LIVING_SITES", "VISITS"]
    found = asked(tmp_path, told(*days, ("TH-002", NOW, 9)), known, YEAR, by="commune", codes=codes)
    for values in (found.of(), found.of("14001")):
        assert said(values, *codes) == ["50.0", "1", "1", "477"]
        assert str(values["EFFECTIVE_SITES"].high) == "100.0"
    assert found.list_version == "1"


def test_days_that_cannot_be_read_are_named_and_counted_nowhere(tmp_path: Path) -> None:
    script = told(("TH-001", NOW, 4), ("TH-001", NOW + timedelta(days=7), 5), ("TH-002", NOW, 6))
    found = asked(tmp_path, script, one_commune(SITE, OTHER), JUNE, lost=(0,))
    assert found.incomplete == {NOW.isoformat(): 1}
    assert said(found.of(), "VISITS", "REPORTED_DAYS", "COMPLETENESS") == ["11", "2", "25.0"]


def test_29_february_is_compared_with_the_28th(tmp_path: Path) -> None:
    """Two months to the leap day: of the year before 1 January to 28 February."""
    week = site("TH-001", "14001", week="1234567")
    every = [date(year, 1, 1) + timedelta(days=n) for year in (2023, 2024) for n in range(60)]
    script = told(*((code, day, 2) for code in ("TH-001", "TH-002") for day in every if day != date(2023, 3, 1)))
    known = one_commune(week, site("TH-002", "14001", week="1234567"))
    year = months_period((2024, 1), (2024, 12))
    values = asked(tmp_path, script, known, year, date(2024, 3, 1)).of()
    assert said(values, "VISITS", "PLANNED_DAYS", "COMPLETENESS") == ["240", "120", "100.0"]
    assert (values["VISITS_GROWTH"].part, values["VISITS_GROWTH"].whole) == (240, 236)
    assert said(values, "VISITS_GROWTH") == ["1.7"]


def test_months_that_begin_on_the_15th(tmp_path: Path) -> None:
    """March is 15 February to 14 March: ten visits of it are active, whatever the calendar months have."""
    days = [(date(2025, 2, 12), 9), (date(2025, 2, 19), 4), (date(2025, 2, 26), 3), (date(2025, 3, 5), 2),
            (date(2025, 3, 12), 1), (date(2025, 3, 19), 9)]  # fmt: skip
    march = months_period((2025, 3), (2025, 3), 15)
    with Small("odd", told(*(("TH-001", day, visits) for day, visits in days)), one_commune(SITE)).opened(
        tmp_path / "lake"
    ) as world:
        values = figures(world, Ask(march, date(2025, 3, 15), starts_on=15)).of()
        early = figures(world, Ask(march, date(2025, 3, 14), starts_on=15)).of()
    assert said(values, "VISITS", "PLANNED_DAYS", "REPORTED_DAYS", "ACTIVE_MONTHS") == ["10", "4", "4", "1"]
    assert early["ACTIVE_MONTHS"].reason in ("too_early", "not_over")


def test_a_merge_in_mid_year_moves_whole_years_and_no_visit_is_lost(tmp_path: Path) -> None:
    known = register([SITES[0], SITES[1]], UNITS)  # in 14001 and 14002, which became 20001 on 1 July 2025
    days = [date(2025, 6, 25), date(2025, 7, 2)]
    script = told(*((code, day, 5) for code in ("TH-001", "TH-002") for day in days))
    half, year = months_period((2025, 1), (2025, 6)), YEAR
    for number, (period, communes) in enumerate(((half, {"14001": "5", "14002": "5"}), (year, {"20001": "20"}))):
        found = asked(tmp_path / str(number), script, known, period, by="commune", codes=["VISITS"])
        assert {key: said(values, "VISITS")[0] for key, values in found.places.items() if key} == communes
    districts = asked(tmp_path / "0", script, known, half, by="district", codes=["VISITS"])
    assert said(districts.of("3801"), "VISITS") == ["10"]
    nowhere = asked(tmp_path / "0", script, known, year, by="district", codes=["VISITS"])
    assert {key: said(values, "VISITS")[0] for key, values in nowhere.places.items()} == {"": "20", "-": "20"}
