"""A whole province: 112 project sites and potential ones, the merges of 2025, files that come back the same."""

import sqlite3
import subprocess
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from register_support import Book
from register_world import BEGUN, MERGED, World, world
from spreadsheet import opened

from kiosk.province.register.files import sheets_in, write
from kiosk.province.register.plan import whole
from kiosk.province.register.planned_days import hours_on
from kiosk.province.register.register import expected, expected_stations, known_site, project_list, sites
from kiosk.province.register.site_history import row_on, unit_as_of, unit_of

BEFORE, AFTER = MERGED - timedelta(1), date(2026, 11, 23)


@pytest.fixture(scope="module")
def told() -> World:
    return world()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, told: World) -> Book:
    home = tmp_path_factory.mktemp("province")
    book = Book(home / "home")
    said = book.cli("sites", "import", str(told.write(home / "thanh-hoa.xlsx")), "--reason", "Kế hoạch của tỉnh")
    assert "New sites: 143" in said and "It is written." in said
    return book


def test_every_site_is_where_the_clerk_put_it_before_and_after_the_merges(book: Book, told: World) -> None:
    register = book.read()
    assert whole(register) == [] and register.sites.keys() == told.told.keys()
    for code, one in told.told.items():
        site = register.sites[code]
        if one.opened <= BEFORE:
            was = row_on(site, register.units, BEFORE)
            assert was.units == {"commune": one.old, "district": one.district, "province": "38"}
        now = row_on(site, register.units, AFTER)
        assert now.units == {"commune": one.new, "province": "38"} and now.pcs == one.pcs
        assert now.unit_name == told.names[one.new]
    assert register.units.levels(BEFORE) == ("province", "district", "commune")
    assert register.units.levels(MERGED) == ("province", "commune")
    living = Counter(unit.level for unit in register.units if unit.lives(AFTER))
    assert living == {"province": 1, "commune": 166}


def test_a_series_of_figures_goes_on_through_the_merges(book: Book, told: World) -> None:
    """Visits a month of 2024 to 2026 at every site: by commune as of then, and in today's communes; nothing is lost,
    nothing twice, and today's commune has the months of all that it was."""
    register = book.read()
    months = [date(2024 + n // 12, n % 12 + 1, 15) for n in range(36)]
    visits = {(code, month): (int(code[3:]) * 7 + n) % 60 for code in register.sites for n, month in enumerate(months)
              if told.told[code].opened <= month}  # fmt: skip
    then, today, model = Counter[str](), Counter[tuple[str, date]](), Counter[tuple[str, date]]()
    for (code, month), count in visits.items():
        site = register.sites[code]
        then[unit_of(site, register.units, month)] += count
        today[unit_as_of(site, register.units, AFTER), month] += count
        model[told.told[code].new, month] += count
    assert sum(then.values()) == sum(visits.values()) == sum(today.values()) and "" not in then
    assert today == model
    assert all(register.units.by_code[code].lives(AFTER) for code, _month in today)
    old = {unit for unit in then if not register.units.by_code[unit].lives(AFTER)}
    assert len(old) > 50, "the figures of 2024 stand under communes that are gone"
    moved = Counter[str]()
    for unit, count in then.items():
        moved[register.units.now(unit, AFTER)] += count
    whole_of = Counter[str]()
    for (unit, _month), count in today.items():
        whole_of[unit] += count
    assert moved == whole_of, "asked by the old unit or by the site, a new commune has the same"


def test_what_others_ask_of_the_register(book: Book, told: World) -> None:
    living = book.asked(sites, AFTER)
    assert len(living) == 143 and sum(one.status == "project" for one in living) == 112
    assert book.asked(expected_stations, AFTER) == {code: one.pcs for code, one in told.told.items()}
    assert book.asked(known_site, "TH-001") and not book.asked(known_site, "TH-999")
    planned = book.asked(expected, date(2026, 9, 1), date(2026, 9, 30))
    for code, one in told.told.items():
        days = [date(2026, 9, n) for n in range(1, 31)]
        assert planned[code] == sum(day.weekday() < (6 if one.saturday else 5) and day.day != 2 for day in days)
    early = book.asked(expected, BEGUN, BEGUN + timedelta(100))
    assert set(early) == {code for code, one in told.told.items() if one.opened <= BEGUN + timedelta(100)}
    one = book.read().sites["TH-001"]
    assert not hours_on(one, date(2026, 2, 18)) and hours_on(one, date(2026, 2, 24))


@pytest.mark.slow
def test_the_same_file_again_changes_nothing(book: Book, told: World, tmp_path: Path) -> None:
    before = book.read()
    said = book.cli("sites", "import", str(told.write(tmp_path / "again.xlsx")), lang="vi_VN.UTF-8")
    assert "Không có gì thay đổi" in said and book.read() == before


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_goes_out_comes_back_the_same(book: Book, tmp_path: Path, lang: str, kind: str) -> None:
    before = book.read()
    files = [tmp_path / f"u.{kind}", tmp_path / f"s.{kind}"]
    for path, table in zip(files, ("units", "sites"), strict=True):
        write(path, before, lang, table)
    sheets = [(one.name, one.rows) for path in files[-1 if kind == "xlsx" else 0 :] for one in sheets_in(path)]
    assert book.look(*sheets).changes == (), "into the register that it came from"
    other = Book(tmp_path / "other")
    assert other.take(*sheets).mistakes == ()
    after = other.read()
    assert (after.sites, after.units) == (before.sites, before.units)
    for path, table in zip(files, ("units", "sites"), strict=True):
        again = tmp_path / f"again.{kind}"
        write(again, after, lang, table)
        if kind == "csv":
            assert again.read_bytes() == path.read_bytes()


@pytest.mark.slow
def test_libreoffice_reads_what_goes_out_and_what_it_saves_is_taken(book: Book, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    book.cli("sites", "export", str(out), lang="vi_VN.UTF-8")
    seen = opened(out, tmp_path / "seen")
    assert len(seen["Điểm"]) == 144 and seen["Điểm"][1][0] == "TH-001" and seen["Điểm"][0][0] == "Mã điểm"
    saved = saved_by_libreoffice(out, tmp_path / "saved")
    assert saved.read_bytes() != out.read_bytes()
    assert book.json("sites", "import", str(saved), "--dry-run")["changes"] == []


def saved_by_libreoffice(path: Path, folder: Path) -> Path:
    """The workbook opened and saved again."""
    folder.mkdir()
    profile, kind = f"-env:UserInstallation=file://{folder}/profile", "xlsx:Calc MS Excel 2007 XML"
    words = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return folder / path.name


@pytest.mark.slow
def test_a_list_of_112_is_frozen_and_never_changes(told: World, tmp_path: Path) -> None:
    book = Book(tmp_path / "home")
    book.cli("sites", "import", str(told.write(tmp_path / "sites.xlsx")))
    freeze = ("sites", "freeze", "--from", "2026-01-01", "--reason", "Kế hoạch 2026", "--version")
    assert "143" not in book.cli(*freeze, "2026.0", "--count", "111", code=4)
    done = book.json(*freeze, "2026.1", "--count", "112")
    assert done["sites"] == 112 and set(done["codes"]) == {code for code, one in told.told.items() if one.project}
    assert "2026.1" in book.cli(*freeze, "2026.1", code=4), "a version is given once"
    # A site leaves the project: the frozen list stays, a new version has 111.
    line = "TH-005;Thư viện;Thư viện huyện;Potential;01/03/2026"
    (tmp_path / "change.csv").write_text(f"Site code;Name;Type;Status;From\n{line}\n", encoding="utf-8")
    book.cli("sites", "import", str(tmp_path / "change.csv"))
    assert book.asked(project_list, 2026).codes == set(done["codes"])
    again = book.json("sites", "freeze", "--version", "2027.1", "--from", "2027-01-01", "--reason", "Bớt một điểm")
    assert again["sites"] == 111 and "TH-005" not in again["codes"]
    assert book.asked(project_list, 2026).version == "2026.1" and book.asked(project_list, 2027).version == "2027.1"
    assert book.asked(project_list, 2025) is None
    every = book.json("sites", "list", "--list", "all")
    assert [(one["version"], one["sites"], one["reason"]) for one in every] == [
        ("2026.1", 112, "Kế hoạch 2026"), ("2027.1", 111, "Bớt một điểm"),
    ]  # fmt: skip
    assert len(book.json("sites", "list", "--list", "2026.1")["sites"]) == 112
    with sqlite3.connect(book.home.ledger) as db:
        for order in ("UPDATE frozen_lists SET size = 1", "DELETE FROM frozen_lists", "DELETE FROM frozen_sites",
                      "INSERT INTO frozen_sites VALUES (1, 'TH-200')", "UPDATE frozen_sites SET code = 'X'",
                      "DELETE FROM register_changes", "UPDATE register_changes SET after = ''"):  # fmt: skip
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(order)


def frozen_twice(book: Book, told: World, folder: Path) -> dict[str, set[str]]:
    """Two lists, a site of the first of which is renamed and leaves the project in between; their codes."""
    book.cli("sites", "import", str(told.write(folder / "sites.xlsx")))
    freeze = ("sites", "freeze", "--reason", "=Kế hoạch", "--version")
    first = book.json(*freeze, "2026.1", "--from", "2026-01-01")
    line = "TH-005;Tên mới;Potential;01/03/2026"
    (folder / "change.csv").write_text(f"Site code;Name;Status;From\n{line}\n", encoding="utf-8")
    book.cli("sites", "import", str(folder / "change.csv"))
    second = book.json(*freeze, "2027.1", "--from", "2027-01-01")
    return {"2026.1": set(first["codes"]), "2027.1": set(second["codes"])}


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi_VN.UTF-8", "C.UTF-8"])
def test_frozen_lists_go_out_with_the_register_and_come_back_as_nothing(told: World, tmp_path: Path, lang: str) -> None:
    book = Book(tmp_path / "home")
    codes = frozen_twice(book, told, tmp_path)
    book.cli("sites", "export", str(tmp_path / "all.xlsx"), lang=lang)
    book.cli("sites", "export", str(tmp_path / "lists.csv"), "--lists", lang=lang)
    sheet = sheets_in(tmp_path / "all.xlsx")[-1]
    [table] = sheets_in(tmp_path / "lists.csv")
    assert sheet.name in ("Danh sách đã chốt", "Frozen lists")
    assert [[str(cell).lstrip("'") for cell in row] for row in table.rows] == [
        [str(cell) for cell in row] for row in sheet.rows
    ]
    for version, some in codes.items():
        mine = [row for row in table.rows if row[0] == version]
        assert {row[2] for row in mine} == some and {row[1] for row in mine} == {f"{version[:4]}-01-01"}
    [then] = [row for row in table.rows if row[2] == "TH-005"]
    assert then[3] == book.read().sites["TH-005"].value("name", date(2026, 1, 1)) != "Tên mới", (
        "as it was called on the day from which the list counts"
    )
    assert then[7] == "'=Kế hoạch", "what a spreadsheet would reckon is text"
    before = book.read()
    for name in ("all.xlsx", "lists.csv"):
        said = book.cli("sites", "import", str(tmp_path / name))
        assert "Frozen lists were passed over" in said and "Nothing changes" in said
    other = Book(tmp_path / "other")
    other.cli("sites", "import", str(tmp_path / "all.xlsx"))
    assert other.read() == replace(before, lists=()), "a list is frozen by an order, with its reason, and not by a file"


def test_no_file_is_written_over_unasked(book: Book, tmp_path: Path) -> None:
    """An officer may have worked for days in the table that went out."""
    path = tmp_path / "sites.xlsx"
    path.write_text("work")
    for words in ((), ("--template",)):
        assert "is there already" in book.cli("sites", "export", str(path), *words, code=4)
    assert path.read_text() == "work"
    book.cli("sites", "export", str(path), "--replace")
    assert path.read_bytes()[:2] == b"PK"
