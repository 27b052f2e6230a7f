"""What a memory is called: the same through copies, restores, epochs and replays; another where nothing is known."""

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from memory_play import SITE, Play, at

from kiosk.export import formats
from kiosk.export.outbox import Identity
from kiosk.export.replay import replay
from kiosk.export.run import Exporter, export_run
from kiosk.store import Store, facts, rescue, usage


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """A home with four days in it, copies of each, its file whole and closed."""
    play = Play(tmp_path / "home")
    with play.open() as store:
        play.days(store, 4)
    return play


def lineages(play: Play) -> list[str]:
    """As all bundles in sequence say it."""
    files = [formats.read(path.read_bytes()).manifest for path in play.paths.outbox.glob("*.jsonl.gz")]
    return [manifest.lineage for manifest in sorted(files, key=lambda one: one.sequence)]


def damage(play: Play) -> None:
    with open(play.paths.store, "r+b") as file:
        file.seek(4096)
        file.write(bytes(40_000))


def test_every_bundle_says_it(play: Play) -> None:
    with play.open() as store:
        assert lineages(play) == [store.run(facts.lineage)] * 4


def test_a_store_of_an_earlier_version_takes_its_epoch_for_it(play: Play) -> None:
    """Bundles that were sent before there was a lineage mean their epoch by it, and so do those that come."""
    connection = sqlite3.connect(play.paths.store)
    connection.execute("DELETE FROM facts WHERE key = 'lineage'")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'lineage'")
    connection.commit()
    connection.close()
    with play.open() as store:
        assert store.run(facts.lineage) == store.run(facts.epoch)


def test_a_copy_that_takes_the_place_of_a_damaged_file_keeps_it_also_in_a_new_epoch(play: Play) -> None:
    with play.open() as store:
        before, epoch = store.run(facts.lineage), store.run(facts.epoch)
    damage(play)
    newest = max(play.paths.outbox.glob("*.gz"))
    newest.unlink()  # the chain cannot be shown whole: a new epoch begins
    with play.open() as store:
        play.today += 1
        play.visit(store)
        play.export(store)
        assert store.run(facts.epoch) != epoch and store.run(facts.lineage) == before
    assert set(lineages(play)) == {before}


def test_a_memory_that_begins_anew_from_the_outbox_is_the_one_that_wrote_it(play: Play) -> None:
    """Else the days that it took from there would be counted twice once they are restated."""
    before = lineages(play)
    shutil.rmtree(play.paths.store.parent)
    with play.open() as store:
        assert store.run(facts.lineage) == before[0] and store.run(facts.epoch) != before[0]
        play.visit(store)
        [made] = [one for one in play.export(store) if one.new]
        assert formats.read(made.path.read_bytes()).manifest.lineage == before[0]


def test_a_memory_that_knows_nothing_of_before_is_another_one(play: Play) -> None:
    """A PC that was set up afresh counts beside what it had sent, never instead of it."""
    before = lineages(play)
    shutil.rmtree(play.paths.store.parent)
    shutil.rmtree(play.paths.outbox)
    with Store(play.paths.store) as store:
        assert store.run(facts.lineage) not in before
        again = rescue.open_or_rescue(play.home / "other.db", play.now().wall, has_past=True)
        with again:
            replay(again, play.paths.outbox, SITE.code, SITE.station, play.now())
            assert again.run(facts.lineage) not in {*before, store.run(facts.lineage)}


def told(play: Play, day: str) -> list[tuple[int, int]]:
    """(revision, visits) of every bundle of a day, as the outbox has them."""
    found = [formats.read(path.read_bytes()) for path in play.paths.outbox.glob(f"*_{day}_r*.gz")]
    return sorted((one.manifest.revision, one.day["visits"]) for one in found)


def test_days_that_only_the_province_knows_are_not_told_again_as_nought(play: Play) -> None:
    """A new disk and a copy of three days ago: the days since are the province's, whoever counted them is gone."""
    copies, kept = play.paths.store.parent / "copies", play.home.parent / "kept"
    shutil.copytree(copies, kept)
    with play.open() as store:
        play.days(store, 3, copy=False)
    lost = [play.today - 3, play.today - 2, play.today - 1]
    shutil.rmtree(play.paths.store.parent)
    shutil.rmtree(play.paths.outbox)
    copies.parent.mkdir(parents=True)
    shutil.copytree(kept, copies)
    with play.open() as store:
        assert store.run(facts.first_use) == at(0).day, "the control: the copy was taken up"
        play.visit(store, 2)
        play.export(store)
        for day in lost:
            assert told(play, at(day).day) == [], "silence, not nought"
        [(_revision, visits)] = told(play, play.now().day)
        assert visits == 2
        play.today += 1
        play.export(store)
        assert told(play, play.now().day), "from then on every day again, empty ones too"


def test_the_day_of_a_loss_is_found_out_when_the_date_is(play: Play) -> None:
    """A service that starts knows no date yet; the days after the loss are whole, whenever that is found out."""
    with play.open() as store:
        lost = play.now()
        store.run(facts.lost_until, replace(lost, wall=lost.wall.replace(year=2036), trusted=False))
        later = replace(at(play.today + 2), boot=lost.boot + 2 * 86_400)
        assert store.run(facts.whole_from, later) == lost.day == store.run(facts.whole_from, at(play.today + 9))
        store.run(facts.lost_until, replace(lost, boot_id="before", trusted=False))
        assert store.run(facts.whole_from, lost) == lost.day, "another boot since: today"


def test_a_pc_that_moves_never_tells_of_the_old_place_as_of_the_new(play: Play) -> None:
    with play.open() as store:
        old = Exporter(store, play.paths.outbox, Identity(SITE.code, SITE.station, "0.1.0", ""), "23:30", lambda day: 9)
        new = replace(old, identity=Identity("TH-099", "07", "0.1.0", ""))
        store.run(usage.add, at(1).day, {"boots": 1})  # a day of the old place changes after the move
        play.visit(store, 3)
        made = [one for one in export_run(new, play.now("23:45")) if one.new]
        assert [(one.day, one.path.name[:10]) for one in made] == [(play.now().day, "TH-099_07_")]
        store.run(usage.add, at(1).day, {"boots": 1})
        play.today += 1
        made = [one for one in export_run(new, play.now("23:45")) if one.new]
        assert [one.day for one in made] == [play.now().day]
