"""The world of a home: opened beside who writes in it, of a ledger of older software too, or refused in words."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from kiosk.errors import KioskError
from kiosk.province import home as homes
from kiosk.province.home import Home
from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.figures import figures
from kiosk.province.indicators.world import open_world
from kiosk.province.lake import lake
from kiosk.province.memory.ledger import Ledger
from kiosk.rules.periods import months_period
from tests.province_home import NOW, new_home, receiving
from tests.province_world import CALM, World
from tests.register_support import MAP as UNITS
from tests.register_support import Book, sheet, site, units

ASK = Ask(months_period((2026, 1), (2026, 12)), date(2026, 11, 22))
# What newer software has added to the ledger since the first that could build a lake.
ADDED = ("frozen_sites", "frozen_lists", "register_changes", "site_steps", "sites", "unit_steps", "units")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    told = World(4, sites=2, stations=2, days=6, troubles=CALM)
    assert told.bundles
    home = new_home(tmp_path / "home", told.keys)
    with receiving(home) as receiver:
        receiver.send(told.bundles)
    lake.build(home, NOW)
    return home


def test_it_is_opened_while_somebody_writes_and_says_who_is_not_in_the_register(home: Home) -> None:
    with homes.the_one(home):  # as a serving province
        ledger = Ledger(home)
        with ledger.writing() as db:
            db.execute("INSERT INTO meta VALUES ('test', 'not committed')")
            with open_world(home) as world:
                assert world.name == "Tỉnh thử" and world.edition == 1 and world.built.startswith("2026-11-22")
                assert world.unknown == ("TH-001", "TH-002") and world.pcs == {"TH-001": 2, "TH-002": 2}
                assert figures(world, ASK).of()["VISITS"].reason == "no_sites"
        ledger.close()


def test_the_register_of_the_moment_counts_and_the_edition_stays_while_it_is_read(tmp_path: Path, home: Home) -> None:
    Book.take(_book(home), units(*UNITS), sheet(site()))
    with open_world(home) as world:
        before = figures(world, ASK, ["VISITS"]).of()["VISITS"]
        for _again in range(4):
            lake.build(home, NOW, everything=True)
        assert figures(world, ASK, ["VISITS"]).of()["VISITS"] == before and before.number
        assert world.unknown == ("TH-002",) and before.sites == 1


def test_a_ledger_of_older_software_has_no_sites_yet(home: Home) -> None:
    with sqlite3.connect(home.ledger) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        for table in ADDED:
            db.execute(f"DROP TABLE {table}")
        db.execute("DELETE FROM steps WHERE owner LIKE 'register%'")
    with open_world(home) as world:
        assert not world.register.sites and world.unknown == ("TH-001", "TH-002")
        assert figures(world, ASK).of()["LIVING_SITES"].number == 0


def test_where_nothing_was_built_a_sentence_says_what_to_do(tmp_path: Path) -> None:
    home = homes.init(tmp_path / "empty", "Tỉnh thử", ["https://counts.example.vn"], NOW)
    with pytest.raises(KioskError) as refused, open_world(home):
        pass
    assert "kiosk province rebuild" in str(refused.value.hint)


def _book(home: Home) -> Book:
    book = Book.__new__(Book)
    book.home = home
    return book
