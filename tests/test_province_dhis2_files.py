"""The files for DHIS2: in its documented form, by codes that a province may change, the same for the same figures.

What is documented stands in tests/dhis2_documented.py.
"""

import io
import json
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import SettingsError, UsageError
from kiosk.province.home import Home
from kiosk.province.indicators.ask import WHOLE, Ask
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.figures import Figures
from kiosk.province.indicators.value import Value
from kiosk.province.outputs import dhis2
from kiosk.province.outputs.dhis2_codes import FILE, Codes, codes_of, read_codes
from kiosk.province.outputs.material import Gathered, Place
from kiosk.rules.indicator import PERCENT
from kiosk.rules.period_texts import parse_period
from tests.dhis2_documented import DataValueSet, Registration, Registrations
from tests.province_gathered import TODAY, gathered

PERIODS = {"2026-11-21": ("20261121", "KIOSK_DAY"), "2026-W07": ("2026W7", "KIOSK_WEEK"),
           "2026-10": ("202610", "KIOSK_MONTH"), "2026-Q3": ("2026Q3", "KIOSK_QUARTER"),
           "2025": ("2025", "KIOSK_YEAR")}  # fmt: skip


def of(period: str, sites: int = 12) -> Gathered:
    return gathered(sites, Ask(parse_period(period), TODAY))


def sent(found: Gathered, codes: Codes | None = None) -> DataValueSet:
    return DataValueSet.model_validate_json(dhis2.data_value_sets(found, codes or Codes()))


def complete(found: Gathered, codes: Codes | None = None) -> list[Registration]:
    told = Registrations.model_validate_json(dhis2.registrations(found, codes or Codes()))
    return told.completeDataSetRegistrations


@pytest.mark.parametrize("period", PERIODS)
def test_the_files_are_as_documented_for_every_kind_of_period(period: str) -> None:
    name, data_set = PERIODS[period]
    told = sent(of(period))
    assert (told.period, told.dataSet) == (name, data_set) and {one.period for one in told.dataValues} == {name}
    schemes = told.model_dump(include={one for one in DataValueSet.model_fields if one.endswith("Scheme")})
    assert set(schemes.values()) == {"CODE"} and len(schemes) == 5
    assert {(one.period, one.dataSet) for one in complete(of(period))} == {(name, data_set)}


def test_every_figure_of_every_site_that_has_a_number_is_sent_as_it_is_and_nothing_else() -> None:
    found = of("2025")
    values = {(one.orgUnit, one.dataElement): one.value for one in sent(found).dataValues}
    expected = {
        (site, code): str(told.number)
        for site, figures in found.tables["site"].places.items() if site != WHOLE
        for code, told in figures.items() if told.known
    }  # fmt: skip
    whole = {("38", code): str(told.number) for code, told in found.whole.of().items()
             if told.known and DEFINITIONS[code].unit == PERCENT}  # fmt: skip
    assert values == expected | whole and "0" in values.values()
    assert ("38", "VISITS") not in values, "what DHIS2 adds up itself would be counted twice"
    assert values["38", "EFFECTIVE_SITES"] == "83.0" and ("38", "TARGET_USERS_GROWTH") not in values


def test_no_value_is_told_twice_so_that_what_is_sent_again_changes_nothing() -> None:
    there: dict[tuple[str, ...], str] = {}  # as DHIS2 keeps them: by element, period, unit and combination

    def taken(told: DataValueSet) -> int:
        before = dict(there)
        for one in told.dataValues:
            there[one.dataElement, one.period, one.orgUnit, str(one.categoryOptionCombo)] = one.value
        return sum(before.get(key) != value for key, value in there.items())

    told = sent(of("2025"))
    assert taken(told) == len(told.dataValues) == len(there) and taken(sent(of("2025"))) == 0
    assert dhis2.files(of("2025"), Codes()) == dhis2.files(of("2025"), Codes())
    later = replace(of("2025"), edition=99, built="2026-12-01T00:00:00+00:00")
    assert dhis2.files(later, Codes()) == dhis2.files(of("2025"), Codes()), "another edition with the same figures"


def test_a_figure_that_became_nought_takes_the_old_one_away_unless_the_province_wants_no_noughts() -> None:
    found = of("2025", 1)
    zeros = {code for code, told in found.tables["site"].of("TH-000").items() if told.known and not told.number}
    told = {one.dataElement for one in sent(found).dataValues if one.orgUnit == "TH-000" and one.value == "0"}
    assert zeros and told == zeros
    without = Codes.model_validate({"options": {"zeros": False}})
    assert not [one for one in sent(found, without).dataValues if Decimal(one.value) == 0]


def test_a_site_is_complete_when_the_period_is_over_and_no_planned_day_is_missing() -> None:
    over, running = complete(of("2025")), complete(of("2026"))
    assert {one.organisationUnit: one.completed for one in over} == {f"TH-{n:03}": bool(n % 2) for n in range(12)}
    assert {one.completed for one in running} == {False}, "a year that is not over is complete nowhere"
    never = of("2025", 1)
    nothing = {code: Value(reason="no_sites") for code in DEFINITIONS}
    silent = replace(never, tables={"site": Figures(never.ask, {WHOLE: {}, "TH-000": nothing})})
    assert [one.completed for one in complete(silent)] == [False]


def test_a_province_changes_codes_and_leaves_out_what_it_does_not_want(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text(
        '[data_set]\nyear = "BC_NAM"\n[options]\ncategory_option_combo = "mac_dinh"\n'
        '[org_unit]\n"TH-001" = "OU_559"\n"TH-002" = ""\n38 = "VN-21"\n'
        '[data_element]\nVISITS = "LUOT"\nMISSED = ""\n', encoding="utf-8",
    )  # fmt: skip
    found, codes = of("2025"), read_codes(path)
    told = sent(found, codes)
    assert told.dataSet == "BC_NAM" and {one.categoryOptionCombo for one in told.dataValues} == {"mac_dinh"}
    units, elements = {one.orgUnit for one in told.dataValues}, {one.dataElement for one in told.dataValues}
    assert {"OU_559", "VN-21", "TH-003"} <= units and not units & {"TH-001", "TH-002", "38"}
    assert "LUOT" in elements and not elements & {"VISITS", "MISSED"}
    assert {one.organisationUnit for one in complete(found, codes)} == units - {"VN-21"}


def test_the_file_of_codes_is_written_once_and_then_belongs_to_the_province(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert codes_of(home) == Codes() == read_codes(tmp_path / FILE), "what it says is what holds without it"
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    # Registrations have no field for a scheme of their own: there it goes into the address.
    assert 'api/$one?idScheme=code"' in text and all(name.removesuffix(".json") in text for name in dhis2.files(
        of("2025"), Codes()))  # fmt: skip
    assert "Không ghi thì hai bên dùng chung một mã." in text and "has the same code in both" in text
    (tmp_path / FILE).write_text(text.replace("zeros = true", "zeros = false"), encoding="utf-8")
    assert not codes_of(home).options.zeros
    assert re.findall('(?m)^# "TH-001" = .*$', text), "an example to go by"


def test_who_may_not_write_there_goes_by_what_would_stand_in_it(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder takes a file here")
    assert codes_of(Home(tmp_path / "home")) == Codes()


def test_all_that_is_wrong_in_it_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text('[data_set]\nyear = 5\nhalf = "x"\n[options]\nzeros = "no"\n[org_unit]\n"TH-001" = 7\n')
    with pytest.raises(SettingsError) as refused:
        read_codes(path)
    told = str(refused.value)
    for name in ("data_set.year", "data_set.half", "options.zeros", "org_unit.TH-001"):
        assert name in told
    path.write_text("[data_set\n")
    with pytest.raises(SettingsError):
        read_codes(path)


@pytest.mark.parametrize("period", ["2026-01..2026-09", "2026-11-01..2026-11-21", "2026-03..2026-04"])
def test_a_period_that_dhis2_does_not_have_is_refused_with_a_sentence(period: str) -> None:
    with pytest.raises(UsageError, match=re.escape(period)) as refused:
        dhis2.files(of(period), Codes())
    assert refused.value.hint
    with pytest.raises(UsageError):
        dhis2.files(of("2025"), Codes.model_validate({"data_set": {"year": ""}}))


@pytest.mark.parametrize(("scope", "unit"), [
    (Place("16015", "commune", "Xã Hai"), "16015"), (Place("library", "line", "library"), None),
    (Place("", "province", "Tỉnh thử"), None),
])  # fmt: skip
def test_shares_of_the_whole_go_to_its_unit_and_a_line_is_none(scope: Place, unit: str | None) -> None:
    found = replace(of("2025"), scope=scope)
    whole = {one.orgUnit for one in sent(found).dataValues} - set(found.tables["site"].places)
    assert whole == ({unit} if unit else set())


def test_one_site_alone_is_sent_as_itself() -> None:
    found = of("2025")
    alone = replace(found, scope=Place("TH-001", "site", "Điểm"), tables={},
                    whole=Figures(found.ask, {WHOLE: found.tables["site"].of("TH-001")}))  # fmt: skip
    mine = [one for one in sent(found).dataValues if one.orgUnit == "TH-001"]
    assert sent(alone).dataValues == mine and [one.completed for one in complete(alone)] == [True]


def test_hostile_names_are_nowhere_in_it_and_the_zip_holds_both_files() -> None:
    found = of("2025", 40)
    with zipfile.ZipFile(io.BytesIO(dhis2.archive(found, Codes()))) as files:
        told: dict[str, Any] = {name: json.loads(files.read(name)) for name in files.namelist()}
    assert set(told) == {"dataValueSets.json", "completeDataSetRegistrations.json"}
    assert "script" not in json.dumps(told) and "HYPERLINK" not in json.dumps(told)
