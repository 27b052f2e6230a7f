"""Every output of worlds that were really reckoned: merged communes, closed sites, first years, days to come."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from kiosk.errors import UsageError
from kiosk.province.indicators.ask import WHOLE, Ask
from kiosk.province.indicators.world import World
from kiosk.province.outputs import dhis2, paper, spoken, tables, workbook
from kiosk.province.outputs.dhis2_codes import Codes
from kiosk.province.outputs.gather import gathered
from kiosk.province.outputs.material import Gathered
from kiosk.rules.period_texts import parse_period
from tests.figures_worlds import worlds
from tests.test_province_dhis2_files import DataValueSet, Registrations
from tests.test_province_report_on_paper import Text

pytestmark = pytest.mark.slow
AFTER = "2026-07-02"
ASKED = (("2025", "", ""), ("2026", "", ""), ("2025-Q2", "post", ""), ("2025-06-10..2025-07-20", "", "20001"),
         ("2024", "", ""), ("2023", "", ""), ("2027", "", ""))  # fmt: skip
RAW = re.compile(r"\b(None|null|nan|NaN|Decimal|Value|Infinity)\b")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


@pytest.mark.parametrize(("period", "line", "unit"), ASKED)
def test_every_output_of_the_golden_world_says_the_same_and_nothing_raw(
    folder: Path, period: str, line: str, unit: str
) -> None:
    small = worlds()[0]
    with small.opened(folder / "golden") as world:
        found = gathered(world, _ask(period, line, unit))
    _agree(found)


@pytest.mark.parametrize("number", [1])
def test_every_output_of_a_random_world_says_the_same_and_nothing_raw(folder: Path, number: int) -> None:
    small = worlds()[number]
    with small.opened(folder / small.name) as world:
        for period in ("2025", "2025-12-15..2026-02-10"):
            _agree(gathered(world, _ask(period)))


def _ask(period: str, line: str = "", unit: str = "") -> Ask:
    return Ask(parse_period(period), parse_period(AFTER).first, line=line, within=unit)


def _agree(found: Gathered) -> None:
    for lang in ("vi", "en"):
        page = Text(paper.report_html(found, lang)).text()
        text = "\n".join(spoken.as_text(found, lang))
        assert not RAW.search(page) and not RAW.search(text)
        assert len(workbook.workbook(found, lang)) > 8_000
    data = json.loads(spoken.as_json(found, "vi"))
    rows = list(csv.DictReader(io.StringIO(tables.files(found)["figures.csv"].decode(), newline="")))
    told = {(row["kind"], row["place"], row["code"]): row for row in rows if row["period"] == found.ask.period.text}
    for by, places in [(found.scope.by, {found.scope.key: data["indicators"]}), *(
        (by, {key: one["indicators"] for key, one in some.items()}) for by, some in data["places"].items()
    )]:  # fmt: skip
        for key, values in places.items():
            for code, one in values.items():
                row = told[by, key or tables.NO_CODE, code]
                assert row["value"] == ("" if one["value"] is None else str(one["value"])), (by, key, code)
                assert row["reason"] == one.get("reason", "") and (row["value"] == "") is bool(row["reason"])
    _fits_dhis2(found)


def _fits_dhis2(found: Gathered) -> None:
    try:
        files = dhis2.files(found, Codes())
    except UsageError:
        assert found.ask.period.kind in ("range", "nine_months")
        return
    sent = DataValueSet.model_validate_json(files[dhis2.VALUES]).dataValues
    sites = {key for key in found.tables["site"].places if key != WHOLE}
    if sites:
        Registrations.model_validate_json(files[dhis2.COMPLETE])
    known = sum(value.known for key in sites for value in found.tables["site"].of(key).values())
    assert len([one for one in sent if one.orgUnit in sites]) == known


def test_a_merged_commune_is_told_under_its_new_name_and_a_closed_site_under_its_last(folder: Path) -> None:
    with worlds()[0].opened(folder / "golden") as world:
        found = gathered(world, _ask("2025"))
        names = _names(found)
        assert {"20001", "14003"} == set(names["commune"]) and names["site"]["TH-005"]
        assert found.places["site", "TH-001"].above == found.places["commune", "20001"].name
        earlier = gathered(world, Ask(parse_period("2025-Q1"), parse_period("2025-04-02").first))
    assert set(_names(earlier)["district"]) >= {"3801"} and "20001" not in _names(earlier)["commune"]


def _names(found: Gathered) -> dict[str, dict[str, str]]:
    return {by: {one.key: one.name for one in found.listed(by)} for by in found.tables}


def test_progress_is_told_step_by_step_up_to_the_last(folder: Path) -> None:
    steps: list[tuple[int, int]] = []

    def told(step: str, _name: str, done: int, whole: int) -> None:
        assert step == "reckon"
        steps.append((done, whole))

    with worlds()[0].opened(folder / "golden") as world:
        assert isinstance(world, World)
        gathered(world, _ask("2026-05"), told)
    assert [done for done, _whole in steps] == list(range(len(steps))) and {whole for _done, whole in steps} == {
        len(steps)
    }
