"""The province publishes content, policies and the sites of its register as one signed tree, and a station takes it."""

import csv
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from register_support import MAP, TODAY, Book, sheet, site, units
from register_world import world
from tree_server import served
from tree_stage import PAGE, Province, Station

from kiosk.content.updates.outcome import Wishes
from kiosk.content.updates.sites import read_sites
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import station_number
from kiosk.province.register.register import unknown_sites
from kiosk.province.register.site_list import published_rows, written
from kiosk.rules.policy import parse_policy
from kiosk.settings import read_toml

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def province(tmp_path: Path) -> Province:
    made = Province(tmp_path / "province")
    made.pack("farm", {"n1": PAGE.format(1, "lúa")})
    policies = made.folder / "policies"
    policies.mkdir()
    for name in ("library", "post_office"):
        shutil.copy(ROOT / "policies" / f"{name}.toml", policies / f"{name}.toml")
    return made


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "home")


def publish(book: Book, province: Province, code: int = 0) -> str:
    """What the command says."""
    return book.cli("publish", str(province.folder), str(province.out), "--keys", str(province.keys.folder), code=code)


def rows(station: Station) -> dict[str, dict[str, str]]:
    """The list of sites as it came to the station."""
    text = (station.shelves.root / "given" / "sites.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


@pytest.mark.slow
def test_a_station_finds_its_name_and_policy_in_what_the_register_publishes(
    book: Book, province: Province, tmp_path: Path
) -> None:
    told = world()
    book.cli("sites", "import", str(told.write(tmp_path / "sites.xlsx")))
    assert "143 sites" in publish(book, province)
    station = Station(tmp_path / "station", province)
    with served(province.out) as server:
        station.update(server.address, Wishes(site="TH-100"))
    assert station.found("lua") == ["farm/n1"]
    policy = station.shelves.root / "given" / "policy.toml"
    assert policy.read_bytes() == (ROOT / "policies" / "post_office.toml").read_bytes()
    parse_policy(read_toml(policy))
    there = rows(station)
    assert there.keys() == told.told.keys()
    mine = there["TH-100"]
    assert mine["name"] == "Điểm BĐ-VHX số 100" and mine["policy"] == "post_office" and mine["pcs"] == "5"
    assert mine["commune"] == told.told["TH-100"].new and mine["district"] == "" and mine["province"] == "38"
    assert mine["commune_name"] == told.names[mine["commune"]] and mine["monday"] == "07:30-11:30, 13:30-17:00"
    assert {row["status"] for row in there.values()} == {"project", "potential"}
    assert read_sites((station.shelves.root / "given" / "sites.csv").read_bytes())["TH-100"].name == mine["name"]
    library = Station(tmp_path / "library", province)
    library.update(province.out, Wishes(site="TH-002"))
    given = library.shelves.root / "given" / "policy.toml"
    assert given.read_bytes() == (ROOT / "policies" / "library.toml").read_bytes()
    assert "Nothing has changed since the last edition" in publish(book, province)


def test_what_changes_in_the_register_comes_with_the_next_edition(
    book: Book, province: Province, tmp_path: Path
) -> None:
    closed = site(**{"Mã điểm": "TH-002", "Ngày cuối": "01/05/2020"})
    book.take(units(*MAP), sheet(site(**{"Chính sách": "library"}), closed))
    publish(book, province)
    station = Station(tmp_path / "station", province)
    station.update(province.out, Wishes(site="TH-001"))
    assert rows(station).keys() == {"TH-001"}, "a site that is closed is in the register, and not in the list"
    assert rows(station)["TH-001"]["commune_name"] == "Xã Hà Long"
    more = {"Tên điểm": "Thư viện xã Hà Long", "Ngày mở": None, "Mã xã": "", "Từ ngày": "01/07/2025"}
    book.take(sheet(site(**more)))
    publish(book, province)
    station.update(province.out, Wishes(site="TH-001"))
    assert rows(station)["TH-001"]["name"] == "Thư viện xã Hà Long"


def test_the_register_goes_before_the_folder_and_the_folder_before_nothing(
    book: Book, province: Province, tmp_path: Path
) -> None:
    (province.folder / "sites.csv").write_text("code,name,policy\nTH-777,Của thư mục,library\n", encoding="utf-8")
    assert "The register is empty: the list of sites is the sites.csv" in publish(book, province)
    station = Station(tmp_path / "station", province)
    station.update(province.out, Wishes(site="TH-777"))
    policy = station.shelves.root / "given" / "policy.toml"
    assert rows(station)["TH-777"]["name"] == "Của thư mục" and policy.exists()
    book.take(units(*MAP), sheet(site()))
    assert "was not used: the register goes before it" in publish(book, province)
    station.update(province.out, Wishes(site="TH-777"))
    assert rows(station).keys() == {"TH-001"}
    assert not policy.exists(), "the register knows of no policy of TH-777"


def test_a_list_that_would_be_too_long_for_stations_has_only_what_they_need(book: Book) -> None:
    book.take(units(*MAP), sheet(site(), site(**{"Mã điểm": "TH-002"})))
    register = book.read()
    there = published_rows(register, TODAY)
    assert len(written(there, register, TODAY, 4 << 20).splitlines()[0].split(b",")) > 20
    assert written(there, register, TODAY, 400).decode().splitlines() == [
        "code,name,policy", "TH-001,Thư viện xã Hà Lĩnh,", "TH-002,Thư viện xã Hà Lĩnh,",
    ]  # fmt: skip


def test_a_policy_that_is_not_there_stops_the_publishing(book: Book, province: Province) -> None:
    second = site(**{"Mã điểm": "TH-002", "Chính sách": "nope"})
    book.take(units(*MAP), sheet(site(**{"Chính sách": "thu_vien"}), second))
    said = publish(book, province, code=1)
    assert "policies/nope.toml (TH-002); policies/thu_vien.toml (TH-001)" in said
    assert not province.out.exists()
    shutil.copy(ROOT / "policies" / "library.toml", province.folder / "policies" / "thu_vien.toml")
    shutil.copy(ROOT / "policies" / "library.toml", province.folder / "policies" / "TH-002.toml")
    assert "Edition 1 is published" in publish(book, province)


def test_sites_that_send_and_are_not_in_the_register_are_shown(book: Book) -> None:
    book.take(units(*MAP), sheet(site()))
    with closing(Ledger(book.home)) as ledger, ledger.writing() as db:
        for code in ("TH-001", "TH-999"):
            station_number(db, code, "01", 0)
    assert book.asked(unknown_sites) == ["TH-999"]
    assert "Not in the register, and yet heard from: TH-999." in book.cli("sites", "list")
    assert book.json("sites", "list")["unknown"] == ["TH-999"]
