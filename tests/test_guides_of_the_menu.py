"""The province knows which item is what: what comes with the program, and what it publishes; as words, nothing more."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from register_support import Book
from tree_stage import PAGE, Province

from kiosk.cli.province_sites import opened
from kiosk.content import opds
from kiosk.content.catalogue import Catalogue
from kiosk.content.items import Item, Pack
from kiosk.content.shipped import starter
from kiosk.errors import UsageError
from kiosk.province import guides
from kiosk.province.guide_files import guides_in
from kiosk.province.memory.ledger import Ledger
from kiosk.province.orders import carry_out
from kiosk.rules.themes import THEMES

RICE = Item("tinh/lua", "Cấy lúa", "agri", "vi", "html", "tinh", "lua.html", title_en="Planting rice")
LAW = Item("tinh/luat", "Luật Đất đai", "law", "vi", "pdf", "tinh", "luat.pdf")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "home")


def tree(folder: Path, *items: Item) -> Path:
    """A published tree, as far as its catalogue goes: made by what publishes it."""
    folder.mkdir(exist_ok=True)
    (folder / "catalogue.json").write_bytes(opds.dump(opds.feed([Pack("tinh", "Của tỉnh", items, {})])))
    return folder


def known(book: Book) -> dict[str, guides.Guide]:
    with opened(book.home.path) as ledger, ledger.reading() as db:
        return dict(guides.known(db))


def test_the_guides_that_come_with_the_program_are_known_as_stations_know_them() -> None:
    shipped = Catalogue.load([starter()])
    as_stations = {one.id: (one.title, one.theme, one.language, one.title_en) for one in shipped.items}
    as_province = {one.item: (one.title, one.theme, one.language, one.title_en) for one in guides.starter().values()}
    assert as_province == as_stations and len(as_stations) > 20
    assert {one.theme for one in guides.starter().values()} == {one.code for one in THEMES}


def test_what_the_province_published_is_known_by_title_and_theme(book: Book, tmp_path: Path) -> None:
    folder = tree(tmp_path / "tree", RICE, LAW)
    assert "tinh/lua" not in known(book)
    told = book.json("guides", "add", str(folder))
    assert (told["new"], told["changed"], told["left_out"]) == (2, 0, 0)
    assert known(book)["tinh/lua"] == guides.Guide("tinh/lua", "Cấy lúa", "agri", "vi", "Planting rice")
    assert set(guides.starter()) < set(known(book))
    assert "tinh/luat" in {one["item"] for one in book.json("guides", "list")}


def test_the_same_again_changes_nothing_and_another_theme_takes_the_place_of_the_old(
    book: Book, tmp_path: Path
) -> None:
    book.json("guides", "add", str(tree(tmp_path / "tree", RICE)))
    again = book.json("guides", "add", str(tmp_path / "tree" / "catalogue.json"))
    assert (again["new"], again["changed"]) == (0, 0)
    told = book.json("guides", "add", str(tree(tmp_path / "tree", replace(RICE, theme="job"))))
    assert (told["new"], told["changed"]) == (0, 1) and known(book)["tinh/lua"].theme == "job"


def test_who_took_a_catalogue_in_stays_written_once(book: Book, tmp_path: Path) -> None:
    for _time in range(2):
        book.json("guides", "add", str(tree(tmp_path / "tree", RICE)))
    with closing(sqlite3.connect(book.home.ledger)) as db:
        assert db.execute("SELECT deed, subject FROM deeds WHERE deed = 'guides add'").fetchall() == [
            ("guides add", "tree")
        ]


def test_a_folder_of_packs_is_read_as_it_lies(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "pack.toml").write_text(
        'id = "nha"\ntitle = "Ở nhà"\ntheme = "health"\n'
        '[[item]]\ntitle = "Rửa tay"\nfile = "rua/index.html"\n'
        '[[item]]\ntitle = "Cổng"\nurl = "https://a.vn"\nid = "cong"\ntheme = "gov"\n'
    )
    found, _left_out = guides_in(tmp_path)
    assert [(one.item, one.theme) for one in found] == [("nha/rua", "health"), ("nha/cong", "gov")]


def test_items_without_a_theme_of_ours_are_left_out_and_counted(book: Book, tmp_path: Path) -> None:
    folder = tree(tmp_path / "tree", RICE, LAW)
    feed = json.loads((folder / "catalogue.json").read_text())
    feed["groups"][0]["publications"][0]["metadata"]["kiosk"]["theme"] = "games"
    feed["groups"][1]["publications"].append({"metadata": {"title": "Của nơi khác", "identifier": "urn:x"}})
    (folder / "catalogue.json").write_text(json.dumps(feed))
    told = book.json("guides", "add", str(folder))
    assert (told["new"], told["left_out"]) == (1, 2)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"groups": 3}', b'{"groups": [[]]}', b"\xff\xfe", b"[" * 90_000,
                                     b'{"groups": []}'])  # fmt: skip
def test_what_is_no_catalogue_is_refused_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "catalogue.json").write_bytes(content)
    with pytest.raises(UsageError):
        guides_in(tmp_path / "catalogue.json")
    with pytest.raises(UsageError):
        guides_in(tmp_path / "nothing.json")


def test_an_order_from_elsewhere_cannot_bring_a_theme_that_is_none(book: Book) -> None:
    with pytest.raises(UsageError):
        carry_out(book.home.path, "guides add", guides=[["tinh/x", "X", "games", "vi", ""]], subject="x")
    assert set(known(book)) == set(guides.starter())


def test_a_ledger_of_older_software_knows_the_starter_alone(book: Book) -> None:
    with closing(sqlite3.connect(book.home.ledger)) as db:
        db.execute("DROP TABLE guides")
    ledger = Ledger.read_only(book.home)
    with closing(ledger), ledger.reading() as db:
        assert guides.known(db) == guides.starter()


def test_what_is_published_is_known_from_then_on_and_a_station_opens_it_by_that_name(
    book: Book, tmp_path: Path
) -> None:
    """The tree that stations fetch, made by the command; an item's id is what stations tell of its openings."""
    province = Province(tmp_path / "province")
    province.pack("farm", {"n1": PAGE.format(1, "lúa")})
    said = book.cli("publish", str(province.folder), str(province.out), "--keys", str(province.keys.folder))
    assert f"{len(guides.starter()) + 1} guides" in said
    published = json.loads((province.out / "catalogue.json").read_text())["groups"][0]["publications"][0]["metadata"]
    assert known(book)["farm/n1"].title == published["title"] and published["kiosk"]["id"] == "farm/n1"
    assert book.json("guides", "add", str(province.out))["new"] == 0
