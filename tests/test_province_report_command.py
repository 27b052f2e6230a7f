"""`kiosk province report` on a real home: every format, period and part, and a sentence where something is wrong."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from kiosk.cli import main
from kiosk.province.home import Home
from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.definitions import DEFINITIONS
from kiosk.province.indicators.figures import figures
from kiosk.province.indicators.world import open_world
from kiosk.rules.period_texts import parse_period
from tests.board_town import TODAY, town
from tests.province_home import new_home

pytestmark = pytest.mark.slow
QUARTER = "2026-Q3"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return town(tmp_path_factory.mktemp("town"))


@pytest.fixture(autouse=True)
def on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of the town: the clock of the machine is none of these tests' business."""
    monkeypatch.setattr("kiosk.cli.province_report.today", lambda: TODAY)


def report(home: Home, *words: str, lang: str = "C.UTF-8") -> Result:
    """The command as it is typed."""
    return CliRunner(env={"LC_ALL": lang, "LANGUAGE": "en"}).invoke(
        main, ["province", "report", "--home", str(home.path), *words]
    )


def told(home: Home, *words: str) -> dict[str, Any]:
    done = report(home, "--json", *words)
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def same(value: object) -> object:
    return value if isinstance(value, int) or value is None else str(value)


@pytest.mark.parametrize("period", ["2026", QUARTER, "2026-10", "2025-12-15..2026-02-03", "2026-W20"])
def test_json_has_every_indicator_by_its_code_as_the_figures_are(home: Home, period: str) -> None:
    data = told(home, "--period", period, "--by", "commune")
    with open_world(home) as world:
        expected = figures(world, Ask(parse_period(period), TODAY, by="commune"))
    assert set(data["indicators"]) == set(expected.of()) and set(data["definitions"]) == set(expected.of())
    given = {"": data["indicators"], **{key: one["indicators"] for key, one in data["places"]["commune"].items()}}
    assert set(given) == set(expected.places)
    for key, values in expected.places.items():
        for code, value in values.items():
            one = given[key][code]
            assert (one["value"], one["version"]) == (same(value.number), DEFINITIONS[code].version), (key, code)
            assert (one.get("reason"), bool(one.get("why"))) == (value.reason or None, not value.known), (key, code)
            for name in ("low", "high", "part", "whole", "sites"):
                assert one.get(name) == same(getattr(value, name)), (key, code, name)


def test_the_year_so_far_says_its_goals_of_which_list_and_who_is_in_no_figure(home: Home) -> None:
    data = told(home, "--period", "2026")
    goal = data["indicators"]["EFFECTIVE_SITES"]
    assert data["list_version"] == "2026.1" and goal["whole"] == 9 and goal["verdict"] in ("met", "not_met")
    assert (data["period"]["over"], data["period"]["until"]) == (False, "2026-11-19")
    assert data["indicators"]["TARGET_VISITS_GROWTH"]["reason"] and data["edition"] == 1
    assert told(home, "--period", "2026")["indicators"] == data["indicators"]


@pytest.mark.parametrize(("words", "kind", "name"), [
    (("--line", "post"), "line", "Post offices"), (("--unit", "20002"), "commune", "Xã Suối Trong"),
    (("--site", "TV-001"), "site", "Thư viện tỉnh"), (("--unit", "38"), "province", "Tỉnh Ví Dụ"),
])  # fmt: skip
def test_one_line_one_unit_or_one_site_is_told_alone(home: Home, words: tuple[str, ...], kind: str, name: str) -> None:
    whole, part = (told(home, "--period", QUARTER, *more) for more in ((), words))
    assert (part["of"]["kind"], part["of"]["name"]) == (kind, name)
    least, most = part["indicators"]["VISITS"]["value"], whole["indicators"]["VISITS"]["value"]
    assert 0 < least <= most and (least < most or kind == "province")


def test_text_is_read_by_a_clerk_in_their_language_with_places_below(home: Home) -> None:
    done = report(home, "--period", QUARTER, "--by", "site", lang="vi_VN.UTF-8")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == "Tỉnh thử: Quý III/2026 (01/07/2026 – 30/09/2026)"
    assert any(line.startswith("TV-001 Thư viện tỉnh") for line in lines)
    assert not re.search(r"\b(None|null|Decimal|Traceback)\b", done.stdout)
    english = report(home, "--period", QUARTER).stdout
    assert english.startswith("Tỉnh thử: Quarter III/2026") and "Not yet comparable" in english


def test_paper_and_workbook_are_vietnamese_unless_another_language_is_asked_for(home: Home, tmp_path: Path) -> None:
    page, book = tmp_path / "report.html", tmp_path / "report.xlsx"
    assert report(home, "--period", "2026", "--format", "html", "--to", str(page)).exit_code == 0
    assert report(home, "--period", "2026", "--format", "xlsx", "--to", str(book)).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "Độc lập – Tự do – Hạnh phúc" in text and "Sở Văn hóa, Thể thao và Du lịch; Bưu điện tỉnh" in text
    names = CalamineWorkbook.from_path(str(book)).sheet_names
    assert [one for one in names if one.startswith("Theo ")] == ["Theo xã", "Theo ngành", "Theo điểm", "Theo tháng"]
    english = report(home, "--period", "2026", "--format", "html", "--language", "en").stdout
    assert "Independence" in english and "Độc lập" not in english
    post = report(home, "--period", QUARTER, "--format", "html", "--line", "post").stdout
    assert "Bưu điện tỉnh" in post and "Sở Văn hóa" not in post, "each department has a report of its own line"


def test_several_files_go_into_a_folder_or_a_zip_and_say_what_json_says(home: Home, tmp_path: Path) -> None:
    folder, packed = tmp_path / "tables", tmp_path / "tables.zip"
    assert report(home, "--period", QUARTER, "--format", "csv", "--to", str(folder)).exit_code == 0
    assert report(home, "--period", QUARTER, "--format", "csv", "--to", str(packed)).exit_code == 0
    with zipfile.ZipFile(packed) as files:
        assert {name: files.read(name) for name in files.namelist()} == {
            path.name: path.read_bytes() for path in folder.iterdir()
        }
    visits = told(home, "--period", QUARTER)["indicators"]["VISITS"]["value"]
    text = (folder / "figures.csv").read_text(encoding="utf-8")
    assert f"province,38,VISITS,{QUARTER},2026-07-01,2026-09-30,{visits}," in text
    assert report(home, "--period", QUARTER, "--format", "csv").stdout.splitlines() == text.splitlines()


def test_dhis2_has_both_files_by_the_codes_of_the_province_and_again_the_same_bytes(home: Home, tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        done = report(home, "--period", "2026-10", "--format", "dhis2", "--to", str(tmp_path / name))
        assert done.exit_code == 0, done.output
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO((tmp_path / "one.zip").read_bytes())) as files:
        values, complete = (json.loads(files.read(name)) for name in
                            ("dataValueSets.json", "completeDataSetRegistrations.json"))  # fmt: skip
    sent = {(one["orgUnit"], one["dataElement"]): one["value"] for one in values["dataValues"]}
    site = told(home, "--period", "2026-10", "--site", "TV-001")["indicators"]
    assert sent["TV-001", "VISITS"] == str(site["VISITS"]["value"]) and values["period"] == "202610"
    states = {one["organisationUnit"]: one["completed"] for one in complete["completeDataSetRegistrations"]}
    assert states["TV-001"] is True and states["BD-003"] is False, "BD-003 was silent from the 5th on"
    assert (home.path / "dhis2.toml").exists()
    refused = report(home, "--period", "2026-01..2026-09", "--format", "dhis2")
    assert refused.exit_code == 2 and "DHIS2 has no such period" in refused.stderr


@pytest.mark.parametrize(("words", "code", "says"), [
    (("--period", "soon"), 2, "'soon' is not a period"), (("--unit", "99999"), 2, "no unit 99999"),
    (("--site", "XX-001"), 2, "XX-001 is not in the register"), (("--format", "xlsx"), 2, "--to FILE"),
    (("--format", "csv", "--to", "x.csv"), 2, "folder"), (("--line", "bus"), 2, "--line"),
    (("--period", QUARTER, "--format", "html", "--to", "/nowhere/x.html"), 1, "/nowhere"),
    (("--period", QUARTER, "--format", "csv", "--to", "/nowhere/x"), 1, "/nowhere"),
    (("--engine", "postgres", "--url", "postgresql://127.0.0.1:1/x"), 1, ""),
    (("--url", "postgresql://127.0.0.1:1/x"), 2, "--engine postgres"),
])  # fmt: skip
def test_what_cannot_be_is_a_sentence(home: Home, words: tuple[str, ...], code: int, says: str) -> None:
    done = report(home, *words)
    assert done.exit_code == code and says in done.stderr and len(done.stderr) > 20, done.output
    assert "Traceback" not in done.output and not done.stdout


@pytest.mark.parametrize("kind", ["text", "json", "html", "xlsx"])
def test_a_folder_where_a_file_is_written_is_named_itself_with_a_file_in_it(
    home: Home, tmp_path: Path, kind: str
) -> None:  # fmt: skip
    done = report(home, "--format", kind, "--to", str(tmp_path))
    assert done.exit_code == 2 and f"{tmp_path} is a folder" in done.stderr, done.stderr
    assert re.search(rf"for example {tmp_path}/report\.\w+", done.stderr) and not list(tmp_path.iterdir())


def test_a_file_or_a_folder_that_is_in_the_way_of_several_files_is_named(home: Home, tmp_path: Path) -> None:
    there, folder = tmp_path / "there", tmp_path / "folder.zip"
    there.write_text("a file")
    folder.mkdir()
    done = report(home, "--format", "csv", "--to", str(there))
    assert done.exit_code == 2 and f"{there} holds one" in done.stderr and there.read_text() == "a file"
    done = report(home, "--format", "dhis2", "--to", str(folder))
    assert done.exit_code == 2 and f"{folder} is a folder" in done.stderr


def test_a_period_that_has_not_begun_has_reasons_and_no_number(home: Home) -> None:
    data = told(home, "--period", "2027")
    assert {one["value"] for one in data["indicators"].values()} == {None}
    done = report(home, "--period", "2027", "--format", "html")
    assert done.exit_code == 0 and "BÁO CÁO" in done.stdout


def test_an_empty_province_is_told_that_nothing_was_made_yet_and_then_by_reasons(tmp_path: Path) -> None:
    empty = new_home(tmp_path / "empty", [])
    done = report(empty, "--period", "2026")
    assert done.exit_code == 5 and "rebuild" in done.stderr and "Traceback" not in done.output
    assert CliRunner().invoke(main, ["province", "rebuild", "--home", str(empty.path)]).exit_code == 0
    data = told(empty, "--period", "2026")
    assert all(one["reason"] for one in data["indicators"].values() if one["value"] is None)
    assert data["indicators"]["EFFECTIVE_SITES"]["value"] is None


def test_who_asks_hears_when_more_has_come_since(home: Home, tmp_path: Path) -> None:
    assert "rebuild" not in report(home, "--period", QUARTER).stderr
    other = town(tmp_path)
    about = next((other.lake / "editions").glob("[0-9]*/lake.json"))
    data = json.loads(about.read_text())
    about.chmod(0o644)
    about.write_text(json.dumps(data | {"through": data["through"] - 1}))  # as if one bundle fewer had been there
    done = report(other, "--period", QUARTER, "--json")
    assert done.exit_code == 0 and "kiosk province rebuild" in done.stderr and json.loads(done.stdout)
